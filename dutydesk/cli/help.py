"""Help in the officer's language. A command's own words are sentences of the catalogue, put into Chinese only
when help is asked for; the library's few headings have no catalogue and are replaced."""

from __future__ import annotations

import inspect
import sys
from typing import Any

from dutydesk.cli.doorstep import Doorstep
from dutydesk.i18n import Translator

_HEADINGS = (
    ("Usage: ", "用法："),
    ("[OPTIONS]", "[选项]"),
    ("COMMAND [ARGS]...", "命令 [参数]..."),
    ("\nArguments:\n", "\n参数：\n"),
    ("\nOptions:\n", "\n选项：\n"),
    ("\nCommands:\n", "\n命令：\n"),
    ("Show this message and exit.", "显示本帮助。"),
    ("[required]", "[必填]"),
    ("[default: ", "[默认："),
    ("[env var: ", "[环境变量："),
)


def shown(command: Any, context: Any, plain: Any) -> str:
    """The help of ``command``; ``plain`` makes it, of what its parts say now."""
    door = context.find_root().obj
    option = _language_typed()
    step = door if isinstance(door, Doorstep) and option is None else Doorstep(language_option=option)
    translator = step.help_speech
    if translator.language == "en":
        return str(plain(context))
    _translate(command, translator)
    text = str(plain(context))
    for english, chinese in _HEADINGS:
        text = text.replace(english, chinese)
    return text


def _language_typed() -> str | None:
    """``--lang`` wherever it stands: help is shown before the options are read."""
    for word, following in zip(sys.argv, [*sys.argv[1:], ""], strict=True):
        if word == "--lang" and following:
            return following
        if word.startswith("--lang="):
            return word.partition("=")[2]
    return None


def _translate(command: Any, translator: Translator) -> None:
    for each in getattr(command, "commands", {}).values():
        _translate(each, translator)
    if command.help:
        command.help = translator.gettext(inspect.cleandoc(command.help))
        command.short_help = command.help.splitlines()[0]
    for parameter in command.params:
        if getattr(parameter, "help", None):
            parameter.help = translator.gettext(parameter.help)
