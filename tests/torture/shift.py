"""The tortured shift itself: two consoles, the command line and the engine at work over one home, all real
processes, and one who kills them at random instants, and now and then freezes an engine instead."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import shutil
import signal
import sqlite3
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from dutydesk.desk.notices.outbox import ORPHANED
from dutydesk.model.instants import to_stored
from tests.cli.desk_process import CommandLine
from tests.torture.evidence import Evidence
from tests.torture.proof import violations
from tests.torture.script import Command, Fate, Script
from tests.torture.sink import Sink, running_sink

CHANNELS = """\
hook:
  purpose: both
  http:
    url: "http://127.0.0.1:{port}/{{address}}"
    body: {{delivery: "{{{{ delivery }}}}", broadcast: "{{{{ broadcast }}}}", body: "{{{{ body }}}}"}}
  timeout: 5s
  attempts: 60
  retry_base: 300ms
  retry_cap: 2s
"""
CONTACTS = """\
name,org,duty,groups,hook
甲,陶家镇,值班,townships,taojia
乙,西彭镇,值班,townships,xipeng
丙,谢家湾,值班,townships,xiejiawan
丁,值班室,值班员,duty_operators,operator
戊,值班室,值班长,shift_chief,chief
己,区应急局,带班领导,duty_leader,leader
"""
AT_WORK = 0.8
"""How often a kill waits until everybody is at work again; the others come upon processes still starting."""
FROZEN = 0.06
"""How many of the instants are not a kill but a freeze."""
STARTS_WITHIN = 120.0
"""Seconds in which they are."""
SETTLES_WITHIN = 120.0
"""Seconds after the last kill in which everything that is due has to be done."""


@dataclass
class Result:
    """What the shift came to. ``kills`` by what was killed; ``violations`` empty is the proof."""

    seed: int
    kills: Counter[str] = field(default_factory=Counter)
    commands: Counter[str] = field(default_factory=Counter)
    counts: dict[str, int] = field(default_factory=dict)
    refusals: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)
    seconds: float = 0.0
    evidence: Evidence | None = None


async def torture(home: Path, *, kills: int, seed: int, engines: int = 2) -> Result:
    """Works a shift in ``home`` until ``kills`` instants have come, lets it settle, and proves it.

    The same seed draws the same commands and delays; where exactly a process stands when it is killed is the
    machine's own.
    """
    started = time.monotonic()
    async with running_sink(Random(f"sink {seed}")) as sink:
        desk = CommandLine(home)
        await asyncio.to_thread(_set_up, desk, sink.port)
        shift = _Shift(desk, sink, Script(Random(f"script {seed}")), Random(f"kills {seed}"))
        result = Result(seed, kills=shift.kills)
        await shift.work(kills, engines)
        result.violations += await shift.settle()
        verdict = await asyncio.to_thread(desk, "journal", "verify", "--json")
    if verdict.code != 0:
        result.violations.append(f"the journal is broken: {verdict.out} {verdict.err}")
    evidence = Evidence.of(home / "dutydesk.db", shift.script.told, sink.arrivals, shift.settled_at)
    result.violations += violations(evidence)
    for command in shift.script.told:
        result.commands[command.fate] += 1
        if command.fate is Fate.REFUSED:
            said = re.sub(r"\d+", "N", str(command.answer.get("refused", "")))
            result.refusals[" ".join(said.split()[:7])] += 1
    result.counts = _counts(evidence)
    result.evidence = evidence
    result.seconds = time.monotonic() - started
    return result


def _set_up(desk: CommandLine, port: int) -> None:
    desk.ok("init", "--admin", "wang", "--name", "王强")
    channels = desk.home / "channels.yaml"
    channels.touch(mode=0o600)
    channels.write_text(CHANNELS.format(port=port), "utf-8")
    contacts = desk.home / "contacts.csv"
    contacts.write_text(CONTACTS, "utf-8")
    tokens: dict[str, str] = {}
    desk.ok("login", "wang")
    desk.ok("contact", "import", str(contacts))
    desk.ok("user", "add", "li", "--name", "李敏", "--role", "shift_chief")
    for login in ("li", "wang"):
        desk.ok("login", login)
        tokens[login] = (desk.home / "session").read_text("utf-8").strip()
    (desk.home / "tokens.json").write_text(json.dumps(tokens), "utf-8")


class _Shift:
    """The processes at work. Each loop starts its process again when it has been killed."""

    def __init__(self, desk: CommandLine, sink: Sink, script: Script, rng: Random) -> None:
        self.script = script
        self.kills: Counter[str] = Counter()
        self.settled_at = datetime.now(UTC)
        self._desk = desk
        self._sink = sink
        self._rng = rng
        self._living: dict[str, Process] = {}
        self._ready = {"console 1": asyncio.Event(), "console 2": asyncio.Event()}
        self._over = False
        self._faults: list[str] = []

    async def work(self, kills: int, engines: int) -> None:
        async with asyncio.TaskGroup() as tasks:
            for number in range(1, engines + 1):
                tasks.create_task(self._engine(f"engine {number}"))
            tasks.create_task(self._console("console 1"))
            tasks.create_task(self._console("console 2"))
            tasks.create_task(self._command_line("command"))
            await self._everybody_at_work()
            frozen = set(self._rng.sample(range(kills), max(1, round(kills * FROZEN))))
            for number in range(kills):
                if self._rng.random() < AT_WORK:
                    await self._everybody_at_work()
                await (self._freeze_one() if number in frozen else self._kill_one())
            await self._everybody_at_work()
            self._over = True
            for name in [name for name in self._living if not name.startswith("engine")]:
                self._kill(name)
            await asyncio.sleep(0.5)
            for name in [name for name in self._living if name.startswith("engine")]:
                self._kill(name)

    async def settle(self) -> list[str]:
        """One engine alone brings everything to its end, and stops in good order. Returns what it did not."""
        self._sink.calm = True
        self._ready.clear()
        await asyncio.sleep(0.1)
        engine = await self._spawn("engine", sys.executable, "-m", "dutydesk", "engine", "run")
        deadline = time.monotonic() + SETTLES_WITHIN
        self._living["engine"] = engine
        await self._everybody_at_work()
        left = "?"
        while left and time.monotonic() < deadline:
            await asyncio.sleep(0.5)
            self.settled_at = datetime.now(UTC)
            left = await asyncio.to_thread(_unsettled, self._desk.home / "dutydesk.db", self.settled_at)
        if left:
            self._faults.append(f"after {SETTLES_WITHIN:.0f} s there is still {left}")
        engine.terminate()
        code = await asyncio.wait_for(engine.wait(), 60)
        if code != 0:
            self._faults.append(f"the engine stopped with exit code {code}")
        return self._faults

    async def _everybody_at_work(self) -> None:
        """Waits until both consoles take commands and one of the engines is active."""
        async with asyncio.timeout(STARTS_WITHIN):
            for console in self._ready.values():
                await console.wait()
            while await self._leader() not in self._engines():  # noqa: ASYNC110 - only the database says who
                await asyncio.sleep(0.05)

    def _engines(self) -> set[int]:
        return {process.pid for name, process in self._living.items() if name.startswith("engine")}

    async def _leader(self) -> int | None:
        return await asyncio.to_thread(_leader, self._desk.home / "dutydesk.db")

    async def _kill_one(self) -> None:
        rng = self._rng
        await asyncio.sleep(rng.choice((rng.uniform(0, 0.05), rng.uniform(0, 0.5), rng.uniform(0.5, 2.5))))
        while not self._living:  # noqa: ASYNC110 - all were killed; the first to come back is the next
            await asyncio.sleep(0.02)
        what = rng.choices(("engine", "console", "command", "all"), (45, 30, 18, 7))[0]
        names = [name for name in self._living if what in ("all", name.split()[0])]
        if not names:
            names = [*self._living]
        for name in names if what == "all" else [rng.choice(names)]:
            self._kill(name)
        self.kills[what] += 1

    async def _freeze_one(self) -> None:
        """Stops an engine for longer than its lease lasts, at any instruction, and lets it go on or kills it.
        One stopped inside a transaction holds up everybody meanwhile."""
        rng = self._rng
        await asyncio.sleep(rng.uniform(0, 0.5))
        while not (names := [each for each in self._living if each[:6] == "engine"]):  # noqa: ASYNC110 - see below
            await asyncio.sleep(0.02)
        leader = await self._leader()
        name = next((each for each in names if self._living[each].pid == leader), names[0])
        process = self._living[name]
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGSTOP)
            await asyncio.sleep(rng.uniform(5.5, 8.0))
            if rng.random() < 0.5:
                self._kill(name)
            process.send_signal(signal.SIGCONT)
        self.kills["frozen"] += 1

    def _kill(self, name: str) -> None:
        process = self._living.pop(name, None)
        if name in self._ready:
            self._ready[name].clear()
        if process is not None and process.returncode is None:
            process.kill()

    async def _spawn(self, name: str, *argv: str) -> Process:
        return await asyncio.create_subprocess_exec(
            *argv,
            env=self._desk.env(),
            stdin=PIPE,
            stdout=PIPE if name != "engine" else DEVNULL,
            stderr=PIPE if name == "command" else DEVNULL,
        )

    async def _engine(self, name: str) -> None:
        while not self._over:
            process = await self._spawn("engine", sys.executable, "-m", "dutydesk", "engine", "run")
            self._living[name] = process
            code = await process.wait()
            if code != -9:
                self._faults.append(f"{name} ended by itself with exit code {code}")

    async def _console(self, name: str) -> None:
        argv = (sys.executable, "-m", "tests.torture.officer", str(self._desk.home))
        while not self._over:
            process = await self._spawn(name, *argv)
            self._living[name] = process
            assert process.stdin is not None
            assert process.stdout is not None
            if await process.stdout.readline():
                self._ready[name].set()
            while process.returncode is None and not self._over:
                command = self.script.next()
                answer = await _ask(process, command)
                self.script.done(command, _fate(answer), answer)
                if answer is None:
                    break
                await asyncio.sleep(self._rng.uniform(0.0, 0.12))
            self._kill(name)
            code = await process.wait()
            if code != -9:
                self._faults.append(f"{name} ended by itself with exit code {code}")

    async def _command_line(self, name: str) -> None:
        while not self._over:
            command = self.script.next(cli=True)
            argv = command.argv() or []
            process = await self._spawn(name, sys.executable, "-m", "dutydesk", *argv, "--json")
            self._living[name] = process
            out, err = await process.communicate()
            match process.returncode:
                case 0:
                    self.script.done(command, Fate.ACKNOWLEDGED, json.loads(out))
                case 1 if b"internal error" not in err:
                    self.script.done(command, Fate.REFUSED, {"refused": err.decode()})
                case -9:
                    self.script.done(command, Fate.UNKNOWN)
                case code:
                    self.script.done(command, Fate.CRASHED, {"code": code, "err": err.decode()})
            self._living.pop(name, None)


async def _ask(process: Process, command: Command) -> dict[str, object] | None:
    """The console's answer; ``None`` when it was killed before the whole of it had come."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write((json.dumps(command.line) + "\n").encode())
        await process.stdin.drain()
    except (BrokenPipeError, ConnectionResetError):
        return None
    line = await process.stdout.readline()
    return json.loads(line) if line.endswith(b"\n") else None


