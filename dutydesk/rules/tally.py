"""Adds up what a narrative states: later corrects earlier, the dead leave the injured."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dutydesk.model.enums import FigureKind
from dutydesk.rules.said import How, Statement, What

_FIGURES = {
    What.DEATHS: FigureKind.DEATHS,
    What.SERIOUS: FigureKind.SERIOUS,
    What.MISSING: FigureKind.MISSING,
    What.TRAPPED: FigureKind.TRAPPED,
    What.EXPOSED: FigureKind.EXPOSED,
    What.THREATENED: FigureKind.THREATENED,
    What.EVACUATED: FigureKind.EVACUATED,
}
_SUBJECT = re.compile(r"[车船楼处方家院侧边桥点层店户室](?:上|内|里|的)?|现场|当场|事发地")

_FOUND_DEAD = re.compile(r"找到|发现|打捞|搜寻到")


def tally(statements: Iterable[Statement]) -> dict[FigureKind, float | None]:
    """The figures that ``statements``, in their order, come to; ``None`` is stated to be unknown."""
    count = _Tally()
    for statement in statements:
        count.take(statement)
    return count.figures()


class _Tally:
    def __init__(self) -> None:
        self.values: dict[What, float] = {}
        self.unknown: set[What] = set()
        self.whole_zero: set[What] = set()
        self.parent: Statement | None = None
        self.last: dict[What, Statement] = {}
        self.dead_told = 0.0  # of the dead of ``parent``, how many were told of one by one
        self.some_rescued = False
        self.some_found = False
        self.died_since = False  # since the injured were last counted

    def take(self, statement: Statement) -> None:
        if statement.how is How.UNKNOWN:
            self.unknown.add(statement.what)
        elif statement.how is How.ZERO:
            self._zero(statement)
        elif statement.how is How.ALL:
            self._all(statement)
        else:
            self._number(statement)

    def _zero(self, statement: Statement) -> None:
        what = statement.what
        if statement.both and self.values.get(what, 0) > 0:
            return  # "2人受伤，无人员伤亡" means that nobody died
        if what is What.RESCUED:
            return
        self.values[what] = 0.0

    def _all(self, statement: Statement) -> None:
        """All of those just named were rescued, died, are missing."""
        what = statement.what
        if what in (What.RESCUED, What.EVACUATED):
            if self.values.get(What.TRAPPED) or statement.place == What.TRAPPED.value:
                self.values[What.TRAPPED] = 0.0
            return
        parent = self.parent
        if parent is None or statement.place or parent.what is what:
            return
        if what is What.INJURED and parent.what is What.SERIOUS:
            if What.LIGHT not in self.values:
                self.values.setdefault(what, parent.value)  # 1人伤势很重，已送医
            return
        if parent.what not in (What.TRAPPED, What.MISSING, What.RESCUED, What.INJURED, What.EXPOSED):
            return
        if what is What.DEATHS:
            self.values[What.DEATHS] = self.values.get(What.DEATHS, 0.0) + parent.value
            if parent.what is not What.RESCUED:
                self._leave(parent.what, parent.value)
        elif what not in self.values or what is What.SERIOUS:
            self.values[what] = parent.value

    def _number(self, statement: Statement) -> None:
        what, value = statement.what, statement.value
        if what is What.RESCUED:
            self._rescued(statement)
            return
        held = self.values.get(what)
        parent = self.parent
        of_others = statement.among and parent is not None and parent.what is not what
        if what is What.DEATHS and self._part_of_dead(statement):
            self.dead_told += value
        elif what is What.DEATHS and (
            of_others
            or (statement.after_care and not statement.total and (parent is None or not statement.among))
        ):
            self._died_of(statement, held)
        elif held is None or statement.total:
            self.values[what] = value
        elif statement.more and "新增" in statement.place and self.last[what].total:
            pass  # "累计死亡4人，新增1人": the sum has them
        elif statement.among and value <= held:
            pass  # part of those counted already
        elif statement.more and statement.still and self.some_rescued and what is What.TRAPPED:
            self.values[what] = value  # "出来了两个，还有三个压在里面": those that remain
        elif statement.more and statement.still and self.some_found and what is What.MISSING:
            self.values[what] = value  # "2人失联，1人遗体已找到，另1人仍失联"
        elif statement.more or self._elsewhere(statement):
            self.values[what] = held + value
        elif (
            what is What.INJURED
            and value < held
            and not self.died_since
            and statement.sentence == self.last[what].sentence
        ):
            pass  # "5人受伤，3人已送医": some of them
        else:
            self.values[what] = value
        if what is What.DEATHS and _FOUND_DEAD.search(statement.place) and not of_others:
            self._leave(What.MISSING, value)
        if (
            what in (What.DEATHS, What.MISSING)
            and self.some_rescued
            and self.values.get(What.TRAPPED) == value
        ):
            self.values[What.TRAPPED] = 0.0  # those who were not rescued: 24人被困，1人获救，23人死亡
        if what is What.MISSING and (statement.still or statement.among) and held is None:
            self._leave(What.TRAPPED, value)
        self.last[what] = statement
        if what in (What.DEATHS, What.INJURED):
            self.died_since = what is What.DEATHS
        if not statement.among:
            self.parent, self.dead_told = statement, 0.0

    def _part_of_dead(self, statement: Statement) -> bool:
        """Whether those already counted have these dead: 3人死亡，其中1人送医后死亡, or are
        the last of them to be told of: 3人死亡，其中2人当场死亡，另1人送医后死亡."""
        parent = self.parent
        if parent is None or parent.what is not What.DEATHS or statement.total:
            return False
        if statement.among:
            return statement.value <= parent.value
        together = self.dead_told + statement.value
        return bool(
            self.dead_told
            and statement.after_care
            and statement.sentence == self.last[What.DEATHS].sentence
            and together == parent.value
        )

    def _died_of(self, statement: Statement, held: float | None) -> None:
        """Deaths among the injured, trapped or missing: they leave those, and come to the dead."""
        value = statement.value
        parent = self.parent if statement.among else None
        source = parent.what if parent is not None else What.INJURED
        counted = self.last.get(What.DEATHS)
        already = counted is not None and counted.total and held is not None and value <= held
        if already:
            return
        self.values[What.DEATHS] = (held or 0.0) + value
        if statement.more and not statement.among:
            return
        if source is What.CASUALTY and parent is not None:
            if What.INJURED not in self.values:
                self.values[What.INJURED] = max(parent.value - value, 0.0)
        elif source in (What.INJURED, What.TRAPPED, What.MISSING, What.SERIOUS, What.EXPOSED):
            self._leave(source, value)

    def _rescued(self, statement: Statement) -> None:
        self.some_rescued = True
        if self.values.get(What.TRAPPED, 0.0) >= statement.value:
            self._leave(What.TRAPPED, statement.value)
        if not statement.among:
            self.parent = statement

    def _leave(self, what: What, value: float) -> None:
        self.some_found = self.some_found or what is What.MISSING
        if what is not What.EXPOSED and what in self.values:
            self.values[what] = max(self.values[what] - value, 0.0)

    def _elsewhere(self, statement: Statement) -> bool:
        """Whether the same was said just before of other people: two cars, the driver and the passengers."""
        before = self.last.get(statement.what)
        if before is None or before.sentence != statement.sentence or statement.among or before.total:
            return False
        if statement.where and before.where:
            return statement.where != before.where
        here, there = _SUBJECT.search(statement.place), _SUBJECT.search(before.place)
        return bool(here and there and statement.place != before.place)

    def figures(self) -> dict[FigureKind, float | None]:
        found: dict[FigureKind, float | None] = {
            kind: self.values[what] for what, kind in _FIGURES.items() if what in self.values
        }
        injured = self._injured()
        if injured is not None:
            found[FigureKind.INJURED] = injured
        for what in self.unknown:
            kind = FigureKind.INJURED if what is What.INJURED else _FIGURES.get(what)
            if kind is not None:
                found.setdefault(kind, None)
        return found

    def _injured(self) -> float | None:
        """All the injured, seriously or not; where only the light and the serious are told, their sum."""
        light = self.values.get(What.LIGHT, 0.0)
        if What.INJURED in self.values:
            all_injured = self.values[What.INJURED]
            # More light ones than injured at all: they were told of apart.
            return all_injured + light if light > all_injured > 0 else all_injured
        if What.LIGHT in self.values:
            return self.values[What.LIGHT] + self.values.get(What.SERIOUS, 0.0)
        return None
