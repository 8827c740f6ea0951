"""Whatever goes wrong ends as one line on stderr and an exit code, never as a traceback."""

from __future__ import annotations

import codecs
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dutydesk.i18n import Translator, use
from dutydesk.model.errors import BadInput, DeskError, FaultyFile
from dutydesk.model.visible import visible_line

if TYPE_CHECKING:
    from dutydesk.cli.doorstep import Doorstep


class Misused(BadInput):
    """A command line that asks for nothing that could be done: a fault of usage, exit code 2."""


def prepare_streams() -> None:
    """Has nothing but what is wrong be said, and that in the desk's own words."""
    _fill_missing_descriptors()
    for stream in (sys.stdout, sys.stderr):
        # What a terminal cannot spell must not turn a done command into a failed one.
        ascii_only = codecs.lookup(stream.encoding).name == "ascii"
        stream.reconfigure(encoding="utf-8" if ascii_only else None, errors="backslashreplace")  # type: ignore[union-attr]
    # A warning is told by the door, in the officer's language; Python's own last resort would say it twice.
    logging.getLogger("dutydesk").addHandler(logging.NullHandler())


def _fill_missing_descriptors() -> None:
    """A caller may have closed our standard streams. The next file opened would take their place, and be
    written into by whoever prints: the database itself."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(descriptor)
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))


def tell(error: DeskError, translator: Translator) -> None:
    """One line on stderr; one line for each fault of a faulty file."""
    if isinstance(error, FaultyFile):
        for fault in error.faults:
            say(translator.fault(fault))
    else:
        say(translator.error(error))


def say(line: str) -> None:
    """``line`` on stderr, if there is anybody to read it."""
    try:
        sys.stderr.write(f"{visible_line(line)}\n")
        sys.stderr.flush()
    except OSError:
        let_go(2)


def let_go(descriptor: int) -> None:
    """Whoever read our output is gone: what is still buffered for it must not fail on the way out."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


@contextmanager
def told_in_one_line(door: Doorstep) -> Iterator[None]:
    """Everything a command does: a refusal becomes one line on stderr and exit code 1, and so does a fault of
    our own, which leaves a crash file."""
    try:
        yield
    except DeskError as error:
        door.tell(error)
        sys.exit(2 if isinstance(error, Misused) else 1)
    except BrokenPipeError:
        let_go(1)  # `| head`
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if _leaves(error):
            raise
        say(_crash_report(error, door))
        sys.exit(1)


def _crash_report(error: Exception, door: Doorstep) -> str:
    from dutydesk.home import crash

    use(door.speech.language)
    try:
        home = door.home
    except DeskError:
        home = None
    return crash.report(error, home)


def _leaves(error: Exception) -> bool:
    """Whether it is the command line's own way of leaving."""
    import typer  # the console does without it

    return isinstance(error, (typer.Exit, typer.Abort, typer.TyperException))
