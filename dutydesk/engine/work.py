"""What the engine's loops share while this process is the active engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from dutydesk.desk.desk import Desk
from dutydesk.desk.engine.processes import Holder
from dutydesk.desk.timers.firing import Fired
from dutydesk.engine.gateways import Gateways
from dutydesk.engine.pulse import Pulse
from dutydesk.engine.tenure import Tenure
from dutydesk.model.clock import Clock
from dutydesk.model.officers import Actor

OnFired = Callable[[tuple[Fired, ...]], None]


@dataclass(frozen=True, slots=True)
class Work:
    """``wall`` is the real time of the lease, ``tenure`` how long that surely lasts; ``stale_after`` is in
    the desk's time. ``on_fired`` is told of each batch of timers once its firing is committed."""

    desk: Desk
    actor: Actor
    me: Holder
    wall: Clock
    tenure: Tenure
    pulse: Pulse
    gateways: Gateways
    stale_after: timedelta
    on_fired: OnFired
