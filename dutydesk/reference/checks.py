"""What no single entry can know: that names refer to something, that intervals meet, that nothing unverified
passes for law."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Any, Final

from dutydesk import yamldoc
from dutydesk.i18n import N_, Said
from dutydesk.model.deadlines import DeadlineRule, EscalationPolicy, Trigger
from dutydesk.model.enums import FigureKind, TimerKind
from dutydesk.model.errors import Fault
from dutydesk.model.grading import GradingRule, GradingTable, NearMissRule
from dutydesk.model.reference import Town
from dutydesk.reference.files import NEAR_MISS_TYPES, Item

UNVERIFIED_WORDS: Final = ("未核实", "待核", "未见", "未查", "惯例", "unverified", "not verified")
"""A source that says this of itself cannot be marked as verified."""

TEMPLATE_FACTS: Final = frozenset(
    {"no", "title", "type_name", "place", "town_name", "level_name", "possible_level_name"}
    | {"occurred", "received", "now", "text", "figures_text", "officer", "duty_room", "callback"}
    | {"area", "direction", "shelter", "measures", "reason", "issuer", "warning", "until", "reply_by"}
)
"""The facts a notice template may name."""

BEYOND_BELIEF: Final = {
    FigureKind.LOSS_WAN: (1_000_000, Said("ten thousand yuan (万元)")),
    FigureKind.POTENTIAL_LOSS_WAN: (1_000_000, Said("ten thousand yuan (万元)")),
    FigureKind.AREA_HA: (100_000, Said("hectares (公顷)")),
    FigureKind.STUCK_HOURS: (240, Said("hours (小时)")),
    FigureKind.MAGNITUDE: (10, Said("magnitude (级)")),
}
"""From which number on a threshold was surely meant in a smaller unit, and the unit that counts."""

Merged = Mapping[str, Mapping[str, Item]]


def faults_of(merged: Merged) -> Iterator[Fault]:
    """Every fault between entries, by file order."""
    on = {key: {name: item for name, item in items.items() if item.enabled} for key, items in merged.items()}
    types, groups, routes = on["event_types"], on["groups"], on["routing_rules"]
    for item in on["grading_tables"].values():
        yield from _grading_table(item, item.value, types)
    for item in on[NEAR_MISS_TYPES].values():
        for index, code in enumerate(item.value):
            yield from _refers(item, (index,), code, types, Said("event type"))
    for item in on["near_miss_rules"].values():
        yield from _near_miss_rule(item, item.value)
    for item in merged["deadline_rules"].values():
        yield from _deadline_rule(item, item.value, types)
    for item in on["escalation_policies"].values():
        yield from _policy(item, item.value, groups)
    for item in on["routing_rules"].values():
        yield from _verified(item, (), item.value)
    yield from _towns(on["towns"].values(), routes)
    for item in on["organisations"].values():
        yield from _one_of(item, "kind", item.value.kind, ("command", "department"))
        for index, code in enumerate(item.value.types):
            yield from _refers(item, ("types", index), code, types, Said("event type"))
    for item in on["sample_contacts"].values():
        for index, code in enumerate(item.value.groups):
            yield from _refers(item, ("groups", index), code, groups, Said("group"))


def template_faults(items: Iterable[Item]) -> Iterator[Fault]:
    """Notice templates that do not parse, or that name facts no notice has. Imports jinja2."""
    from jinja2 import TemplateSyntaxError
    from jinja2.meta import find_undeclared_variables
    from jinja2.sandbox import SandboxedEnvironment

    from dutydesk import templating

    environment = SandboxedEnvironment(autoescape=False)
    for item in items:
        try:
            used = find_undeclared_variables(templating.parsed(environment, item.value.body))
        except TemplateSyntaxError as error:
            first = item.document.value_line((*item.path, "body"))
            where = item.fault("body", what="")
            yield Fault(
                where.file, first + error.lineno, where.key, Said("the template: {what}", what=error.message)
            )
            continue
        for name in sorted(used - TEMPLATE_FACTS):
            hint = yamldoc.did_you_mean(name, TEMPLATE_FACTS)
            yield item.fault("body", what=Said('no notice has the fact "{name}"{hint}', name=name, hint=hint))


def _refers(
    item: Item, below: tuple[str | int, ...], name: str, known: Iterable[str], what: Said
) -> Iterator[Fault]:
    if name not in known:
        hint = yamldoc.did_you_mean(name, known)
        yield item.fault(
            *below, what=Said('there is no {kind} "{name}"{hint}', kind=what, name=name, hint=hint)
        )


def _one_of(item: Item, field: str, value: str, allowed: tuple[str, ...]) -> Iterator[Fault]:
    if value not in allowed:
        yield item.fault(
            field, what=Said('"{value}" is not one of {known}', value=value, known=", ".join(allowed))
        )


def _verified(item: Item, below: tuple[str | int, ...], rule: Any) -> Iterator[Fault]:
    if rule.verified and any(word in rule.source for word in UNVERIFIED_WORDS):
        yield item.fault(
            *below, "verified", what=N_("the source says it is not verified: write verified: false")
        )


def _grading_table(item: Item, table: GradingTable, types: Mapping[str, Item]) -> Iterator[Fault]:
    for index, code in enumerate(table.types):
        yield from _refers(item, ("types", index), code, types, Said("event type"))
        if code in types and not types[code].value.graded:
            yield item.fault(
                "types",
                index,
                what=Said('"{type}" is not graded (graded: false in event_types.yaml)', type=code),
            )
    if set(table.level_names) != {1, 2, 3, 4}:
        yield item.fault("level_names", what=N_("must name the levels 1, 2, 3 and 4"))
    seen: set[str] = set()
    rows: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for index, rule in enumerate(table.rules):
        at = ("rules", index)
        if rule.id in seen:
            yield item.fault(*at, "id", what=Said('"{id}" is used twice in this table', id=rule.id))
        seen.add(rule.id)
        yield from _verified(item, at, rule)
        yield from _threshold(item, at, rule)
        if rule.indicator is None:
            if not rule.marker:
                yield item.fault(*at, what=N_("needs an indicator or a marker"))
            elif rule.low or rule.high is not None:
                yield item.fault(*at, what=N_("low and high need an indicator"))
            elif rule.possible_until_known:
                yield item.fault(*at, "possible_until_known", what=N_("needs an indicator, which is known"))
        elif rule.possible_until_known and not rule.marker:
            yield item.fault(*at, "possible_until_known", what=N_("needs a marker, which is not known yet"))
        elif rule.high is not None and rule.high <= rule.low:
            yield item.fault(*at, "high", what=Said("must be above low ({low:g})", low=rule.low))
        else:
            rows[(rule.indicator, rule.marker)].append(index)
    for indexes in rows.values():
        yield from _intervals(item, table, indexes)


def _threshold(item: Item, at: tuple[str | int, ...], rule: GradingRule) -> Iterator[Fault]:
    for end, value in (("low", rule.low), ("high", rule.high)):
        if value is not None and value < 0:
            yield item.fault(*at, end, what=N_("must not be below zero"))
        if value is None or rule.indicator not in BEYOND_BELIEF:
            continue
        most, unit = BEYOND_BELIEF[rule.indicator]
        if value >= most:
            yield item.fault(
                *at,
                end,
                what=Said(
                    "{value:.0f} is too much: {indicator} is in {unit}",
                    value=value,
                    indicator=rule.indicator,
                    unit=unit,
                ),
            )


def _intervals(item: Item, table: GradingTable, indexes: list[int]) -> Iterator[Fault]:
    """The intervals of one indicator must follow each other without gap or overlap, graver as they rise."""
    ordered = sorted(indexes, key=lambda index: table.rules[index].low)
    for below, above in pairwise(ordered):
        lower, upper = table.rules[below], table.rules[above]
        at = ("rules", above)
        if lower.high is None or lower.high > upper.low:
            yield item.fault(
                *at, "low", what=Said("overlaps {id} (from {low:g})", id=lower.id, low=lower.low)
            )
        elif lower.high < upper.low:
            yield item.fault(
                *at,
                "low",
                what=Said(
                    "leaves a gap from {high:g} to {low:g} above {id}",
                    high=lower.high,
                    low=upper.low,
                    id=lower.id,
                ),
            )
        if upper.level >= lower.level:
            yield item.fault(
                *at,
                "level",
                what=Said(
                    "must be graver than level {level:d} of {id} below it", level=lower.level, id=lower.id
                ),
            )
    last = table.rules[ordered[-1]]
    if last.high is not None:
        yield item.fault(
            "rules", ordered[-1], "high", what=N_("nothing grades what lies above: leave high out")
        )


def _near_miss_rule(item: Item, rule: NearMissRule) -> Iterator[Fault]:
    yield from _verified(item, (), rule)
    if bool(rule.indicators) == bool(rule.marker):
        yield item.fault(what=N_("needs either indicators (with low) or a marker"))
    elif rule.indicators and rule.low <= 0:
        yield item.fault("low", what=N_("must be above zero"))


def _deadline_rule(item: Item, rule: DeadlineRule, types: Mapping[str, Item]) -> Iterator[Fault]:
    yield from _verified(item, (), rule)
    for field in ("types", "except_types"):
        for index, code in enumerate(getattr(rule.trigger, field)):
            yield from _refers(item, ("trigger", field, index), code, types, Said("event type"))
    yield from _trigger(item, rule.trigger)
    yield from _allowance(item, rule)
    ways = {
        "limit": rule.limit is not None,
        "end_of_day": rule.end_of_day,
        "every": rule.every is not None,
        "at_times": bool(rule.at_times),
    }
    given = [name for name, stated in ways.items() if stated]
    if len(given) != 1:
        found = _and(given) if given else Said("none")
        yield item.fault(
            what=Said("needs exactly one of limit, end_of_day, every, at_times; it has {found}", found=found)
        )
        return
    if (rule.kind is TimerKind.CADENCE) != (given[0] in ("every", "at_times")):
        yield item.fault(
            "kind", what=N_("cadence goes with every or at_times, any other kind with limit or end_of_day")
        )
    if rule.series and rule.kind is not TimerKind.CADENCE:
        yield item.fault("series", what=N_("only a cadence belongs to a series"))
    if rule.kind not in (TimerKind.CADENCE, TimerKind.DEADLINE, TimerKind.INTERNAL):
        yield item.fault("kind", what=N_("a rule's kind is deadline, cadence or internal"))
    if rule.every is not None and not rule.every:
        yield item.fault("every", what=N_("must be above zero"))


def _and(names: list[str]) -> str:
    return Said("{some} and {last}", some=", ".join(names[:-1]), last=names[-1])


def _trigger(item: Item, trigger: Trigger) -> Iterator[Fault]:
    """What can never hold together, or says nothing: a clock that would never start."""
    for code in sorted(set(trigger.types) & set(trigger.except_types)):
        index = trigger.except_types.index(code)
        yield item.fault(
            "trigger", "except_types", index, what=Said('"{code}" is in types as well', code=code)
        )
    if trigger.level is None:
        for field in ("possible", "or_near_miss"):
            if getattr(trigger, field):
                yield item.fault("trigger", field, what=N_("says nothing without a level"))
    elif trigger.no_graver_than is not None and trigger.level < trigger.no_graver_than:
        yield item.fault(
            "trigger",
            "no_graver_than",
            what=Said(
                "no grade is level {level:d} or graver and no graver than {most:d}",
                level=trigger.level,
                most=trigger.no_graver_than,
            ),
        )


def _allowance(item: Item, rule: DeadlineRule) -> Iterator[Fault]:
    if rule.ours and rule.limit == timedelta() and not rule.grace:
        yield item.fault("limit", what=N_("an immediately needs a grace, or it is late when it starts"))
    if rule.grace and rule.limit != timedelta():
        yield item.fault("grace", what=N_("is for an immediately (limit: 0m) only; state the time as limit"))


def _policy(item: Item, policy: EscalationPolicy, groups: Mapping[str, Item]) -> Iterator[Fault]:
    if not policy.levels:
        yield item.fault("levels", what=N_("needs at least one level"))
    for index, level in enumerate(policy.levels):
        if not level.groups:
            yield item.fault("levels", index, "groups", what=N_("tells nobody: name a group"))
        for place, code in enumerate(level.groups):
            yield from _refers(item, ("levels", index, "groups", place), code, groups, Said("group"))
    for index, (before, after) in enumerate(pairwise(policy.levels), start=1):
        if after.after <= before.after:
            yield item.fault("levels", index, "after", what=N_("must be later than the level before it"))
    for field in ("acknowledgement_lasts", "repeat"):
        if not getattr(policy, field):
            yield item.fault(field, what=N_("must be above zero"))


def _towns(items: Iterable[Item], routes: Mapping[str, Item]) -> Iterator[Fault]:
    names: dict[str, str] = {}
    for item in items:
        town: Town = item.value
        yield from _one_of(item, "kind", town.kind, ("subdistrict", "town"))
        if not (town.pinyin.isascii() and town.pinyin.isalpha() and town.pinyin.islower()):
            yield item.fault("pinyin", what=N_("must be the initials in small Latin letters, such as yjp"))
        if town.run_by:
            yield from _refers(item, ("run_by",), town.run_by, routes, Said("routing rule"))
        for field, name in (("name", town.name.zh), *(("aliases", alias) for alias in town.aliases)):
            if names.setdefault(name, item.id) != item.id:
                yield item.fault(
                    field, what=Said('"{name}" already means {other}', name=name, other=names[name])
                )
