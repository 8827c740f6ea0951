"""Reads ``channels.yaml``: which channels the desk has, each validated down to the key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pydantic import RootModel

from dutydesk.i18n import N_
from dutydesk.model.errors import Fault, FaultyFile
from dutydesk.notify.spec import ChannelSpec
from dutydesk.yamldoc import Document, read, validated

_NAME = re.compile(r"[^\W_][\w.\-]{0,39}")
_TAKEN = frozenset({"name", "org", "duty", "groups"})
_QUOTED_WORD = re.compile(r"^\S+ (?=without quotes|may be read|is not a number)|write \"[^\"]*\"")


class _File(RootModel[dict[str, ChannelSpec]]):
    """The whole file: a mapping of channel names."""


class Channels(Mapping[str, ChannelSpec]):
    """The channels by name, in the order of the file."""

    def __init__(self, channels: Mapping[str, ChannelSpec]) -> None:
        self._channels = dict(channels)

    def __getitem__(self, name: str) -> ChannelSpec:
        return self._channels[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._channels)

    def __len__(self) -> int:
        return len(self._channels)

    def __repr__(self) -> str:
        return f"Channels({', '.join(self._channels)})"


def load(text: str, file: str) -> Channels:
    """The channels that ``text`` (YAML) states; none when it is empty. ``file`` is named in faults.

    The caller has read the file, and refused it when others could read it too.
    Raises FaultyFile with file, line and key of every fault; no fault repeats a value that may be a secret.
    """
    try:
        document = read(text, file)
    except FaultyFile as fault:
        raise FaultyFile(tuple(_without_value(each) for each in fault.faults)) from None
    if document.value is None:
        return Channels({})
    channels = validated(document, _File).root
    faults = [fault for name in channels for fault in _faults_of(document, name)]
    if faults:
        raise FaultyFile(tuple(faults))
    return Channels(channels)


def _faults_of(document: Document, name: str) -> Iterator[Fault]:
    if not _NAME.fullmatch(name) or name in _TAKEN:
        what = N_("a channel's name has letters, digits, - and _, and is not name, org, duty or groups")
        yield document.fault((name,), what)


def _without_value(fault: Fault) -> Fault:
    what = _QUOTED_WORD.sub(
        lambda found: 'write "…"' if found[0].startswith("write") else "the value ", fault.what
    )
    return Fault(fault.file, fault.line, fault.key, what)
