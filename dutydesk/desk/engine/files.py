"""What becomes of the files that an engine takes up while it runs goes into the journal: which of them was in
force when is part of what happened."""

from __future__ import annotations

from collections.abc import Mapping

from dutydesk.desk.desk import Desk
from dutydesk.desk.engine.lease import require
from dutydesk.desk.engine.processes import Holder
from dutydesk.model.errors import DeskError
from dutydesk.model.officers import Actor


async def tell_faulty(desk: Desk, actor: Actor, me: Holder, what: str, fault: DeskError) -> None:
    """Journals that ``what`` (``channels``, ``reference``) is not taken up, and why. Raises LeaseLost."""
    async with (await desk.store()).transaction(actor) as tx:
        await require(tx, me)
        tx.journal(f"{what}.faulty", what, {"fault": str(fault)})


async def tell_taken_up(
    desk: Desk, actor: Actor, me: Holder, what: str, content: Mapping[str, object]
) -> None:
    """Journals that another ``what``, or a mended one, is in force from now on. Raises LeaseLost."""
    async with (await desk.store()).transaction(actor) as tx:
        await require(tx, me)
        tx.journal(f"{what}.taken_up", what, content)