def _fate(answer: Mapping[str, object] | None) -> Fate:
    if answer is None:
        return Fate.UNKNOWN
    if answer["ok"]:
        return Fate.ACKNOWLEDGED
    return Fate.CRASHED if "crash" in answer else Fate.REFUSED


def _leader(database: Path) -> int | None:
    """The process number of the active engine."""
    raw = sqlite3.connect(database, timeout=10)
    try:
        found = raw.execute("SELECT pid FROM lease").fetchone()
    finally:
        raw.close()
    return found[0] if found else None


def _unsettled(database: Path, moment: datetime) -> str:
    """What still had to be done at ``moment``, in words; empty when nothing had."""
    now = to_stored(moment)
    raw = sqlite3.connect(database, timeout=10)
    try:
        counts = {
            "timers not fired": "SELECT count(*) FROM timer WHERE state = 'armed' AND kind = 'reminder'",
            "timers late": f"SELECT count(*) FROM timer WHERE state = 'armed' AND due_at <= '{now}'",
            "timers to look at": f"SELECT count(*) FROM timer WHERE next_at <= '{now}'",
            "deliveries waiting": "SELECT count(*) FROM delivery "
            "WHERE next_at IS NOT NULL OR state = 'sending'",
        }
        found = {what: raw.execute(sql).fetchone()[0] for what, sql in counts.items()}
    finally:
        raw.close()
    return ", ".join(f"{count} {what}" for what, count in found.items() if count)


