"""The table in Chinese, for ``README.zh.md``: figures as measured, words in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

HEADS: Final = ("项目", "dutydesk", "对照", "比值", "标准", "达到", "说明")

# The longest first, so that no part of one is taken for another.
_PHRASES: Final = (
    ("a logged report: its rows, durably", "登记一件接报：全部记录落盘"),
    ("a logged report: the whole command", "登记一件接报：整条命令"),
    ("1,000 timers due at once, p99 late", "1,000 个时限同时到点，p99 迟到"),
    ("the same over asyncio.call_at", "同上，对照 asyncio.call_at"),
    ("2,000 deliveries with bookkeeping", "2,000 条投递，逐条留记录"),
    ("100 healthy deliveries beside 30 hung", "100 条正常投递，旁边 30 条卡住"),
    ("search in 200,000 reports, p95", "20 万件接报里查找，p95"),
    ("the same, p50", "同上，p50"),
    ("the same, CPU of one core", "同上，占一个核的"),
    ("start-up: ", "启动："),
    ("the board with its rows, from start", "从启动到态势画面有内容"),
    ("a second of ticking clocks", "时限走一秒"),
    ("another console's change on screen, p99", "别的席位的改动上屏，p99"),
    ("memory of the console", "席位占内存"),
    ("key to record and paint: a step ticked, ", "按键到落盘并画出：勾一步，"),
    ("key to paint: a step ticked, ", "按键到画出：勾一步，"),
    ("key to paint: a ledger page, 1,000,000 lines, ", "按键到画出：台账翻页，100 万行，"),
    ("key to paint: a character typed in intake, ", "按键到画出：接报里打一个字，"),
    (
        "with reading the narrative, grading, routing, playbooks and clocks",
        "含读文字、定级、归属、选流程、起时限",
    ),
    ("fired, journalled and committed by the whole engine", "由整个引擎触发、记账、提交"),
    ("claimed, sent, recorded and journalled by the whole engine", "由整个引擎认领、发送、记录、记账"),
    ("on the same channel", "同一通道"),
    ("resident, after the above, with the ORM loaded", "上述之后的常驻内存，含已载入的 ORM"),
    ("committed durably and painted as done; p95 ", "已落盘并画成已办；p95 "),
    ("(APScheduler 3, SQLAlchemy store)", "（APScheduler 3，存 SQLAlchemy）"),
    ("(apprise, no bookkeeping)", "（apprise，不留记录）"),
    ("(first frame of a bare Textual app)", "（空 Textual 程序的第一帧）"),
    ("(first screen of posting)", "（posting 的第一屏）"),
    ("(the same without them)", "（没有那 30 条时）"),
    ("(bare Textual app)", "（空 Textual 程序）"),
    ("(no file, no record)", "（无文件、无记录）"),
    ("(LIKE, same answers)", "（LIKE，答案相同）"),
    ("(python -c pass)", "（python -c pass）"),
    ("(sqlite3)", "（sqlite3）"),
    ("(LIKE)", "（LIKE）"),
    ("(bare)", "（空程序）"),
    ("heavy packages imported: ", "载入的大包："),
    ("not measured: ", "没有测："),
    (" open incidents", " 起在办事件"),
    ("no textual", "不载入 textual"),
    (" bytes", " 字节"),
    ("none", "无"),
    ("ok", "是"),
    ("**NOT**", "**没有**"),
)
_PATTERNS: Final = (
    (r"(\d+) rows a report in one transaction, ", r"每件 \1 行，一个事务，"),
    (
        r"(\d+) queries of 2 to 6 characters, rare, common and absent; newest (\d+)",
        r"\1 个 2 至 6 字的词，少见、常见、没有的都有；取最新 \2 件",
    ),
    (r"; (\d+) reports logged by another process", r"；另一进程登记 \1 件接报"),
    (r"(\d+) keys, in turns", r"\1 次按键，轮流"),
)  # fmt: skip


def in_chinese(cells: Sequence[str]) -> tuple[str, ...]:
    """The cells of one row; a phrase that is not here stays English."""
    return tuple(_said(cell) for cell in cells)


def _said(cell: str) -> str:
    for pattern, chinese in _PATTERNS:
        cell = re.sub(pattern, chinese, cell)
    for english, chinese in _PHRASES:
        if english.isalpha():
            cell = chinese if cell == english else re.sub(rf"(?<=：){english}$", chinese, cell)
        else:
            cell = cell.replace(english, chinese)
    return cell.replace(" （", "（")
