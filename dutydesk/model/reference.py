"""The district's own data, as loaded from ``db/reference`` and the home directory."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from dutydesk.model.deadlines import DeadlineRule, EscalationPolicy
from dutydesk.model.enums import EventClass
from dutydesk.model.grading import GradingTable, MarkerName, NearMissRule
from dutydesk.model.text import Text


@dataclass(frozen=True, slots=True)
class EventType:
    """One code of the taxonomy (fact sheet 1). ``graded`` is false for types that are only logged and
    relayed. ``words`` are the Chinese words by which a narrative suggests this type, strongest first."""

    code: str
    name: Text
    event_class: EventClass
    source: str
    graded: bool = True
    words: tuple[str, ...] = ()
    gbt35561: str | None = None


@dataclass(frozen=True, slots=True)
class Town:
    """A town or subdistrict. ``pinyin`` is its initials (``yjp``). ``run_by`` is the routing rule's id
    where another authority runs it (``hi-tech-zone``), else empty. ``aliases`` are other
    spellings found in narratives."""

    code: str
    name: Text
    pinyin: str
    kind: str
    run_by: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """Where a call from a place another authority runs goes, besides being logged here."""

    id: str
    name: Text
    advice: Text
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Organisation:
    """A command (commission, headquarters) or a department. ``kind``: ``command`` or ``department``."""

    code: str
    name: Text
    kind: str
    verified: bool
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """An audience of notices. ``sample`` marks one shipped only as an example."""

    code: str
    name: Text
    sample: bool = False


@dataclass(frozen=True, slots=True)
class NoticeTemplate:
    """A message body as a sandboxed Jinja template over the incident's facts."""

    id: str
    name: Text
    body: str


@dataclass(frozen=True, slots=True)
class SampleContact:
    """A made-up person, shipped so that a demonstration has somebody to tell. Never loaded by itself."""

    name: str
    org: str
    duty: str
    groups: tuple[str, ...]
    addresses: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """Everything the district owns, validated as a whole. Mappings keep the order of the files.

    ``district_names`` are the ways in which a narrative names the district itself (九龙坡).
    """

    event_types: MappingProxyType[str, EventType]
    grading_tables: tuple[GradingTable, ...]
    near_miss_rules: tuple[NearMissRule, ...]
    near_miss_types: tuple[str, ...]
    markers: MappingProxyType[str, MarkerName]
    deadline_rules: MappingProxyType[str, DeadlineRule]
    escalation_policies: tuple[EscalationPolicy, ...]
    district_names: tuple[str, ...]
    towns: MappingProxyType[str, Town]
    routing_rules: MappingProxyType[str, RoutingRule]
    organisations: MappingProxyType[str, Organisation]
    groups: MappingProxyType[str, Group]
    templates: MappingProxyType[str, NoticeTemplate]
    sample_contacts: tuple[SampleContact, ...]
