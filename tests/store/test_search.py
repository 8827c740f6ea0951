"""Whatever stands in a report is found by any piece of it, and by nothing else."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dutydesk.model.clock import ManualClock
from dutydesk.model.errors import BadInput
from dutydesk.model.officers import Actor
from dutydesk.store.database import Store
from dutydesk.store.grams import document, fold, query
from dutydesk.store.reader import Reader
from dutydesk.store.views import journal, reports
from tests.store.rows import log_call, report

TEXTS = (
    "液氯槽车在陶家镇侧翻泄漏，2人死亡",
    "玉清寺后山冒烟，未见明火",
    "某厂失火，氨气泄漏",
    "[/紧急] AND OR NOT NEAR(\"a\" 'b') * ^ col:x",
    "G85 高速 K1020+300 Crash，车牌渝A12345",
    "失",
    "火失",
    "100% 下穿道_积水",
)


@pytest.fixture
async def full(store: Store, actor: Actor) -> Store:
    async with store.transaction(actor) as transaction:
        rows = [report(transaction.now, text) for text in TEXTS]
        rows.append(report(transaction.now, "来电", place="谢家湾正街", town="谢家湾", caller="欧阳某"))
        await transaction.insert(rows)
        transaction.journal("report.logged", "report:9", {"place": "谢家湾正街", "note": "液氯"})
    return store


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("氨气", [3]),
        ("失火", [3]),
        ("失", [7, 6, 3]),
        ("氯", [1]),
        ("泄漏", [3, 1]),
        ("液氯槽车在陶家镇侧翻泄漏", [1]),
        ("液氯泄漏", []),
        ("泄漏 液氯", [1]),
        ("crash", [5]),
        ("CRASH", [5]),
        ("12345", [5]),
        ("2345", [5]),
        ("[/紧急]", [4]),
        ("OR NOT", [4]),
        ('"a"', [4]),
        ("'b'", [4]),
        ("*", [4]),
        ("^", [4]),
        ("col:x", [4]),
        ("%", [8]),
        ("_", [8]),
        ("0%", [8]),
        ("谢家湾", [9]),
        ("来电谢家湾", []),
        ("欧阳", [9]),
        ("湾谢", []),
        ("", []),
        ("   ", []),
        ("\x00", []),
        ("液\x1f氯", [1]),
    ],
)
async def test_pieces_of_text_are_found(full: Store, reader: Reader, words: str, numbers: list[int]) -> None:
    assert await reports.search(reader, words) == numbers


async def test_the_newest_come_first_and_page_on(full: Store, reader: Reader) -> None:
    assert await reports.search(reader, "失", limit=2) == [7, 6]
    assert await reports.search(reader, "失", limit=2, before=6) == [3]


async def test_the_journal_is_searched_too(full: Store, reader: Reader) -> None:
    assert [found.seq for found in await journal.search(reader, "谢家湾")] == [1]
    assert [found.seq for found in await journal.search(reader, "report.logged")] == [1]
    assert await journal.search(reader, "不存在") == []


async def test_a_rare_character_far_back_is_found(store: Store, reader: Reader, actor: Actor) -> None:
    async with store.transaction(actor) as transaction:
        await transaction.insert([report(transaction.now, "氰化物桶")])
        await transaction.insert([report(transaction.now, "例行来电") for _ in range(2100)])
        transaction.journal("reports.imported", "", {})
    assert await reports.search(reader, "氰") == [1]
    assert await reports.search(reader, "例", limit=3) == [2101, 2100, 2099]
    assert await reports.search(reader, "来 例", limit=1) == [2101]


letters = st.text(alphabet="液氯火失aB1\"'*:()-%_ ，\n[/]^", max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(letters, min_size=1, max_size=6), word=letters)
async def test_search_answers_as_like_does(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], word: str
) -> None:
    table = sqlite3.connect(":memory:")
    table.execute("CREATE VIRTUAL TABLE t USING fts5(grams, content='', columnsize=0, tokenize='ascii')")
    table.execute("CREATE TABLE plain (id INTEGER PRIMARY KEY, text TEXT)")
    for number, text in enumerate(texts, 1):
        table.execute("INSERT INTO plain VALUES (?, ?)", (number, text))
        table.execute("INSERT INTO t (rowid, grams) VALUES (?, ?)", (number, document(text)))
    tokens = query(word)
    pattern = "".join(f"\\{c}" if c in "%_\\" else c for c in word)
    expected = table.execute(
        "SELECT id FROM plain WHERE text LIKE ? ESCAPE '\\'", (f"%{pattern}%",)
    ).fetchall()
    if tokens:
        phrase = f'"{" ".join(tokens)}"' + (" *" if len(word) == 1 else "")
        assert (
            table.execute("SELECT rowid FROM t WHERE t MATCH ? ORDER BY rowid", (phrase,)).fetchall()
            == expected
        )
    table.close()


def test_only_letters_a_to_z_are_folded() -> None:
    assert fold("ABCxyzÄ氯") == "abcxyzÄ氯"


async def test_the_index_is_used_and_fast_enough_to_type_by(
    sqlite_path: Path, sqlite_url: str, actor: Actor, clock: ManualClock
) -> None:
    plan = sqlite3.connect(sqlite_path).execute(
        "EXPLAIN QUERY PLAN SELECT rowid FROM report_search WHERE report_search MATCH 'x' AND rowid < 9 "
        "ORDER BY rowid DESC LIMIT 50"
    )
    steps = " ".join(row[3] for row in plan)
    assert "VIRTUAL TABLE INDEX" in steps
    assert "TEMP B-TREE" not in steps


async def test_a_long_word_is_found_whole_and_in_time(store: Store, reader: Reader, actor: Actor) -> None:
    """A phrase of thousands of like pairs took the index minutes."""
    long = "氨" * 6_000
    async with store.transaction(actor) as transaction:
        await log_call(transaction, long)
    async with store.transaction(actor) as transaction:
        await log_call(transaction, "氨" * 5_999 + "气")
    assert await reports.search(reader, long) == [1]
    assert await reports.search(reader, long + "氨") == []
    assert await reports.search(reader, "氨" * 5_000 + "气") == [2]
    assert await reports.search(reader, "氨" * 5_000) == [2, 1]


async def test_more_words_than_anybody_types_are_refused(reader: Reader) -> None:
    assert await reports.search(reader, "氨 " * 1_000) == []
    with pytest.raises(BadInput, match="41"):
        await reports.search(reader, " ".join(str(number) for number in range(41)))
