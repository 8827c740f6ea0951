"""Signing in, and the first start: who is on this console, asked for in as few keys as possible."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from dutydesk.i18n import N_, _
from dutydesk.model.errors import DeskError
from dutydesk.model.text import Text
from dutydesk.tui.screen import DeskScreen
from dutydesk.tui.widgets.fields import Field
from dutydesk.tui.widgets.reading import Say

if TYPE_CHECKING:
    from dutydesk.tui.gateway import Gateway


class SigninScreen(DeskScreen):
    """Three fields at the first start and a PIN twice; otherwise a login that is remembered and a PIN."""

    SCREEN_ID = "signin"
    ABOUT = Text(
        "输入登录名和 PIN，回车进入。连错五次锁定一刻钟，管理员可重设。",
        "Type login and PIN, Enter signs in. Five wrong PINs lock the login for a quarter of an hour.",
    )
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "next", show=False, priority=True)]
    DEFAULT_CSS = """
    SigninScreen #body { align: center middle; }
    SigninScreen #form { width: 60; max-width: 100%; height: auto; padding: 1 2; background: $panel; }
    SigninScreen .title { text-style: bold; color: $accent; margin: 0 0 1 0; width: 1fr; }
    SigninScreen .quiet { color: $quiet; margin: 1 0 0 0; width: 1fr; }
    SigninScreen Field { margin: 0; }
    SigninScreen Field Input { background: $chosen; }
    SigninScreen #first, SigninScreen #again, SigninScreen #demo { display: none; }
    SigninScreen.-first #again, SigninScreen.-first #name, SigninScreen.-first #demo { display: block; }
    SigninScreen #name { display: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._first: bool | None = None
        self._busy = False

    @property
    def gateway(self) -> Gateway:
        """The way to the desk."""
        return cast("Gateway", self.desk)

    def body(self) -> ComposeResult:
        with Vertical(id="body"), Vertical(id="form"):
            yield Say(N_("Opening the desk ..."), classes="title", id="title")
            yield Field(N_("Name"), hint=N_("as on the duty list"), length=64, id="name")
            yield Field(N_("Login"), hint=N_("letters or digits"), length=32, id="login")
            yield Field(N_("PIN"), secret=True, length=64, id="pin")
            yield Field(N_("PIN again"), secret=True, length=64, id="again")
            yield Say("", classes="quiet", id="state")
            yield Say(N_("To look around first: dutydesk demo"), classes="quiet", id="demo")

    async def load(self) -> None:
        """Opens the desk behind the form; an older database is brought up to date meanwhile."""
        if self._first is not None:
            return
        first = await self.gateway.absent()
        if not first:
            await self.gateway.open()
            first = await self.gateway.nobody_yet()
        self._first = first
        self.set_class(first, "-first")
        self.query_one("#title", Say).say(
            N_("First start: who is the first officer of this desk?") if first else N_("Sign in")
        )
        self.query_one("#state", Say).say(
            N_("Four fields, Enter after each; the last one opens the desk.")
            if first
            else N_("Enter signs in; Ctrl+Q leaves.")
        )
        login = self.query_one("#login", Field)
        if not first and not login.value:
            login.value = self.gateway.usual_login
        self.query_one("#name" if first else "#pin" if login.value else "#login", Field).focus_input()

    def on_screen_resume(self) -> None:
        self.desk_app.fill(self)
        if self._first:
            self._first = None
        elif self._first is False:
            self.query_one("#pin", Field).focus_input()
        self.reload()

    def action_next(self) -> None:
        """Enter: on to the next field, and in on the last one."""
        fields = self._fields
        at = next((place for place, each in enumerate(fields) if each.input is self.focused), -1)
        if at < len(fields) - 1:
            self.set_focus(fields[at + 1].input)
        elif not self._busy and self._first is not None:
            self._busy = True
            self.desk_app.act(self._enter())

    async def _enter(self) -> None:
        name, login, pin, again = (
            self.query_one(f"#{each}", Field) for each in ("name", "login", "pin", "again")
        )
        empty = next((each for each in self._fields if not each.value), None)
        if empty is not None:
            self._busy = False
            self.set_focus(empty.input)
            return
        if self._first and pin.value != again.value:
            self._busy = False
            again.value = ""
            again.wrong(_("The two PINs differ: type the same one twice."))
            return
        state = self.query_one("#state", Say)
        state.say(N_("Preparing the database ...") if self._first else N_("Checking ..."))
        try:
            work = (
                self.gateway.first_officer(login.value, name.value, pin.value)
                if self._first
                else self.gateway.sign_in(login.value, pin.value)
            )
            await self.desk_app.write(work)
        except DeskError as error:
            pin.value = again.value = ""
            pin.wrong(_(error.msgid, **error.details))
            pin.focus_input()
            state.say(N_("Nothing was changed.") if self._first else N_("Enter signs in; Ctrl+Q leaves."))
            return
        finally:
            self._busy = False
        pin.value = again.value = ""
        self._first = False
        self.set_class(False, "-first")
        self.query_one("#title", Say).say(N_("Sign in"))
        state.say(N_("Enter signs in; Ctrl+Q leaves."))
        self.desk_app.admit()

    def back(self) -> bool:
        return True

    @property
    def _fields(self) -> list[Field]:
        ids = ("name", "login", "pin", "again") if self._first else ("login", "pin")
        return [self.query_one(f"#{each}", Field) for each in ids]
