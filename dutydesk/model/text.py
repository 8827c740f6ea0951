"""Text kept in both of the desk's languages side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or name in Chinese and English. The district's language is Chinese: where the
    English is missing the Chinese stands in for it."""

    zh: str
    en: str = ""

    def in_(self, language: Language) -> str:
        """The text in ``language``."""
        return self.en if language == "en" and self.en else self.zh

    def __str__(self) -> str:
        return self.zh
