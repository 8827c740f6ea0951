"""The ways through the notice screen's dialogs: write, preview, approve by a second person, correct."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dutydesk import i18n
from dutydesk.i18n import N_, _
from dutydesk.model.errors import DeskError, NotAllowed
from dutydesk.model.notices import Broadcast
from dutydesk.model.reference import NoticeTemplate
from dutydesk.tui import words
from dutydesk.tui.lines import Cell, Line, Piece, lay_out
from dutydesk.tui.screens.notice.compose import Composer, Composition
from dutydesk.tui.screens.notice.dialogs import AskSure, Preview, SecondPerson
from dutydesk.tui.text import plain
from dutydesk.tui.widgets.dialogs import AskText, Choose

if TYPE_CHECKING:
    from dutydesk.desk.notices.broadcasts import NoticeForm
    from dutydesk.tui.screens.notice.screen import NoticeScreen


async def compose_notice(screen: NoticeScreen) -> int | None:
    """Writes a notice and keeps it as a draft; its number, or ``None`` when the officer backed out, whose
    words are then kept for the next time."""
    from dutydesk.desk.notices.texts import draft_notice
    from dutydesk.desk.people.groups import group_rows

    desk = screen.desk.desk
    writing = await _writing(screen)
    groups = sorted(await group_rows(desk), key=lambda row: row.members == 0)
    at = "groups"
    while True:
        answer = await screen.app.push_screen_wait(Composer(writing, groups, at))
        at = "options"
        if answer is None:
            return None
        if answer == "template":
            await _take_template(screen, writing)
            at = "text"
        elif answer == "correction":
            said = N_("Approved with the notice, it can go out at once")
            text = await screen.app.push_screen_wait(AskText(said, value=writing.correction))
            writing.correction = text if text is not None else writing.correction
        else:
            try:
                drafted = await screen.desk_app.write(draft_notice(desk, screen.desk.actor, _form(writing)))
            except DeskError as error:
                screen.desk_app.refused(error)
                continue
            screen._writing = None
            title = N_("Kept as a draft. Everybody gets exactly this:")
            await screen.app.push_screen_wait(Preview(title, drafted.preview, drill=writing.drill))
            follows = (
                N_("Notice {id} is kept: 4 releases the drill.")
                if writing.drill
                else N_("Notice {id} is kept: 3 has it approved.")
            )
            screen.desk_app.news(_(follows, id=f"{drafted.broadcast:03}"))
            return drafted.broadcast


async def _writing(screen: NoticeScreen) -> Composition:
    """What was being written about the open incident, or a new sheet."""
    from dutydesk.desk.views.incidents import whole_incident

    shown = screen.desk_app.shown.incident
    kept = screen._writing
    if kept is None or (kept.incident.id if kept.incident else None) != shown:
        about = None
        if shown is not None:
            about = (await whole_incident(screen.desk.desk, shown)).incident
        kept = Composition(incident=about, drill=bool(about and about.drill))
        screen._writing = kept
    return kept


def _form(writing: Composition) -> NoticeForm:
    from dutydesk.desk.notices.broadcasts import NoticeForm

    return NoticeForm(
        groups=tuple(sorted(writing.groups)),
        text=writing.text,
        drill=writing.drill,
        incident=writing.incident.id if writing.incident else None,
        confirm=writing.confirm,
        urgent=writing.urgent,
        correction_text=writing.correction,
    )


async def _take_template(screen: NoticeScreen, writing: Composition) -> None:
    """Puts a template, filled in from the incident, into the text."""
    from dataclasses import replace

    from dutydesk.desk.notices.texts import template_text

    desk = screen.desk.desk

    def draw(row: NoticeTemplate, width: int) -> Line:
        cells = [Cell(f" {words.say(row.name)}", "strong", width=22), Cell(plain(row.body), "muted", flex=1)]
        return lay_out(cells, width)

    rows: Sequence[NoticeTemplate] = list(desk.reference.templates.values())
    row = await screen.app.push_screen_wait(
        Choose(N_("Which template?"), rows, draw, key=lambda each: each.id)
    )
    if row is not None:
        form = replace(_form(writing), template=row.id, text="")
        writing.text = await template_text(desk, screen.desk.actor, form)
        writing.template = words.say(row.name)


async def show_preview(screen: NoticeScreen, notice: Broadcast, ask: str = "") -> bool:
    """What everybody gets. True when Enter took what ``ask`` asks."""
    from dutydesk.desk.notices.preview import preview

    lines = await preview(screen.desk.desk, notice.id)
    title = N_("Everybody gets exactly this:")
    answer: bool | None = await screen.app.push_screen_wait(
        Preview(title, lines, drill=notice.drill, ask=ask)
    )
    return bool(answer)


async def approve_here(screen: NoticeScreen, notice: Broadcast) -> bool:
    """A second person's approval: of whoever is signed in, or by login and PIN when that is the drafter.

    Whether it was given. The second person's session lasts for the approval alone.
    """
    from dutydesk.desk.notices.broadcasts import approve
    from dutydesk.desk.officers.sessions import sign_in, sign_out

    desk, actor = screen.desk.desk, screen.desk.actor
    if notice.created_by != actor.login:
        if not await show_preview(screen, notice, N_("Enter approves it; Esc goes back.")):
            return False
        await screen.desk_app.write(approve(desk, actor, notice.id))
        return True
    refused = login = ""
    while True:
        said = f"{words.drill(notice.drill)[0]}  {notice.id:03}  {plain(notice.text)}"
        typed = await screen.app.push_screen_wait(SecondPerson(said, refused, login))
        if typed is None:
            return False
        login = typed.login

        async def second(login: str = typed.login, pin: str = typed.pin) -> None:
            if login == actor.login:
                raise NotAllowed("A second person is needed: {login} wrote this notice.", login=login)
            signed_in = await sign_in(desk, login, pin, console=actor.console)
            try:
                await approve(desk, signed_in.actor, notice.id)
            finally:
                await sign_out(desk, signed_in.actor, signed_in.token)

        try:
            await screen.desk_app.write(second())
        except DeskError as error:
            refused = i18n.use(i18n.language()).error(error)
            continue
        return True


async def correct_notice(screen: NoticeScreen, notice: Broadcast) -> int | None:
    """Corrects a notice: with what was prepared, which goes out at once, or with a new text, which is a
    draft. The correction's number."""
    from dutydesk.desk.notices.broadcasts import correct

    text: str | None = ""
    if notice.correction_text:
        ways = {"ready": N_("The prepared correction, at once"), "new": N_("Another text, to be approved")}
        way = await screen.app.push_screen_wait(
            Choose(
                N_("Correct with what?"),
                list(ways),
                lambda row, _w: (Piece(f" {_(ways[row])}"),),
                key=lambda row: row,
            )
        )
        if way is None or (way == "ready" and not await sure(screen, notice.correction_text, N_("Send it"))):
            return None
    else:
        way = "new"
    if way == "new":
        text = await screen.app.push_screen_wait(
            AskText(N_("What is right?"), N_("Goes to everybody whom the notice may have reached."))
        )
        if text is None:
            return None
    drafted = await screen.desk_app.write(
        correct(screen.desk.desk, screen.desk.actor, notice.id, text=text or "")
    )
    return drafted.broadcast


async def sure(screen: NoticeScreen, said: str, yes: str) -> bool:
    """Asks once more; ``yes`` is a sentence of the catalogue for what is done."""
    answer: bool | None = await screen.app.push_screen_wait(AskSure(said, yes))
    return bool(answer)