def _counts(evidence: Evidence) -> dict[str, int]:
    one = {
        "reports": "SELECT count(*) FROM report",
        "timers": "SELECT count(*) FROM timer",
        "fired": "SELECT count(*) FROM timer WHERE fired_at IS NOT NULL",
        "fired late": "SELECT count(*) FROM timer WHERE late_s IS NOT NULL AND fired_at IS NOT NULL",
        "deliveries": "SELECT count(*) FROM delivery",
        "marked as possible doubles": "SELECT count(*) FROM delivery WHERE doubtful",
        "sends an engine died over": f"SELECT count(*) FROM attempt WHERE detail = '{ORPHANED}'",
        "journal entries": "SELECT count(*) FROM journal",
    }
    counts = {what: int(evidence.rows(sql)[0][0]) for what, sql in one.items()}
    unknown = [one.tag for one in evidence.told if one.kind == "report" and one.fate is Fate.UNKNOWN]
    texts = "".join(row[0] for row in evidence.rows("SELECT text FROM report"))
    counts["reports killed before the answer"] = len(unknown)
    counts["of them on record"] = sum(tag in texts for tag in unknown)
    taken = [sum(arrival.taken for arrival in each) for each in evidence.arrivals.values()]
    counts["arrived more than once"] = sum(times > 1 for times in taken)
    return counts


def forget(home: Path) -> None:
    """Removes the home of a shift that was proved."""
    shutil.rmtree(home, ignore_errors=True)
