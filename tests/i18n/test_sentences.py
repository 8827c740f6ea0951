"""What is collected for the catalogue is what the program says, wherever in an expression it says it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from dutydesk.i18n import Translator, catalogues
from dutydesk.store.errors import translate, translate_os


def test_a_sentence_inside_an_f_string_is_collected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "door.py").write_text("said = f\"{_('half past {hour}')} {word(name)}\"\n", "utf-8")
    monkeypatch.setattr(catalogues, "PACKAGE", tmp_path)
    assert list(catalogues.sentences()) == [("door.py", "half past {hour}")]


def test_a_refusal_says_a_sentence_of_the_catalogue_and_not_one_put_together() -> None:
    """A sentence in a constant is marked with N_ where it stands; one made on the spot has no Chinese."""
    made = [
        f"{path.name}:{call.lineno}"
        for path in catalogues.PACKAGE.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in catalogues.REFUSALS
        and call.args
        and isinstance(call.args[0], ast.JoinedStr | ast.BinOp)
    ]
    assert made == []


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left"), OSError(13, "denied"), OSError(2, "no file")]
)
def test_what_is_wrong_with_the_database_is_said_in_chinese(error: OSError) -> None:
    line = Translator("zh").error(translate_os(error, "/desk/dutydesk.db"))
    assert "/desk/dutydesk.db" in line
    assert not [
        word for word in line.replace("/desk/dutydesk.db", "").split() if word.isascii() and word.isalpha()
    ]


def test_a_driver_s_refusal_is_said_in_chinese() -> None:
    import sqlite3

    raw = sqlite3.connect(":memory:")
    with pytest.raises(sqlite3.Error) as caught:
        raw.execute("SELECT * FROM nowhere")
    raw.close()
    refusal = translate(caught.value, "/desk/dutydesk.db")
    assert refusal is not None
    assert "数据库" in Translator("zh").error(refusal)
