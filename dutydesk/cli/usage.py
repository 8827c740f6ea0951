"""A command line that cannot be understood: one line in the officer's language that says what is wrong
with it and where help is. The library's own words are English and four lines long."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

import typer

from dutydesk.cli import failures
from dutydesk.cli.doorstep import Doorstep
from dutydesk.i18n import Translator
from dutydesk.model.visible import quoted


def tell(error: typer.TyperException) -> None:
    """One line on stderr about a command line that cannot be understood; a command without its words gets its
    help instead. Errors are told apart by their names, which the library keeps to itself."""
    context: Any = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stderr.write(f"{error.format_message()}\n")
        return
    door = context.find_root().obj if context is not None else None
    translator = (door or Doorstep()).help_speech
    what = _what(error, translator) or error.format_message().strip()
    if context is None:
        failures.say(f"dutydesk: {what}")
    else:
        path = context.command_path
        failures.say(
            f"{path}: {what} {translator.gettext('`{path} --help` shows how it is used.', path=path)}"
        )


def _what(error: Any, translator: Translator) -> str:
    say = translator.gettext
    match type(error).__name__:
        case "NoSuchOption":
            near = " ".join(error.possibilities or ())
            told = say("There is no option {name}.", name=quoted(error.option_name))
            return f"{told} {say('Near it: {names}.', names=near)}" if near else told
        case "BadOptionUsage":
            return say("The option {name} needs a value.", name=error.option_name)
        case "MissingParameter":
            return say("{name} is missing.", name=_name(error.param))
        case "BadParameter":
            return _bad_value(error, translator)
        case "UsageError" if (word := _unknown_command(error.message)) is not None:
            return say("There is no command {name}.", name=quoted(word))
        case "UsageError" if error.message.startswith("Got unexpected extra argument"):
            return say(
                "There is a word too many: {words}.", words=quoted(error.message.partition("(")[2][:-1])
            )
        case _:
            return ""


def _bad_value(error: Any, translator: Translator) -> str:
    """From the validation that lies behind: what was given, and what would be taken."""
    say = translator.gettext
    name = _name(error.param)
    details: list[Any] = getattr(error.__cause__, "errors", list)()
    if not details:
        return say("{name}: {what}", name=name, what=error.message)
    given = quoted(str(details[0]["input"]))
    limits = details[0].get("ctx", {})
    choices = _choices(error.param)
    if choices:
        return say(
            "{name} takes one of {choices}; {given} is none of them.", name=name, choices=choices, given=given
        )
    if "ge" in limits:
        return say(
            "{name} takes a number from {least} on; {given} is below it.",
            name=name,
            least=limits["ge"],
            given=given,
        )
    if "le" in limits:
        return say(
            "{name} takes a number up to {most}; {given} is above it.",
            name=name,
            most=limits["le"],
            given=given,
        )
    if details[0]["type"].startswith("int"):
        return say("{name} takes a whole number; {given} is none.", name=name, given=given)
    return say("{name}: {what}", name=name, what=details[0]["msg"])


def _name(parameter: Any) -> str:
    """``--text``, or ``REPORT`` for an argument."""
    if parameter is None:
        return "-"
    options: Iterable[str] = getattr(parameter, "opts", ())
    dashed = [option for option in options if option.startswith("-")]
    return dashed[0] if dashed else str(parameter.name).upper()


def _choices(parameter: Any) -> str:
    descriptor = getattr(parameter, "type_descriptor", None)
    return " ".join(str(choice.value) for choice in getattr(descriptor, "choices", None) or ())


def _unknown_command(message: str) -> str | None:
    start = "No such command "
    return message.removeprefix(start).strip("'.") if message.startswith(start) else None
