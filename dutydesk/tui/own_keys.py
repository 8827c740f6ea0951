"""The officer's own keys: which of them can be used, and what is wrong with the others. A fault in one costs
that one its key and nothing else, as a console that does not open would cost a report."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from dutydesk.i18n import Said
from dutydesk.resources import data_dir
from dutydesk.tui.actions import SCREENS, Action

_MODIFIERS: Final = frozenset({"ctrl", "shift", "alt", "super"})


@dataclass(frozen=True, slots=True)
class BadKey:
    """Why an action keeps its built-in keys. ``action`` is the id as it is written in the configuration."""

    action: str
    what: Said


def usable(actions: Sequence[Action], wanted: Mapping[str, str]) -> tuple[dict[str, str], tuple[BadKey, ...]]:
    """What of ``wanted`` (action id to keys, several by blanks or commas) can be used, and the faults of the
    rest. Of two actions on one key of a screen the one written later loses its own."""
    known = {action.id: action for action in actions}
    kept: dict[str, str] = {}
    faults: list[BadKey] = []
    for name, keys in wanted.items():
        what = _fault(known, name, split(keys))
        if what is None:
            kept[name] = keys
        else:
            faults.append(BadKey(name, what))
    while (clash := _clash(actions, kept)) is not None:
        faults.append(clash)
        del kept[clash.action]
    return kept, tuple(faults)


def split(keys: str) -> tuple[str, ...]:
    """The single keys of ``f2, ctrl+y``."""
    return tuple(keys.replace(",", " ").split())


def _fault(known: Mapping[str, Action], name: str, keys: tuple[str, ...]) -> Said | None:
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        if near:
            return Said("there is no action {action}; did you mean {near}?", action=name, near=near[0])
        return Said(
            "there is no action {action}; {docs}/keys.md lists them all", action=name, docs=data_dir("docs")
        )
    if not known[name].keys:
        return Said("{action} takes no key; F8 has it by name", action=name)
    if not keys:
        return Said("no key is given; leave the line out for the built-in one")
    for key in keys:
        if not _is_key(key):
            near = difflib.get_close_matches(key.lower(), _names(), n=1)
            if near:
                return Said("there is no key {key}; did you mean {near}?", key=key, near=near[0])
            return Said("there is no key {key}; write it like f6, ctrl+y or delete", key=key)
    return None


@cache
def _names() -> frozenset[str]:
    from textual.keys import Keys

    return frozenset(key.value for key in Keys if key.value.isascii() and not key.value.startswith("<"))


def _is_key(key: str) -> bool:
    from textual.keys import key_to_character

    if key in _names():
        return True
    *modifiers, last = key.split("+") if len(key) > 1 else [key]
    return _MODIFIERS.issuperset(modifiers) and (
        last in _names() or key_to_character(last) is not None or (len(last) == 1 and last.isprintable())
    )


def _clash(actions: Sequence[Action], own: Mapping[str, str]) -> BadKey | None:
    """The first own key that another action of the same screen has as well."""
    asked = [replace(each, keys=split(own[each.id])) if each.id in own else each for each in actions]
    order = list(own)
    for one, other, key in _shared(asked):
        ours = sorted((each for each in (one, other) if each in own), key=order.index)
        if ours:
            loser = ours[-1]
            winner = one if loser == other else other
            return BadKey(
                loser, Said("{key} is also the key of {other}: choose another", key=key, other=winner)
            )
    return None


def _shared(actions: Sequence[Action]) -> Iterator[tuple[str, str, str]]:
    """Two actions of one screen and the key that both have."""
    for screen in SCREENS:
        taken: dict[str, str] = {}
        for action in actions:
            if not action.on(screen):
                continue
            for key in action.keys:
                if taken.setdefault(key, action.id) != action.id:
                    yield taken[key], action.id, key
