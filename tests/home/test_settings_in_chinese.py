"""A slip in the settings is said in the officer's language, with file, line and key."""

from __future__ import annotations

import pytest

from dutydesk.home.paths import Home
from dutydesk.home.settings import load_settings
from dutydesk.i18n import Translator
from dutydesk.model.errors import ConfigError


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("session_hours: 99\n", ":1: 应不大于 72 (session_hours)"),
        ("timezone: Mars\n", ':1: 没有时区 "Mars"：请用 IANA 名称，如 Asia/Shanghai (timezone)'),
        ("language: zh\ntimezon: x\n", ':2: 没有这个键；是不是 "timezone"？ (timezon)'),
        ("database_url: here.db\n", ":1: 应为 sqlite:////绝对路径 或 postgresql://主机/库名 (database_url)"),
        ("- a\n", ":1: 应为映射（键: 值）"),
    ],
)
def test_of_the_file(home: Home, text: str, said: str) -> None:
    home.config_file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_settings(home)
    assert Translator("zh").error(caught.value) == f"{home.config_file}{said}"


def test_of_the_environment(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUTYDESK_STALE_AFTER", "soon")
    with pytest.raises(ConfigError) as caught:
        load_settings(home)
    line = Translator("zh").error(caught.value)
    assert line == "环境变量 DUTYDESK_STALE_AFTER：应为时长，如 30m、1h 或 2d。"
