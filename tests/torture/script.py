"""What the officers of the tortured shift do: the next command by a seeded draw over what is known to be on
record, and the list of what was answered."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Any

LETTERS = "bcdfghjkmnpqrstvwxz"  # no vowel: no tag says anything
TYPES = ("hazmat", "fire", "flood", "forest_fire")
WEIGHTS = {
    "report": 26,
    "remind": 22,
    "met": 6,
    "ack": 6,
    "grade": 6,
    "draft": 10,
    "approve": 6,
    "release": 10,
    "run": 4,
    "step": 10,
}


class Fate(StrEnum):
    """What a command came to, as far as whoever gave it knows."""

    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    """Killed before it answered."""
    CRASHED = "crashed"


@dataclass
class Command:
    """``given`` goes to the officer as it is; ``tag`` is found in no other command's text."""

    kind: str
    given: dict[str, Any]
    tag: str = ""
    fate: Fate = Fate.UNKNOWN
    answer: dict[str, Any] = field(default_factory=dict)

    @property
    def line(self) -> dict[str, Any]:
        return {"kind": self.kind, **self.given}

    def argv(self) -> list[str] | None:
        """The same on the command line, for those that the first officer's session may give there."""
        given = self.given
        match self.kind:
            case "report":
                told = ["report", "add", "--text", given["text"], "--type", given["type"]]
                told += [
                    part
                    for kind, value in given["officer_figures"].items()
                    for part in (f"--{kind}", str(int(value)))
                ]
                told += ["--incident", str(given["incident"])] if given["incident"] else []
                told += ["--unfiled"] if given["unfiled"] else []
                return told + (["--drill"] if given["drill"] else [])
            case "remind":
                return ["timer", "add", "--in", f"{given['after']}s", "--note", given["note"]]
            case "met":
                return ["timer", "met", str(given["timer"]), "--reason", "已办"]
            case "ack":
                return ["timer", "ack", str(given["timer"])]
            case "grade":
                return ["incident", "grade", str(given["incident"]), str(given["level"])]
            case "release":
                return ["broadcast", "release", str(given["broadcast"])]
            case "run":
                return ["run", "start", str(given["incident"]), given["playbook"]]
        return None


class Script:
    """Draws commands and remembers their fates. ``told`` are all commands ever given, in order."""

    def __init__(self, rng: Random) -> None:
        self.told: list[Command] = []
        self._rng = rng
        self._incidents: list[tuple[int, str, bool]] = []
        self._reminders: deque[int] = deque(maxlen=40)
        self._to_approve: deque[int] = deque()
        self._to_release: deque[int] = deque()
        self._runs: list[int] = []

    def next(self, *, cli: bool = False) -> Command:
        """The next command, one that the command line has where ``cli`` is set."""
        while True:
            kind = self._rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
            given = self._draw(kind)
            if given is None:
                continue
            command = Command(kind, {"who": "wang", **given[0]}, given[1])
            if cli and command.argv() is None:
                self._put_back(command)
                continue
            self.told.append(command)
            return command

    def done(self, command: Command, fate: Fate, answer: dict[str, Any] | None = None) -> None:
        """Notes what a command came to, so that later ones can build on it."""
        command.fate, command.answer = fate, answer or {}
        if fate is Fate.UNKNOWN:
            self._put_back(command)
        if fate is not Fate.ACKNOWLEDGED:
            return
        told = command.answer
        match command.kind:
            case "report" if told["incident"] and not command.given["incident"]:
                self._incidents.append((told["incident"], command.given["type"], command.given["drill"]))
            case "remind":
                self._reminders.append(told["id"])
            case "draft":
                (self._to_release if command.given["drill"] else self._to_approve).append(told["broadcast"])
            case "approve":
                self._to_release.append(told["broadcast"])
            case "run":
                self._runs.append(told["run"])

    def _put_back(self, command: Command) -> None:
        if command.kind == "approve":
            self._to_approve.append(command.given["broadcast"])
        elif command.kind == "release":
            self._to_release.append(command.given["broadcast"])

    def _draw(self, kind: str) -> tuple[dict[str, Any], str] | None:
        rng = self._rng
        tag = "".join(rng.choices(LETTERS, k=12))
        match kind:
            case "report":
                return self._report(tag), tag
            case "remind":
                return {"note": f"回拨 {tag}", "after": rng.randint(1, 5)}, tag
            case "met" | "ack" if self._reminders:
                return {"timer": rng.choice(self._reminders)}, ""
            case "grade" if self._incidents:
                return {"incident": rng.choice(self._incidents)[0], "level": rng.randint(1, 4)}, ""
            case "draft":
                flags = {name: rng.random() < 0.5 for name in ("drill", "confirm", "urgent")}
                return {"text": f"请各镇街核实 {tag}", **flags}, tag
            case "approve" if self._to_approve:
                return {"who": "li", "broadcast": self._to_approve.popleft()}, ""
            case "release" if self._to_release:
                return {"broadcast": self._to_release.popleft()}, ""
            case "run" if self._incidents:
                incident, event_type, _ = rng.choice(self._incidents)
                playbook = event_type if event_type in ("hazmat", "flood", "forest_fire") else "hazmat"
                return {"incident": incident, "playbook": playbook}, ""
            case "step" if self._runs:
                return {"run": rng.choice(self._runs[-6:])}, ""
        return None

    def _report(self, tag: str) -> dict[str, Any]:
        rng = self._rng
        event_type, incident, drill = rng.choice(TYPES), None, rng.random() < 0.1
        if self._incidents and rng.random() < 0.4:
            incident, event_type, drill = rng.choice(self._incidents)
        deaths, injured = rng.randint(0, 4), rng.randint(1, 20)
        figures = {"injured": float(injured)} | ({"deaths": float(deaths)} if deaths else {})
        officer_figures = {"missing": float(rng.randint(1, 5))} if rng.random() < 0.3 else {}
        said = f"{deaths}人死亡，" if deaths else ""
        return {
            "text": f"陶家镇来电（{tag}），{said}{injured}人受伤。",
            "type": event_type,
            "incident": incident,
            "unfiled": incident is None and rng.random() < 0.15,
            "drill": drill,
            "officer_figures": officer_figures,
            "figures": {**figures, **officer_figures},
        }
