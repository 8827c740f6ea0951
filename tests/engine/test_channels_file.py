"""Given an engine at work, when ``channels.yaml`` is edited, spoilt, opened to others or taken away, then
nothing is refused for it and nobody has to guess."""

# ruff: noqa: ASYNC240 -- one small file

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from dutydesk.desk.desk import Desk
from dutydesk.engine import channels_file
from dutydesk.home.private import write_private
from dutydesk.notify import hidden
from dutydesk.notify.spec import ChannelSpec
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


def _only(broken: str, real: Callable[[ChannelSpec], tuple[str, ...]]) -> Callable[[ChannelSpec], Any]:
    """As ``real``, but a fault that quotes a password for the channel whose URL has ``broken`` in it."""

    def tried(spec: ChannelSpec) -> tuple[str, ...]:
        if broken in repr(spec.http and spec.http.url):
            raise ValueError("no secret in topsecret")
        return real(spec)

    return tried


async def test_a_channel_that_cannot_be_taken_up_says_so_and_stops_no_other(
    live_desk: Desk,
    file: Path,
    sink: Sink,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(channels_file, "secrets_of", _only("odd", hidden.secrets_of))
    odd = channels(sink, "odd", ", retry_base: 100ms, retry_cap: 100ms, attempts: 100")
    write_private(file, channels(sink) + odd.replace("sms:", "odd:", 1))
    async with engine_over(live_desk, file):
        good = await notice(live_desk)
        (bad,) = await notice(live_desk, channel="odd")
        await until(lambda: all_in(live_desk, good, "accepted"))
        await until(lambda: _says(live_desk, bad, "ValueError"))
        assert (await delivery(live_desk, bad)).state in ("retrying", "sending")
        assert [taken.raw_path for taken in sink.taken] == ["/ok/0"]
        (entry,) = await journal(live_desk, "channels.faulty")
        assert "odd (ValueError in " in entry["fault"]
        write_private(file, channels(sink) + odd.replace("sms:", "odd:", 1).replace("/odd/", "/even/"))
        await until(lambda: all_in(live_desk, [bad], "accepted"))
        assert await journal(live_desk, "channels.taken_up")
    assert "topsecret" not in caplog.text


async def test_a_reading_that_fails_for_no_known_reason_holds_everything_and_says_so(
    live_desk: Desk,
    file: Path,
    sink: Sink,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def strange(text: str, file: str) -> Any:
        raise RecursionError("topsecret")

    with monkeypatch.context() as reading:
        reading.setattr("dutydesk.notify.channels.load", strange)
        async with engine_over(live_desk, file):
            (number,) = await notice(live_desk)
            await until(lambda: _says(live_desk, number, "channels.yaml"))
            assert (await delivery(live_desk, number)).state == "queued"
            reading.undo()
            await until(lambda: all_in(live_desk, [number], "accepted"))
    (entry,) = await journal(live_desk, "channels.faulty")
    assert "RecursionError in " in entry["fault"]
    assert "topsecret" not in entry["fault"] + caplog.text


async def test_what_waits_for_its_turn_goes_out_by_the_channel_as_it_is_now(
    at_work: Desk, file: Path, sink: Sink
) -> None:
    write_private(file, channels(sink, "gate", ", concurrency: 1, slow_lane: 0"))
    await until(lambda: _taken_up(at_work, 1))
    numbers = await notice(at_work, count=6)
    await until(lambda: _any_in(at_work, numbers, "sending"))
    await asyncio.wait_for(_came(sink, "/gate/"), 40)
    write_private(file, channels(sink, "moved-away-to-ok"))
    await until(lambda: _taken_up(at_work, 2))
    sink.release.set()
    await until(lambda: all_in(at_work, numbers, "accepted"))
    assert len([taken for taken in sink.taken if taken.raw_path.startswith("/gate/")]) == 1
    assert len([taken for taken in sink.taken if taken.raw_path.startswith("/moved-away-to-ok/")]) == 5


async def test_a_channel_taken_out_of_the_file_sends_nothing_more(
    at_work: Desk, file: Path, sink: Sink
) -> None:
    write_private(file, channels(sink, "gate", ", concurrency: 1, slow_lane: 0"))
    await until(lambda: _taken_up(at_work, 1))
    numbers = await notice(at_work, count=4)
    await asyncio.wait_for(_came(sink, "/gate/"), 40)
    write_private(file, channels(sink).replace("sms:", "other:", 1))
    await until(lambda: _taken_up(at_work, 2))
    sink.release.set()
    await until(lambda: _states(at_work, numbers, {"accepted": 1, "refused": 3}))
    assert len([taken for taken in sink.taken if taken.raw_path.startswith("/gate/")]) == 1
    refused = [
        one for one in [await delivery(at_work, number) for number in numbers] if one.state == "refused"
    ]
    assert all("sms" in one.reason for one in refused)


async def _came(sink: Sink, path: str) -> None:
    while not any(taken.raw_path.startswith(path) for taken in sink.taken):  # noqa: ASYNC110 -- a server's
        await asyncio.sleep(0.01)


async def _taken_up(desk: Desk, times: int) -> bool:
    return len(await journal(desk, "channels.taken_up")) == times


async def _any_in(desk: Desk, numbers: list[int], state: str) -> bool:
    return any([(await delivery(desk, number)).state == state for number in numbers])


async def _states(desk: Desk, numbers: list[int], wanted: dict[str, int]) -> bool:
    return dict(Counter([(await delivery(desk, number)).state for number in numbers])) == wanted


async def _says(desk: Desk, number: int, what: str) -> bool:
    return what in (await delivery(desk, number)).reason
