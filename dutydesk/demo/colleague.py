"""The second officer of the demo: does something every now and then, from a console of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from itertools import cycle
from typing import Final

from dutydesk.demo.sample import Sample
from dutydesk.demo.walking import step_on
from dutydesk.desk.desk import Desk
from dutydesk.desk.incidents import incidents
from dutydesk.desk.intake.reading import ReportForm
from dutydesk.desk.intake.reports import log_report
from dutydesk.desk.notices import deliveries
from dutydesk.desk.views.lists import run as run_of
from dutydesk.desk.views.notices import notice_status
from dutydesk.model.enums import DeliveryState, ReportSource
from dutydesk.model.errors import NotFound, Refused

EVERY: Final = 20.0
"""Seconds between two things done."""
_TAKEN: Final = (DeliveryState.ACCEPTED, DeliveryState.DELIVERED)
_CALLS: Final = (
    "华岩镇西山村三社后山有落石，砸坏护栏，暂无人员受伤。",
    "杨家坪步行街一火锅店冒烟，店员说已经扑灭。",
    "黄桷坪电厂坝有群众反映停水。",
    "石坪桥横街下水道井盖缺失，已有人守着。",
)
_NOTES: Final = ("消防到场，正在堵漏。", "交巡警已封闭来车方向。", "风向转东北，已告知陶家镇。")


class Colleague:
    """Confirms, walks on, takes calls and notes, in turn."""

    def __init__(self, desk: Desk, sample: Sample) -> None:
        self._desk = desk
        self._sample = sample
        self._flood = sample.flood
        self._calls = cycle(_CALLS)
        self._notes = cycle(_NOTES)

    async def work(self, every: float = EVERY) -> None:
        """For ever."""
        doings: tuple[Callable[[], Awaitable[object]], ...] = (
            self._confirm,
            self._walk_on,
            self._confirm,
            self._take_call,
            self._confirm,
            self._note,
        )
        for doing in cycle(doings):
            await asyncio.sleep(every)
            try:
                await doing()
            except (Refused, NotFound):
                # The officer at the console was quicker, or has closed the incident: on to the next thing.
                continue

    async def _confirm(self) -> None:
        rows = (await notice_status(self._desk, self._sample.broadcast)).deliveries
        taken = next((row for row in rows if row.state in _TAKEN), None)
        if taken is not None:
            await deliveries.confirm(self._desk, self._sample.other, str(taken.id), by=taken.contact)

    async def _walk_on(self) -> None:
        self._flood = await step_on(self._desk, self._sample.other, self._flood)

    async def _take_call(self) -> None:
        form = ReportForm(text=next(self._calls), source=ReportSource.POLICE_110, opens_incident=False)
        await log_report(self._desk, self._sample.other, form)

    async def _note(self) -> None:
        run = await run_of(self._desk, self._sample.hazmat.run)
        await incidents.note(self._desk, self._sample.other, run.incident, next(self._notes))
