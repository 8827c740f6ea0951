"""Gateways and messages for the tests of sending."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from dutydesk.model.notices import OutgoingMessage
from tests.notify.sinks import Sink, running_sink


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    async with running_sink() as running:
        yield running


Message = Callable[..., OutgoingMessage]


@pytest.fixture
def message() -> Message:
    def make(
        address: str = "13900000001",
        body: str = "陶家镇：液氯槽车侧翻，下风向请立即转移。",
        *,
        title: str = "",
        drill: bool = False,
        urgent: bool = False,
        delivery: int = 1,
    ) -> OutgoingMessage:
        return OutgoingMessage(delivery, 1, address, title, body, drill, urgent)

    return make
