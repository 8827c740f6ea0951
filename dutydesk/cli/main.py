"""The root of the command line: its options, and every command's module by name, imported only when used."""

from __future__ import annotations

import importlib
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from dutydesk.cli import everywhere, failures, help, output  # noqa: A004 - what it is about
from dutydesk.cli.door import Door
from dutydesk.cli.doorstep import Doorstep
from dutydesk.i18n import N_

COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("dutydesk.cli.init", N_("The first set-up: the database and the first officer.")),
    "login": ("dutydesk.cli.session:login_app", N_("Sign in and keep a session in the home directory.")),
    "logout": ("dutydesk.cli.session:logout_app", N_("End the session.")),
    "user": ("dutydesk.cli.officers", N_("Officers and their roles.")),
    "grade": ("dutydesk.cli.grade", N_("What grade given figures propose; changes nothing.")),
    "report": ("dutydesk.cli.reports", N_("Log, list, show and search incoming reports.")),
    "incident": ("dutydesk.cli.incidents", N_("Incidents: list, show, grade, close, reopen, note.")),
    "run": ("dutydesk.cli.runs", N_("Walk a playbook on an incident.")),
    "playbook": ("dutydesk.cli.playbooks", N_("List, show and check playbooks; their JSON Schema.")),
    "timer": ("dutydesk.cli.timers", N_("Deadlines and reminders.")),
    "contact": ("dutydesk.cli.contacts", N_("People and their addresses.")),
    "group": ("dutydesk.cli.contacts:group_app", N_("Audiences of notices.")),
    "channel": ("dutydesk.cli.channels", N_("The channels of channels.yaml.")),
    "broadcast": ("dutydesk.cli.broadcasts", N_("Notices: draft, approve, release, status.")),
    "delivery": ("dutydesk.cli.broadcasts:delivery_app", N_("One recipient's copy of a notice.")),
    "journal": ("dutydesk.cli.journal", N_("The chain of everything done.")),
    "demo": ("dutydesk.cli.demo", N_("The console over a throw-away home with a lively sample shift.")),
    "engine": ("dutydesk.cli.engine", N_("The process that fires timers and sends notices.")),
}


class LazyCommands(TyperGroup):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the signature is Typer's
        """Every command, imported or not."""
        return [*COMMANDS]

    def get_help(self, ctx: Any) -> str:
        """The help, in the officer's language."""
        for name in COMMANDS:
            self.get_command(ctx, name)
        return help.shown(self, ctx, super().get_help)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - the signature is Typer's
        """The command ``cmd_name``, or ``None``. Typer keeps the types of its commands to itself."""
        known = self.commands.get(cmd_name)
        if known is not None or cmd_name not in COMMANDS:
            return known
        path, about = COMMANDS[cmd_name]
        module, _, attribute = path.partition(":")
        app: typer.Typer = getattr(importlib.import_module(module), attribute or "app")
        command = everywhere.prepared(typer.main.get_command(app))
        command.name = cmd_name
        command.help = command.help or about
        self.commands[cmd_name] = command
        return command


app = typer.Typer(
    name="dutydesk",
    cls=LazyCommands,
    help="The duty desk of a district emergency management bureau.",
    no_args_is_help=False,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback(invoke_without_command=True)
def root(
    ctx: typer.Context,
    home: Annotated[
        str | None,
        typer.Option(
            "--home",
            envvar="DUTYDESK_HOME",
            help="The desk's home directory.",
            metavar="DIR",
            show_default=False,
        ),
    ] = None,
    lang: Annotated[
        str | None,
        typer.Option(
            "--lang", help="zh or en; otherwise DUTYDESK_LANG, the config, LANG, zh.", metavar="zh|en"
        ),
    ] = None,
    version: Annotated[bool, typer.Option("--version", help="The version, and nothing else.")] = False,
) -> None:
    """Without a command: the console."""
    if version:
        from dutydesk import __version__

        output.line(__version__)
        raise typer.Exit
    door = ctx.obj = Door(language_option=lang)
    everywhere.refuse_unknown_language(door)
    if home is not None:
        with door.told():
            door.elsewhere(everywhere.directory(home))
    if ctx.invoked_subcommand is None:
        from dutydesk.cli.console import open_console

        raise typer.Exit(open_console(door))


def run() -> None:
    """Runs the command line and leaves the process: 0 done, 1 refused or failed, 2 usage. No tracebacks."""
    with failures.told_in_one_line(Doorstep()):
        try:
            sys.exit(app(standalone_mode=False))
        except typer.Abort:
            sys.exit(1)
        except typer.TyperException as error:
            from dutydesk.cli import usage

            usage.tell(error)
            sys.exit(error.exit_code)
