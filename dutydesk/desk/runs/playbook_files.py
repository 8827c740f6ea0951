"""Reads the playbooks from disk: the shipped ones, and the home directory's, which win by their id."""

from __future__ import annotations

from pathlib import Path

from dutydesk.model.errors import ConfigError, FaultyFile
from dutydesk.model.os_reasons import reason
from dutydesk.model.visible import quoted
from dutydesk.playbooks.catalogue import Catalogue, catalogue
from dutydesk.resources import data_dir


def texts_in(directory: Path) -> dict[str, str]:
    """Every YAML text below ``directory`` by its path from there. Raises ConfigError for one that cannot be
    read."""
    return {file.relative_to(directory).as_posix(): text_in(file) for file in yaml_files(directory)}


def yaml_files(directory: Path) -> list[Path]:
    """Every YAML file below ``directory``, by name."""
    return sorted([*directory.rglob("*.yaml"), *directory.rglob("*.yml")])


def text_in(file: Path) -> str:
    """The text of one file. Raises ConfigError when it cannot be read, or is not UTF-8."""
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(
            "{file} cannot be read: {why}.", file=quoted(str(file)), why=reason(error)
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError("{file} is not UTF-8: save it in UTF-8.", file=str(file)) from error


def load_catalogue(home: Path | None) -> tuple[Catalogue, tuple[ConfigError, ...]]:
    """All playbooks, and the faults of those in ``home`` that had to be left out.

    A file of the home directory replaces the shipped one of the same name; a faulty one must not take the
    good ones from an officer at night.
    """
    shipped = texts_in(data_dir("playbooks"))
    if home is None or not home.is_dir():
        return catalogue(shipped, check_conditions=False), ()
    try:
        own = texts_in(home)
        return catalogue(shipped | own), ()
    except FaultyFile as faulty:
        bad = {fault.file for fault in faulty.faults}
        good = {name: text for name, text in own.items() if name not in bad}
        try:
            return catalogue(shipped | good), (faulty,)
        except FaultyFile as still:
            return catalogue(shipped, check_conditions=False), (faulty, still)
    except ConfigError as error:
        return catalogue(shipped, check_conditions=False), (error,)
