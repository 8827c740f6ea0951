"""Sets the demo up, keeps it going while the console runs as a process of its own, and clears it away."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from dutydesk.demo import sample
from dutydesk.demo.colleague import EVERY, Colleague
from dutydesk.demo.sink import Sink
from dutydesk.desk.desk import Desk
from dutydesk.desk.engine import process as engine_process
from dutydesk.desk.opening import open_desk, prepare
from dutydesk.home import session_file
from dutydesk.home.paths import Home
from dutydesk.home.private import write_private
from dutydesk.home.settings import Settings
from dutydesk.model.text import Language


@dataclass(frozen=True, slots=True)
class Stage:
    """A demo that runs: its home, its open desk, what was laid down, and its gateway."""

    home: Home
    desk: Desk
    sample: sample.Sample
    sink: Sink


def show(language: Language, *, every: float = EVERY) -> int:
    """Runs the demo in this terminal until the officer leaves; the console's exit code."""
    forget_environment()
    logging.getLogger("dutydesk").addHandler(logging.NullHandler())
    return asyncio.run(_show(language, every))


def forget_environment() -> None:
    """The demo uses no database, clock or PIN that is set for the real desk."""
    for name in [each for each in os.environ if each.startswith("DUTYDESK_")]:
        del os.environ[name]


@asynccontextmanager
async def staged(*, every: float = EVERY) -> AsyncIterator[Stage]:
    """The demo without its console. Everything of it is gone afterwards, the engine first."""
    directory = Path(tempfile.mkdtemp(prefix="dutydesk-demo-"))
    try:
        home = Home.at(directory)
        settings = Settings(database_url=home.database_url, idle_lock_minutes=0)
        await asyncio.to_thread(prepare, home, settings)
        write_private(home.demo_mark, "Nothing in this directory is real.\n")
        async with Sink() as sink:
            write_private(home.channels_file, _channels(sink.url))
            write_private(home.config_file, "idle_lock_minutes: 0\n")
            desk = await open_desk(home, settings)
            try:
                laid = await sample.lay_down(desk)
                session_file.write(home, laid.token)
                await engine_process.ensure_running(home, settings)
                colleague = asyncio.create_task(Colleague(desk, laid).work(every))
                try:
                    yield Stage(home, desk, laid, sink)
                finally:
                    colleague.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await colleague
                    await engine_process.stop(desk, laid.other)
            finally:
                await desk.close()
    finally:
        await asyncio.to_thread(shutil.rmtree, directory, True)


def console_command(home: Home, language: Language) -> Sequence[str]:
    """How the console over the demo's home is started."""
    return [sys.executable, "-m", "dutydesk", "--home", str(home.directory), "--lang", language]


async def _show(language: Language, every: float) -> int:
    async with staged(every=every) as stage:
        console = await asyncio.create_subprocess_exec(*console_command(stage.home, language))
        loop = asyncio.get_running_loop()
        for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
            # Whatever ends the console ends the demo, which clears up after itself.
            loop.add_signal_handler(number, _pass_on, console, number)
        return await console.wait()


def _pass_on(console: asyncio.subprocess.Process, number: signal.Signals) -> None:
    if console.returncode is None and number != signal.SIGINT:
        console.send_signal(number)


def _channels(url: str) -> str:
    """Every channel that the sample people have an address on, all of them the demo's own gateway."""
    return "".join(
        f"{channel}:\n"
        "  purpose: both\n"
        "  http:\n"
        f"    url: {url}\n"
        '    body: {mobile: "{{ address }}", content: "{{ body }}"}\n'
        "    accepted: {status: 200, json: {errcode: 0}}\n"
        "    refused: {json: {errcode: 1002}}\n"
        "    code: errcode\n    reason: errmsg\n    gateway_id: id\n"
        for channel in (sample.CHANNEL, "mail", "console")
    )
