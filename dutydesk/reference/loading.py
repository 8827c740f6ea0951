"""Loads every file, lays the overrides over the shipped entries, and hands out the whole as one value."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from dutydesk import yamldoc
from dutydesk.i18n import N_, Said
from dutydesk.model.errors import ConfigError, Fault, FaultyFile
from dutydesk.model.os_reasons import reason
from dutydesk.model.reference import Reference
from dutydesk.reference.checks import faults_of, template_faults
from dutydesk.reference.files import DISTRICT_NAMES, FILES, LISTS, NEAR_MISS_TYPES, Item, items_of
from dutydesk.resources import data_dir

Merged = dict[str, dict[str, Item]]


def load(*overrides: Path, shipped: Path | None = None) -> Reference:
    """The district's data: the shipped files, then each directory of ``overrides`` over them.

    An override file has a shipped file's name and any of its entries: an entry with a known id replaces
    that entry whole, a new id is added at the end, and ``{id: X, enabled: false}`` switches X off (a
    deadline rule then stays listed as off; anything else is left out). Nothing is cached between calls.

    Raises FaultyFile with every fault of every file, and ConfigError for a directory that cannot be read.
    """
    reference, faults = check_all(*overrides, shipped=shipped)
    if reference is None:
        raise FaultyFile(faults)
    return reference


def check_all(*overrides: Path, shipped: Path | None = None) -> tuple[Reference | None, tuple[Fault, ...]]:
    """The data, or None and every fault. Raises ConfigError for a directory that cannot be read."""
    merged: Merged = {section.key: {} for sections in FILES.values() for section in sections}
    merged |= {plain: {} for plain in LISTS.values()}
    faults: list[Fault] = []
    for position, directory in enumerate((shipped or data_dir("db/reference"), *overrides)):
        for name, path in _files_in(directory, faults, override=position > 0):
            try:
                _lay_over(merged, items_of(name, yamldoc.read_file(path)), faults)
            except FaultyFile as wrong:
                faults.extend(wrong.faults)
    if not faults:
        faults.extend(faults_of(merged))
        if overrides:
            changed = (item for item in merged["templates"].values() if _is_under(item, overrides))
            faults.extend(template_faults(changed))
    if faults:
        return None, tuple(faults)
    return _reference(merged), ()


def _files_in(directory: Path, faults: list[Fault], *, override: bool) -> list[tuple[str, Path]]:
    try:
        present = {path.name for path in directory.iterdir() if path.suffix in (".yaml", ".yml")}
    except OSError as error:
        raise ConfigError(
            "Cannot read the reference directory {directory}: {why}.",
            directory=str(directory),
            why=reason(error),
        ) from error
    for stray in sorted(present - set(FILES)):
        hint = yamldoc.did_you_mean(stray, FILES) or Said("; the files are {names}", names=", ".join(FILES))
        what = Said("no file of the reference data has this name{hint}", hint=hint)
        faults.append(Fault(str(directory / stray), 1, "", what))
    if not override:
        lost = sorted(set(FILES) - present)
        faults.extend(Fault(str(directory / name), 1, "", N_("the file is missing")) for name in lost)
    return [(name, directory / name) for name in FILES if name in present]


def _lay_over(merged: Merged, found: Mapping[str, Iterable[Item]], faults: list[Fault]) -> None:
    for key, items in found.items():
        known = merged[key]
        for item in items:
            if item.value is not None:
                known[item.id] = item
            elif item.id in known:
                known[item.id] = dataclasses.replace(known[item.id], enabled=item.enabled)
            else:
                hint = yamldoc.did_you_mean(item.id, known)
                faults.append(
                    item.fault(what=Said('there is no "{id}" to switch{hint}', id=item.id, hint=hint))
                )


def _is_under(item: Item, directories: Iterable[Path]) -> bool:
    return any(Path(item.document.file).is_relative_to(directory) for directory in directories)


def _values(items: Mapping[str, Item]) -> dict[str, Any]:
    """What is switched on. A noun with a switch of its own stays, showing it."""
    return {
        key: dataclasses.replace(item.value, enabled=item.enabled)
        if hasattr(item.value, "enabled")
        else item.value
        for key, item in items.items()
        if item.enabled or hasattr(item.value, "enabled")
    }


def _reference(merged: Merged) -> Reference:
    on = {key: _values(items) for key, items in merged.items()}
    return Reference(
        event_types=MappingProxyType(on["event_types"]),
        grading_tables=tuple(on["grading_tables"].values()),
        near_miss_rules=tuple(on["near_miss_rules"].values()),
        near_miss_types=on[NEAR_MISS_TYPES].get(NEAR_MISS_TYPES, ()),
        markers=MappingProxyType(on["markers"]),
        deadline_rules=MappingProxyType(on["deadline_rules"]),
        escalation_policies=tuple(on["escalation_policies"].values()),
        district_names=on[DISTRICT_NAMES].get(DISTRICT_NAMES, ()),
        towns=MappingProxyType(on["towns"]),
        routing_rules=MappingProxyType(on["routing_rules"]),
        organisations=MappingProxyType(on["organisations"]),
        groups=MappingProxyType(on["groups"]),
        templates=MappingProxyType(on["templates"]),
        sample_contacts=tuple(on["sample_contacts"].values()),
    )
