"""What every command takes: the home directory and the language after it as well as before, and arguments
in whatever bytes they were typed."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from dutydesk.cli import help  # noqa: A004 - what it is about
from dutydesk.cli.door import Door
from dutydesk.cli.failures import Misused
from dutydesk.model.decoding import argument


def _elsewhere(ctx: typer.Context, value: str | None) -> None:
    if value is not None:
        door = _door(ctx)
        with door.told():
            door.elsewhere(directory(value))


def directory(given: str) -> Path:
    """The home directory named by ``--home``. Raises Misused for an empty name, which as a path would mean
    wherever the command happens to be typed."""
    if not given.strip():
        raise Misused("--home is empty; it takes a directory.")
    return Path(given)


def _in_language(ctx: typer.Context, value: str | None) -> None:
    if value is not None:
        door = _door(ctx)
        door.in_language(value)
        refuse_unknown_language(door)


def refuse_unknown_language(door: Door) -> None:
    """A language that the desk does not speak is refused before anything is done; named on the command line,
    it is a fault of usage."""
    with door.told():
        door.refuse_unknown_language()


def _door(ctx: typer.Context) -> Door:
    door: Door = ctx.find_root().obj
    return door


@functools.cache
def _options() -> tuple[Any, ...]:
    """The options as Typer makes them of a command's parameters."""
    probe = typer.Typer(add_completion=False)

    @probe.command()
    def _probe(
        home: Annotated[
            str | None,
            typer.Option(
                "--home",
                help="The desk's home directory.",
                metavar="DIR",
                callback=_elsewhere,
                expose_value=False,
            ),
        ] = None,
        lang: Annotated[
            str | None,
            typer.Option(
                "--lang", help="zh or en.", metavar="zh|en", callback=_in_language, expose_value=False
            ),
        ] = None,
    ) -> None: ...

    return tuple(option for option in typer.main.get_command(probe).params if option.name in ("home", "lang"))


def prepared(command: Any) -> Any:
    """``command``, a group of them or one, made to take the options and any bytes. Typer keeps the types of
    its commands to itself."""
    command.params = [*command.params, *_options()]
    command.get_help = functools.partial(help.shown, command, plain=command.get_help)
    for each in getattr(command, "commands", {}).values():
        prepared(each)
    if command.callback is not None:
        command.callback = _of_any_bytes(command.callback)
    return command


def _of_any_bytes(callback: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(callback)
    def called(*positional: Any, **named: Any) -> Any:
        return callback(*positional, **{name: _text(value) for name, value in named.items()})

    return called


def _text(value: Any) -> Any:
    if type(value) is str:
        return argument(value)
    return [_text(each) for each in value] if isinstance(value, list) else value
