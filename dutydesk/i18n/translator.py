"""Turns an English sentence into the officer's language, with its fields filled in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from gettext import NullTranslations

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
DOMAIN = "dutydesk"
LONGEST_VALUE = 600
LOCALE_DIR = Path(__file__).resolve().parent.parent / "locale"


class Sentence(Protocol):
    """What a refusal carries: an English sentence with ``{fields}``, and their values."""

    msgid: str
    details: dict[str, object]


class Faulty(Protocol):
    """One thing wrong in a file."""

    @property
    def file(self) -> str: ...
    @property
    def line(self) -> int: ...
    @property
    def key(self) -> str: ...
    @property
    def what(self) -> str: ...


class Bilingual(Protocol):
    """A name kept in both languages side by side (``model.text.Text``)."""

    def in_(self, language: Language) -> str:
        """The text in ``language``."""
        ...


class Said(str):
    """A sentence said in English, such as what is wrong in line 7, that can still be said in Chinese: it
    knows its entry of the catalogue and what was filled in."""

    __slots__ = ("fields", "msgid")
    msgid: str
    fields: dict[str, object]

    def __new__(cls, msgid: str, /, **fields: object) -> Said:
        """``msgid`` is an English sentence of the catalogue with ``{fields}``."""
        said = super().__new__(cls, msgid.format(**fields) if fields else msgid)
        said.msgid = msgid
        said.fields = fields
        return said


class _Fields(dict[str, object]):
    """A field that nobody filled stays visible as ``{name}`` instead of breaking the sentence."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


class Translator:
    """One language's catalogue, loaded at its first use. English needs none: its sentences are the keys."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self._catalogue: NullTranslations | None = None

    def gettext(self, msgid: str, /, **fields: object) -> str:
        """``msgid`` in this language, its ``{fields}`` filled. An untranslated sentence stays English.

        Values are put in as they are: the caller shows the result as plain text, never as markup.
        """
        sentence = self._load().gettext(msgid) if msgid else ""
        return sentence.format_map(_Fields(fields)) if fields else sentence

    def error(self, error: Sentence) -> str:
        """The one line that a refusal says (``model.errors.DeskError``). A value longer than anybody would
        read is cut: what to do stands behind it."""
        if faults := getattr(error, "faults", ()):
            return "; ".join(self.fault(fault) for fault in faults)
        return self.gettext(error.msgid, **{key: self._value(value) for key, value in error.details.items()})

    def fault(self, fault: Faulty) -> str:
        """``FILE:LINE: what`` of one thing wrong in a file (``model.errors.Fault``)."""
        key = f" ({fault.key})" if fault.key else ""
        return f"{fault.file}:{fault.line}: {self.said(fault.what)}{key}"

    def said(self, text: str) -> str:
        """A sentence that was said in English; as it is, where it has no Chinese. What was filled into it may
        have been said as well."""
        if not isinstance(text, Said):
            return self.gettext(text)
        filled = {
            name: self.said(value) if isinstance(value, Said) else value
            for name, value in text.fields.items()
        }
        return self.gettext(text.msgid, **filled)

    def name(self, text: Bilingual) -> str:
        """A bilingual name in this language."""
        return text.in_(self.language)

    def _value(self, value: object) -> object:
        pick = getattr(value, "in_", None)
        if callable(pick):
            shown = pick(self.language)
        else:
            shown = self.said(value) if isinstance(value, Said) else value
        said = str(shown)
        return f"{said[: LONGEST_VALUE - 1]}…" if len(said) > LONGEST_VALUE else shown

    def _load(self) -> NullTranslations:
        if self._catalogue is None:
            import gettext  # an English command line never needs it

            self._catalogue = (
                gettext.NullTranslations()
                if self.language == "en"
                else gettext.translation(DOMAIN, LOCALE_DIR, languages=[self.language])
            )
        return self._catalogue


_translators: dict[Language, Translator] = {each: Translator(each) for each in LANGUAGES}
_current: Translator = _translators["zh"]


def use(language: Language) -> Translator:
    """Makes ``language`` the one that :func:`_` speaks from now on, and returns its translator."""
    global _current
    _current = _translators[language]
    return _current


def language() -> Language:
    """The language in use."""
    return _current.language


def _(msgid: str, /, **fields: object) -> str:
    """``msgid`` in the language in use."""
    return _current.gettext(msgid, **fields)


def N_(msgid: str, /) -> str:  # noqa: N802 - gettext's own name for it
    """Marks a sentence for the catalogue where it is kept, to be translated where it is shown."""
    return msgid


def choose(*wishes: str | None, environ: Mapping[str, str], default: Language = "zh") -> Language:
    """The first usable of ``wishes`` (an option, ``DUTYDESK_LANG``, the config), else ``LANG``, else
    ``default``.

    A wish is ``zh``, ``en`` or a locale name that starts with one of them. A ``LANG`` of ``C`` or ``POSIX``
    says nothing.
    """
    for wish in (*wishes, environ.get("LC_ALL"), environ.get("LC_MESSAGES"), environ.get("LANG")):
        for known in LANGUAGES:
            if wish and wish.lower().replace("-", "_").split("_")[0].split(".")[0] == known:
                return known
    return default
