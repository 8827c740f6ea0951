"""An officer's open intake drafts, for reading: no lock is taken and no ORM imported to offer them."""

from __future__ import annotations

from dutydesk.desk.desk import Desk
from dutydesk.model.officers import Actor
from dutydesk.store.views.drafts import OpenDraft, open_drafts

__all__ = ["OpenDraft", "drafts_of"]


async def drafts_of(desk: Desk, actor: Actor, *, but: str = "") -> tuple[OpenDraft, ...]:
    """The drafts of ``actor`` that wait to be taken up, the newest first, without the one called ``but``."""
    return tuple(draft for draft in await open_drafts(desk.reader, actor.login) if draft.id != but)
