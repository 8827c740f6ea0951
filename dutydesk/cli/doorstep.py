"""What is known before a command is: the home directory, its settings and the language. It imports no
command-line library, whose import costs bare ``dutydesk`` as much as half of its way to the first frame."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from dutydesk.cli import failures
from dutydesk.home.paths import Home
from dutydesk.i18n import Translator
from dutydesk.model.errors import DeskError

if TYPE_CHECKING:
    from dutydesk.home.settings import Settings
    from dutydesk.model.text import Language


class Doorstep:
    """One run of the program over one home directory."""

    def __init__(self, *, home_dir: Path | None = None, language_option: str | None = None) -> None:
        self._home_dir = home_dir
        self._language_option = language_option

    @cached_property
    def home(self) -> Home:
        return Home.at(self._home_dir)

    @cached_property
    def settings(self) -> Settings:
        from dutydesk.home.settings import load_settings

        return load_settings(self.home)

    @cached_property
    def language(self) -> Language:
        from dutydesk.home.language import resolve_language

        return resolve_language(self._language_option, self.settings, os.environ)

    @cached_property
    def translator(self) -> Translator:
        return Translator(self.language)

    @property
    def speech(self) -> Translator:
        """The translator; where the home or the settings are at fault, that of the language as far as it can
        be told without them."""
        try:
            return self.translator
        except DeskError:
            from dutydesk.home.language import told_language

            return Translator(told_language(self._language_option, os.environ))

    @property
    def help_speech(self) -> Translator:
        """The officer's language for help and slips of usage: asked for without making a home directory."""
        from dutydesk.home.language import resolve_language, told_language
        from dutydesk.home.settings import load_settings

        try:
            settings = load_settings(Home.located(self._home_dir))
            return Translator(resolve_language(self._language_option, settings, os.environ))
        except DeskError:
            return Translator(told_language(self._language_option, os.environ))

    def tell(self, error: DeskError) -> None:
        """A refusal or warning, on stderr."""
        failures.tell(error, self.speech)
