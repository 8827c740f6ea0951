"""Where everything of one desk lies. The home directory belongs to one user; nobody else may write in it."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dutydesk.model.errors import ConfigError
from dutydesk.model.os_reasons import reason

HOME_VARIABLE: Final = "DUTYDESK_HOME"
_POSIX: Final = os.name == "posix"


@dataclass(frozen=True, slots=True)
class Home:
    """The paths under one home directory. The value touches nothing; :meth:`at` sees to the directory."""

    directory: Path

    @classmethod
    def at(cls, directory: Path | None = None, *, environ: Mapping[str, str] = os.environ) -> Home:
        """The home in ``directory``, else in ``DUTYDESK_HOME``, else in the platform's data directory.

        Makes it (0700) where it is absent. Raises ConfigError when it cannot be made, is no directory,
        belongs to another user, or can be written by others.
        """
        home = cls.located(directory, environ=environ)
        home.secure()
        return home

    @classmethod
    def located(cls, directory: Path | None = None, *, environ: Mapping[str, str] = os.environ) -> Home:
        """The home that :meth:`at` would see to; nothing is touched."""
        return cls(_absolute(directory or _usual_directory(environ)))

    @property
    def database_file(self) -> Path:
        return self.directory / "dutydesk.db"

    @property
    def database_url(self) -> str:
        """The embedded database, used where no other is set."""
        return f"sqlite:///{self.database_file.as_posix()}"

    @property
    def config_file(self) -> Path:
        return self.directory / "config.yaml"

    @property
    def channels_file(self) -> Path:
        return self.directory / "channels.yaml"

    @property
    def demo_mark(self) -> Path:
        """A file that says, where it exists, that nothing in this home is real."""
        return self.directory / "demo"

    @property
    def session_file(self) -> Path:
        return self.directory / "session"

    @property
    def log_dir(self) -> Path:
        return self.directory / "logs"

    @property
    def export_dir(self) -> Path:
        return self.directory / "exports"

    @property
    def reference_dir(self) -> Path:
        """Overrides of ``db/reference``; may be absent."""
        return self.directory / "reference"

    @property
    def playbook_dir(self) -> Path:
        """Playbooks beside or instead of the shipped ones; may be absent."""
        return self.directory / "playbooks"

    def private_dir(self, directory: Path) -> Path:
        """``directory`` (one of this home's), made 0700 where it is absent. Raises ConfigError."""
        _make(directory)
        return directory

    def secure(self) -> None:
        """Makes the directory and proves it fit. Raises ConfigError."""
        _make(self.directory)
        _refuse_unfit(self.directory)


def _usual_directory(environ: Mapping[str, str]) -> Path:
    if given := environ.get(HOME_VARIABLE):
        return Path(given)
    from platformdirs import user_data_path

    return user_data_path("dutydesk", appauthor=False)


def _absolute(directory: Path) -> Path:
    return Path(os.path.abspath(directory.expanduser()))  # noqa: PTH100 - resolve() would follow a link


def _make(directory: Path) -> None:
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError as error:
        raise ConfigError(
            "{directory} is a file; a directory is needed there.", directory=str(directory)
        ) from error
    except OSError as error:
        raise ConfigError(
            "Cannot make the directory {directory}: {why}.", directory=str(directory), why=reason(error)
        ) from error


def _refuse_unfit(directory: Path) -> None:
    if not _POSIX:
        return
    found = directory.stat()
    if found.st_uid != os.geteuid():
        raise ConfigError(
            "The home directory {directory} belongs to another user: choose one of your own with --home.",
            directory=str(directory),
        )
    if stat.S_IMODE(found.st_mode) & 0o022:
        raise ConfigError(
            "Others can write in the home directory {directory}: type `chmod 700 {directory}`.",
            directory=str(directory),
        )
