"""The proof that every notice reached the gateway for everybody it was meant for, that each attempt at it is
on record, and that nothing arrived twice without saying that it may be a double."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from tests.torture.evidence import Evidence
from tests.torture.sink import Arrival

AUDIENCES = {
    "townships": {"taojia", "xipeng", "xiejiawan"},
    "duty_operators": {"operator"},
    "shift_chief": {"chief"},
    "duty_leader": {"leader"},
}
"""Who is in each group, by address."""


def notices(evidence: Evidence) -> Iterator[str]:
    """At least once to the gateway, and every double says that it may be one."""
    deliveries: dict[int, list[sqlite3.Row]] = defaultdict(list)
    for row in evidence.rows("SELECT * FROM delivery"):
        deliveries[row["broadcast_id"]].append(row)
    entries = dict(evidence.payloads("broadcast.released"))
    for row in evidence.rows("SELECT * FROM broadcast"):
        number, mine = row["id"], deliveries.pop(row["id"], [])
        if (row["state"] == "released") != bool(mine):
            yield f"broadcast {number} is {row['state']} and has {len(mine)} deliveries"
        if row["kind"] == "notice" and row["state"] == "released":
            said = entries.pop(f"broadcast:{number}", {"deliveries": None})["deliveries"]
            if said != len(mine):
                yield f"broadcast {number} has {len(mine)} deliveries, its entry says {said}"
        yield from _addressed(row, mine)
        for delivery in mine:
            yield from _sent(row, delivery, evidence.arrivals.get(delivery["id"], []))
    for left in (*deliveries, *entries):
        yield f"deliveries or an entry without their notice: {left}"
    for one in evidence.acknowledged("release"):
        found = evidence.rows(
            "SELECT count(*) FROM delivery WHERE broadcast_id = ?", one.answer["broadcast"]
        )[0][0]
        if found != one.answer["deliveries"]:
            yield f"LOST: broadcast {one.answer['broadcast']} has {found} deliveries, told was {one.answer}"


def _addressed(broadcast: sqlite3.Row, deliveries: Sequence[sqlite3.Row]) -> Iterator[str]:
    """Everybody of its groups has a delivery, and nobody else has."""
    meant = set[str]().union(*(AUDIENCES[group] for group in json.loads(broadcast["groups"])))
    addresses = Counter(row["address"] for row in deliveries)
    if broadcast["state"] == "released" and addresses != Counter(meant):
        yield f"LOST: broadcast {broadcast['id']} is for {sorted(meant)} and has {dict(addresses)}"


def _sent(broadcast: sqlite3.Row, delivery: sqlite3.Row, arrivals: Sequence[Arrival]) -> Iterator[str]:
    number, taken = delivery["id"], [one for one in arrivals if one.taken]
    if not taken:
        yield f"LOST: delivery {number} ({delivery['state']}) never reached the gateway"
    if delivery["state"] not in ("accepted", "delivered", "confirmed"):
        yield f"delivery {number} ended as {delivery['state']}: {delivery['reason']}"
    if any(
        one.broadcast != delivery["broadcast_id"] or broadcast["text"] not in one.body for one in arrivals
    ):
        yield f"delivery {number} carried another notice"
    if any(one.drill is not bool(broadcast["drill"]) for one in arrivals):
        yield f"DRILL: delivery {number} does not say rightly whether it is one"
    if broadcast["confirm"] and any(delivery["code"] not in one.body for one in arrivals):
        yield f"delivery {number} arrived without its code"
    before = False
    for place, one in enumerate(arrivals, 1):
        if before and not one.marked:
            yield f"UNMARKED: arrival {place} of delivery {number} does not say that it may be a double"
        before = before or one.taken
    if len(taken) > 1 and not delivery["doubtful"]:
        yield f"delivery {number} arrived {len(taken)} times and its row is not doubtful"


def attempts(evidence: Evidence) -> Iterator[str]:
    """Each attempt is on record, has ended, and is marked where an earlier one may have arrived."""
    made: dict[int, list[sqlite3.Row]] = defaultdict(list)
    for row in evidence.rows("SELECT * FROM attempt ORDER BY delivery_id, number"):
        made[row["delivery_id"]].append(row)
    told: dict[int, str] = {}
    for _, payload in evidence.payloads("deliveries.recorded"):
        told |= {number: state for state, numbers in payload.items() for number in numbers}
    for delivery in evidence.rows("SELECT * FROM delivery"):
        number, mine = delivery["id"], made.pop(delivery["id"], [])
        yield from _on_record(delivery, mine, evidence.arrivals.get(number, []))
        if delivery["state"] == "accepted" and told.get(number) != "accepted":
            yield f"UNTOLD: delivery {number} is accepted, the journal's last word is {told.get(number)}"
    for left in made:
        yield f"attempts at a delivery {left} that is not there"


def _on_record(
    delivery: sqlite3.Row, made: Sequence[sqlite3.Row], arrivals: Sequence[Arrival]
) -> Iterator[str]:
    number, numbers = delivery["id"], [row["number"] for row in made]
    if numbers != list(range(1, delivery["attempts"] + 1)):
        yield f"ATTEMPT: delivery {number} says {delivery['attempts']}, on record are {numbers}"
    if any(row["ended_at"] is None or not row["outcome"] for row in made):
        yield f"ATTEMPT: one at delivery {number} never ended"
    doubts = [row["outcome"] == "unknown" for row in made]
    for place, row in enumerate(made):
        if bool(row["doubtful"]) != any(doubts[:place]):
            yield f"UNMARKED: attempt {place + 1} at delivery {number} has the wrong mark"
    if bool(delivery["doubtful"]) != any(doubts):
        yield f"UNMARKED: delivery {number} has the wrong mark for what became of its attempts"
    if delivery["state"] == "accepted" and [row["outcome"] for row in made].count("accepted") != 1:
        yield f"ATTEMPT: delivery {number} is accepted by {[row['outcome'] for row in made]}"
    for marked in (False, True):
        came = sum(one.marked == marked for one in arrivals)
        went = sum(bool(row["doubtful"]) == marked for row in made)
        if came > went:
            yield f"ATTEMPT: delivery {number} arrived {came} times{' marked' * marked}, on record are {went}"
