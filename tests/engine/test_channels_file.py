"""Given an engine at work, when ``channels.yaml`` is edited, spoilt, opened to others or taken away, then
nothing is refused for it and nobody has to guess."""

# ruff: noqa: ASYNC240 -- one small file

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from dutydesk.desk.desk import Desk
from dutydesk.home.private import write_private
from tests.engine.rows import all_in, delivery, journal, notice, until
from tests.engine.running import channels, engine_over, running
from tests.notify.sinks import Sink


@pytest.fixture
def file(tmp_path: Path, sink: Sink) -> Path:
    """The file of a desk with one channel, ``sms``."""
    write_private(tmp_path / "channels.yaml", channels(sink))
    return tmp_path / "channels.yaml"


@pytest.fixture
async def at_work(live_desk: Desk, file: Path) -> AsyncIterator[Desk]:
    """A desk whose engine has sent by the file as it was."""
    async with engine_over(live_desk, file):
        await until(lambda: running(live_desk))
        before = await notice(live_desk)
        await until(lambda: all_in(live_desk, before, "accepted"))
        yield live_desk


@pytest.mark.parametrize("how", ["emptied", "taken away"])
async def test_while_an_editor_saves_it_everything_waits(
    at_work: Desk, file: Path, sink: Sink, how: str
) -> None:
    """Some empty the file before they write it, some move it away: neither is a desk without channels."""
    stated = file.read_text(encoding="utf-8")
    if how == "emptied":
        file.write_text("", encoding="utf-8")
    else:
        file.unlink()
    numbers = await notice(at_work, count=3)
    await asyncio.sleep(0.2)
    write_private(file, f"{stated}# saved\n")
    await until(lambda: all_in(at_work, numbers, "accepted"))
    assert len(sink.taken) == 4


async def test_a_file_that_is_gone_leaves_its_channels_in_force_and_the_journal_says_so(
    at_work: Desk, file: Path, sink: Sink
) -> None:
    file.unlink()
    numbers = await notice(at_work)
    await until(lambda: all_in(at_work, numbers, "accepted"))
    (entry,) = await journal(at_work, "channels.faulty")
    assert "is gone" in entry["fault"]


async def test_a_file_others_can_read_is_not_taken_up_until_it_is_closed_to_them(
    at_work: Desk, file: Path, sink: Sink
) -> None:
    file.write_text(channels(sink, "503"), encoding="utf-8")
    file.chmod(0o644)
    numbers = await notice(at_work)
    await until(lambda: all_in(at_work, numbers, "accepted"))
    (entry,) = await journal(at_work, "channels.faulty")
    assert "0644" in entry["fault"]
    file.chmod(0o600)
    numbers = await notice(at_work)
    await until(lambda: all_in(at_work, numbers, "retrying"))
    assert await journal(at_work, "channels.taken_up") == [{"channels": ["sms"]}]


async def test_a_fault_is_told_with_its_line_and_without_the_secret(
    at_work: Desk, file: Path, sink: Sink
) -> None:
    write_private(file, 'sms:\n  url: "json://duty:topsecret@h/{address}"\n  timout: topsecret\n')
    numbers = await notice(at_work)
    await until(lambda: all_in(at_work, numbers, "accepted"))
    (entry,) = await journal(at_work, "channels.faulty")
    assert entry["fault"].startswith("channels.yaml:3: ")
    assert "topsecret" not in entry["fault"]


async def test_a_file_that_was_faulty_from_the_start_holds_everything_and_each_delivery_says_why(
    live_desk: Desk, file: Path, sink: Sink
) -> None:
    file.chmod(0o644)
    async with engine_over(live_desk, file):
        (number,) = await notice(live_desk)
        await until(lambda: _says(live_desk, number, "channels.yaml"))
        assert (await delivery(live_desk, number)).state == "queued"
        file.chmod(0o600)
        await until(lambda: all_in(live_desk, [number], "accepted"))
    assert (await delivery(live_desk, number)).reason == ""
    assert len(await journal(live_desk, "channels.faulty")) == 1


async def _says(desk: Desk, number: int, what: str) -> bool:
    return what in (await delivery(desk, number)).reason
