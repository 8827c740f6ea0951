"""Drafting a notice from a template: its names filled in from the incident it is about."""

from __future__ import annotations

from dataclasses import replace

from dutydesk.desk.desk import Desk
from dutydesk.desk.incidents.stated import current_figures
from dutydesk.desk.notices import broadcasts, wordings
from dutydesk.desk.notices.broadcasts import Drafted, NoticeForm
from dutydesk.desk.officers.authority import require
from dutydesk.model.enums import Permission
from dutydesk.model.errors import BadInput, NotFound
from dutydesk.model.officers import Actor
from dutydesk.model.text import Text
from dutydesk.model.visible import quoted
from dutydesk.store.tables import IncidentRow


async def draft_notice(desk: Desk, actor: Actor, form: NoticeForm) -> Drafted:
    """Like :func:`broadcasts.draft`; a form with a template and no text gets the template's, filled in."""
    require(actor, Permission.OPERATE)
    if not form.template:
        return await broadcasts.draft(desk, actor, form)
    if form.text.strip():
        raise BadInput("A notice has either a text or a template: give one of the two.")
    return await broadcasts.draft(desk, actor, replace(form, text=await template_text(desk, actor, form)))


async def template_text(desk: Desk, actor: Actor, form: NoticeForm) -> str:
    """The text of the form's template about the form's incident. Raises NotFound, BadInput."""
    template = desk.reference.templates.get(form.template)
    if template is None:
        raise NotFound(
            "There is no template {id}; the templates are: {ids}.",
            id=quoted(form.template),
            ids=" ".join(desk.reference.templates),
        )
    names: dict[str, object] = {}
    if form.incident is not None:
        async with (await desk.store()).transaction(actor, journaled=False) as tx:
            about = await tx.get(IncidentRow, form.incident)
            figures = await current_figures(tx, form.incident)
            names = wordings.text_names(desk, about, figures, officer=actor.name)
    return wordings.filled(Text(template.body), names)
