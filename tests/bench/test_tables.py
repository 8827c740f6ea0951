"""The READMEs have the measured table, each in its language, and the same figures."""

from __future__ import annotations

import re

from bench.__main__ import BEGIN, DOCUMENT, END, put_into, tables


def rows_of_the_page() -> list[list[str]]:
    """The rows that the last whole run wrote, without their heads."""
    lines = [line for line in DOCUMENT.read_text("utf-8").splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_each_readme_has_the_table_of_the_last_run_in_its_language() -> None:
    for readme, table in tables(rows_of_the_page()).items():
        page = readme.read_text("utf-8")
        assert put_into(page, table) == page, f"{readme.name}: run make bench"


def test_the_chinese_table_is_in_chinese() -> None:
    names = {"dutydesk", "textual", "timer", "list", "report", "add", "version", "python", "pass", "posting"}
    names |= {"sqlite", "apprise", "asyncio", "call", "synchronous", "pydantic", "sqlalchemy", "at"}
    page = next(path for path in tables([]) if path.name == "README.zh.md").read_text("utf-8")
    table = page.partition(BEGIN)[2].partition(END)[0]
    assert set(re.findall(r"\b[a-z]{4,}\b", table)) <= names
