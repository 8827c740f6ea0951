"""The command line's way to the desk: opens it, knows who acts, speaks the officer's language, tells
refusals in one line."""

from __future__ import annotations

import asyncio
import os
import platform
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from dutydesk.cli import failures, output
from dutydesk.cli.doorstep import Doorstep
from dutydesk.model.errors import BadInput, ConfigError, DeskError, NotAllowed, Refused
from dutydesk.model.names import name_of

if TYPE_CHECKING:
    from dutydesk.desk.desk import Desk
    from dutydesk.model.officers import Actor
    from dutydesk.model.reference import Reference
    from dutydesk.model.text import Text

T = TypeVar("T")


class Door(Doorstep):
    """One run of the command line over one home directory."""

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.settings.timezone)

    @property
    def console(self) -> str:
        """Where this command is typed, for the journal."""
        return f"cli@{platform.node() or 'localhost'}"

    @cached_property
    def reference(self) -> Reference:
        """The district's data without a database, for commands that need no desk."""
        from dutydesk.reference import load

        return load(self.home.reference_dir) if self.home.reference_dir.is_dir() else load()

    @cached_property
    def step_titles(self) -> Mapping[tuple[str, str], Text]:
        """The titles of all steps by playbook and step, without a database. A faulty playbook is left out:
        what looks for faults tells them."""
        from dutydesk.desk.runs.playbook_files import load_catalogue

        books = load_catalogue(self.home.playbook_dir)[0].playbooks.values()
        return {(book.id, step.id): step.title for book in books for step in book.steps()}

    @cached_property
    def marker_names(self) -> Mapping[str, Text]:
        """What markers are called; nothing while the district's files are at fault."""
        from dutydesk.desk.incidents.circumstances import known_markers

        try:
            return known_markers(self.reference)
        except ConfigError:
            return {}

    # -------------------------------------------------------------------------------------------- working

    def told(self) -> AbstractContextManager[None]:
        """Everything a command does: a refusal becomes one line on stderr and exit code 1."""
        return failures.told_in_one_line(self)

    def elsewhere(self, home: Path) -> None:
        """Another home directory, named after the command. Nothing may have been read of the first."""
        self._home_dir = home

    def in_language(self, option: str) -> None:
        """Another language, named after the command."""
        self._language_option = option

    def refuse_unknown_language(self) -> None:
        """Raises Misused, ConfigError where the option or the variable names no language of the desk, before
        anything is done."""
        from dutydesk.home.language import resolve_language

        try:
            resolve_language(self._language_option, None, os.environ)
        except BadInput as error:
            raise failures.Misused(error.msgid, **error.details) from None

    def look(self, work: Callable[[Desk], Awaitable[T]]) -> T:
        """Reads. Nobody has to be signed in: who may read the home directory may read the desk."""
        return asyncio.run(self._with_desk(work))

    act = look
    """Does something that needs no session, such as opening one."""

    def change(self, work: Callable[[Desk, Actor], Awaitable[T]], *, wakes_engine: bool = False) -> T:
        """Changes something, as the officer who is signed in. Raises NotAllowed without a session.

        ``wakes_engine``: what it leaves behind needs the engine, which is started if none runs.
        """
        token = self.session_token()

        async def as_officer(desk: Desk) -> T:
            from dutydesk.desk.officers.identity import actor_of

            return await work(desk, await actor_of(desk, token, console=self.console))

        done = asyncio.run(self._with_desk(as_officer))
        if wakes_engine:
            self.wake_engine()
        return done

    async def _with_desk(self, work: Callable[[Desk], Awaitable[T]]) -> T:
        from dutydesk.desk.opening import open_desk

        desk = await open_desk(self.home, self.settings)
        try:
            done = await work(desk)
        finally:
            await desk.close()
        for warning in desk.warnings:
            self.tell(warning)
        return done

    def prepared(self) -> bool:
        """Whether there is a database, of whatever version of ours. Raises StoreError for any other."""
        from dutydesk.desk.opening import state_of

        return asyncio.run(state_of(self.settings)) != "absent"

    def prepare_database(self) -> None:
        """Makes the database, or brings it up to date."""
        from dutydesk.desk.opening import prepare

        prepare(self.home, self.settings)

    def wake_engine(self) -> None:
        """Starts the engine if none runs. What was asked for is on record whatever comes of this."""
        from dutydesk.desk.engine.process import ensure_running

        try:
            asyncio.run(ensure_running(self.home, self.settings))
        except DeskError as error:
            self.tell(error)

    # -------------------------------------------------------------------------------------------- session

    def session_token(self) -> str:
        """The token of this home's session. Raises NotAllowed when nobody is signed in."""
        from dutydesk.home import session_file

        token = session_file.read(self.home)
        if token is None:
            raise NotAllowed("Nobody is signed in: `dutydesk login LOGIN` first.")
        return token

    def keep_session(self, token: str) -> None:
        """Writes the session file, for its owner alone."""
        from dutydesk.home import session_file

        session_file.write(self.home, token)

    def drop_session(self) -> None:
        """Removes the session file."""
        from dutydesk.home import session_file

        session_file.remove(self.home)

    def pin(self, *, new: bool = False) -> str:
        """The PIN from DUTYDESK_PIN, or asked for. Raises Refused where there is nobody to ask or no answer,
        BadInput for one that is no text, or two that differ."""
        given = os.environ.get("DUTYDESK_PIN")
        if given is not None:
            return given
        if not sys.stdin.isatty():
            raise Refused("A PIN is needed and there is no terminal to ask at: set DUTYDESK_PIN.")
        pin = _asked(self.word("PIN: "))
        if new and _asked(self.word("The same PIN again: ")) != pin:
            raise BadInput("The two PINs differ; nothing was changed.")
        return pin

    def old_pin(self) -> str:
        """The PIN that is to be replaced, from DUTYDESK_OLD_PIN, or asked for. Raises Refused, BadInput."""
        given = os.environ.get("DUTYDESK_OLD_PIN")
        if given is not None:
            return given
        if not sys.stdin.isatty():
            raise Refused("The old PIN is needed and there is no terminal to ask at: set DUTYDESK_OLD_PIN.")
        return _asked(self.word("The old PIN: "))

    # ------------------------------------------------------------------------------------------- speaking

    def word(self, msgid: str) -> str:
        """One word or sentence in the officer's language."""
        return self.translator.gettext(msgid)

    def name(self, value: Enum) -> str:
        """What a state or level is called in the officer's language."""
        return name_of(value).in_(self.language)

    def say(self, msgid: str, **details: object) -> None:
        """One line on stdout."""
        output.line(output.one_line(self.translator.gettext(msgid, **details)))

    def warn(self, msgid: str, **details: object) -> None:
        """One line on stderr."""
        failures.say(self.speech.gettext(msgid, **details))

    def clock_time(self, moment: datetime | None) -> str:
        """``11-23 02:40:07`` in the district's zone."""
        return "-" if moment is None else moment.astimezone(self.zone).strftime("%m-%d %H:%M:%S")

    def level_name(self, event_type: str, level: int | None) -> str:
        """What the type's table calls a level; ``-`` without one."""
        from dutydesk.desk.incidents.grades import level_name

        return level_name(self.reference, event_type, level).in_(self.language) or "-"


def _asked(prompt: str) -> str:
    import getpass

    try:
        return getpass.getpass(prompt)
    except EOFError:
        raise Refused("No PIN was given; nothing was changed.") from None
    except UnicodeDecodeError:
        raise BadInput("The PIN holds bytes that are no text: choose one of letters and digits.") from None
