"""The desk's two languages: English sentences in the code, Chinese ones in a gettext catalogue.

Imports nothing heavy and nothing of the desk, so that a command line can afford it.
"""

from __future__ import annotations

from dutydesk.i18n.translator import LANGUAGES, N_, Said, Translator, _, choose, language, use

__all__ = ["LANGUAGES", "N_", "Said", "Translator", "_", "choose", "language", "use"]
