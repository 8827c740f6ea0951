"""A desk over a real database, with officers in the room and a clock that the test moves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

import pytest

from dutydesk.desk.desk import Desk
from dutydesk.model.clock import ManualClock
from dutydesk.model.enums import Role
from dutydesk.model.officers import Actor
from dutydesk.store.reader import Reader


@pytest.fixture
async def desk(store_url: str, clock: ManualClock) -> AsyncIterator[Desk]:
    """The desk, once on SQLite and once on PostgreSQL."""
    opened = Desk(
        url=store_url,
        reader=await Reader.open(store_url),
        clock=clock,
        zone=ZoneInfo("Asia/Shanghai"),
    )
    yield opened
    await opened.close()


@pytest.fixture
def chief() -> Actor:
    """The shift chief, the second person in the room."""
    return Actor(2, "li", "李敏", (Role.SHIFT_CHIEF,), "desk-2")


@pytest.fixture
def supervisor() -> Actor:
    """Reads and signs, changes nothing."""
    return Actor(3, "zhao", "赵刚", (Role.SUPERVISOR,), "desk-3")
