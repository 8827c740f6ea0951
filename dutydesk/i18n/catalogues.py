"""Keeps the Chinese catalogue in step with the code: ``python -m dutydesk.i18n.catalogues``.

Collects every English sentence that the program can say, updates ``dutydesk.po`` and compiles
``dutydesk.mo``. Needs Babel, a development dependency; the program itself never imports this module.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from dutydesk.i18n.translator import DOMAIN, LOCALE_DIR

PACKAGE = LOCALE_DIR.parent
COMMAND_LINE = PACKAGE / "cli"
REFUSALS = (
    *("DeskError", "Refused", "NotFound", "NotAllowed", "BadInput", "Misused", "StoreError", "ConfigError"),
)
KEYWORDS = frozenset(("_", "N_", "say", "warn", "word", "gettext", "Said", *REFUSALS))
"""Calls whose first literal argument is a sentence for the catalogue."""


def po_path() -> Path:
    """The catalogue that people edit."""
    return LOCALE_DIR / "zh" / "LC_MESSAGES" / f"{DOMAIN}.po"


def mo_path() -> Path:
    """The compiled catalogue that the program reads."""
    return po_path().with_suffix(".mo")


def sentences() -> Iterator[tuple[str, str]]:
    """Every sentence in the package as ``(file, msgid)``, in the order of the files.

    Read off the syntax tree: Babel's own extraction overlooks what is said inside an f-string.
    """
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_bytes())
        said = [msgid for call in _calls(tree) if (msgid := _literal(call))]
        if path.parent == COMMAND_LINE:
            said += _helps(tree)
        for msgid in said:
            if any(character.isalpha() for character in msgid.replace("{", "")):
                yield path.relative_to(PACKAGE).as_posix(), msgid


def _calls(tree: ast.Module) -> list[ast.Call]:
    found = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return sorted(found, key=lambda each: (each.lineno, each.col_offset))


def _helps(tree: ast.Module) -> Iterator[str]:
    """What the command line says of itself: the docstrings of its commands, and the ``help`` of options."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and any(_is_command(each) for each in node.decorator_list):
            yield ast.get_docstring(node) or ""
    for call in _calls(tree):
        for keyword in call.keywords:
            match keyword:
                case ast.keyword(arg="help", value=ast.Constant(value=str() as text)):
                    yield text


def _is_command(decorator: ast.expr) -> bool:
    match decorator:
        case ast.Call(func=ast.Attribute(attr="command" | "callback")):
            return True
        case _:
            return False


def _literal(call: ast.Call) -> str | None:
    """The sentence that ``call`` says, if it is one of ``KEYWORDS`` and says it literally."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in KEYWORDS:
            pass
        case _:
            return None
    match call.args:
        case [ast.Constant(value=str() as sentence), *_]:
            return sentence
        case _:
            return None


def updated(current: Catalog) -> Catalog:
    """``current`` with the sentences of today: new ones empty, those no longer said dropped.

    No line numbers and no dates, so that two people's changes do not collide on what nobody reads.
    """
    fresh = _empty()
    fresh.creation_date = fresh.revision_date = current.creation_date
    for file, msgid in sentences():
        known = current.get(msgid)
        fresh.add(msgid, string=known.string if known else "", locations=[(file, 0)])
    return fresh


def _empty() -> Catalog:
    return Catalog(
        locale="zh",
        domain=DOMAIN,
        header_comment="# What dutydesk says, in Chinese. English is the key and lives in the code.",
        project="dutydesk",
        copyright_holder="the dutydesk authors",
        msgid_bugs_address="-",
        last_translator="the dutydesk authors",
        language_team="Chinese",
        fuzzy=False,
    )


def read() -> Catalog:
    """The catalogue as it is on disk; an empty one when there is none."""
    if not po_path().exists():
        return _empty()
    with po_path().open("rb") as file:
        return read_po(file, locale="zh", domain=DOMAIN)


def po_bytes(catalogue: Catalog) -> bytes:
    """The text of the ``.po`` file."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=110, include_lineno=False, sort_output=True, omit_header=False)
    return buffer.getvalue()


def mo_bytes(catalogue: Catalog) -> bytes:
    """The compiled ``.mo`` file."""
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def missing(catalogue: Catalog) -> list[str]:
    """Sentences without Chinese."""
    return sorted(str(message.id) for message in catalogue if message.id and not message.string)


def main() -> int:
    """Updates both files; 1 when a sentence still lacks Chinese, each named on stderr."""
    catalogue = updated(read())
    po_path().parent.mkdir(parents=True, exist_ok=True)
    po_path().write_bytes(po_bytes(catalogue))
    mo_path().write_bytes(mo_bytes(catalogue))
    lacking = missing(catalogue)
    for msgid in lacking:
        sys.stderr.write(f"{po_path().name}: no Chinese for: {msgid}\n")
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
