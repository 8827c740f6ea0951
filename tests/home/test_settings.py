"""Settings: the environment over the config file over the defaults; a slip is told, not ignored."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from dutydesk.home.clock import clock_from, spelled
from dutydesk.home.language import resolve_language
from dutydesk.home.paths import Home
from dutydesk.home.settings import SETTING_VARIABLES, Settings, load_settings
from dutydesk.home.settings_schema import ConfigFile
from dutydesk.model.clock import RehearsalClock, SystemClock
from dutydesk.model.errors import BadInput, ConfigError, FaultyFile


def configure(home: Home, text: str) -> None:
    home.config_file.write_text(text, encoding="utf-8")


def test_the_defaults(home: Home) -> None:
    assert load_settings(home) == Settings(database_url=home.database_url)
    configure(home, "# nothing set\n")
    assert load_settings(home) == Settings(database_url=home.database_url)


def test_the_settings_and_their_check_know_the_same_fields_and_defaults(home: Home) -> None:
    fields = {field.name for field in dataclasses.fields(Settings)}
    assert fields == set(ConfigFile.model_fields)
    assert Settings(**{**ConfigFile().model_dump(), "database_url": home.database_url}) == load_settings(home)
    assert "DUTYDESK_DATABASE_URL" in SETTING_VARIABLES


def test_the_config_file_is_followed_and_the_environment_goes_before_it(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(
        home,
        "language: en\ntimezone: Asia/Chongqing\ntheme: night\nkeys: {go.board: 6}\nsession_hours: 8\n"
        "idle_lock_minutes: 0\nengine_autostart: false\nstale_after: 1h\n",
    )
    found = load_settings(home)
    assert (found.language, found.timezone, found.theme, found.keys) == (
        "en", "Asia/Chongqing", "night", {"go.board": "6"})  # fmt: skip
    assert (found.session_hours, found.idle_lock_minutes, found.engine_autostart) == (8, 0, False)
    assert found.stale_after == timedelta(hours=1)
    assert found.database_url == home.database_url
    monkeypatch.setenv("DUTYDESK_ENGINE_AUTOSTART", "1")
    monkeypatch.setenv("DUTYDESK_STALE_AFTER", "45m")
    monkeypatch.setenv("DUTYDESK_DATABASE_URL", "postgresql://db/duty")
    monkeypatch.setenv("DUTYDESK_THEME", "")
    found = load_settings(home)
    assert (found.engine_autostart, found.stale_after) == (True, timedelta(minutes=45))
    assert found.database_url == "postgresql://db/duty"
    assert found.theme == "night"


def test_each_fault_of_the_config_file_has_its_line_and_key(home: Home) -> None:
    configure(
        home,
        "langauge: zh\nlanguage: fr\ntimezone: Asia/Jiulongpo\nsession_hours: 0\nidle_lock_minutes: soon\n"
        "stale_after: 30\ndatabase_url: sqlite:///relative.db\nkeys: [f6]\n",
    )
    with pytest.raises(FaultyFile) as caught:
        load_settings(home)
    path = home.config_file
    assert [str(fault) for fault in caught.value.faults] == [
        f'{path}:1: unknown key; did you mean "language"? (langauge)',
        f"{path}:2: \"fr\" is not one of 'zh' or 'en' (language)",
        f'{path}:3: there is no time zone "Asia/Jiulongpo": use an IANA name such as Asia/Shanghai '
        "(timezone)",
        f"{path}:4: must be greater than 0 (session_hours)",
        f"{path}:5: must be a whole number (idle_lock_minutes)",
        f"{path}:6: must be a span such as 30m, 1h or 2d (stale_after)",
        f"{path}:7: must name an absolute path: sqlite:////absolute/path (four slashes) (database_url)",
        f"{path}:8: must be a mapping (key: value) (keys)",
    ]


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("DUTYDESK_ENGINE_AUTOSTART", "perhaps", "ENGINE_AUTOSTART in the environment: must be true"),
        ("DUTYDESK_DATABASE_URL", "mysql://x", "DUTYDESK_DATABASE_URL in the environment: must be sqlite:////"),
        ("DUTYDESK_DATABSE_URL", "postgresql://x/y", "did you mean DUTYDESK_DATABASE_URL?"),
    ],
)  # fmt: skip
def test_a_slip_in_the_environment_is_named(
    home: Home, monkeypatch: pytest.MonkeyPatch, name: str, value: str, what: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as caught:
        load_settings(home)
    assert what in str(caught.value)


def test_a_home_without_a_config_file_pays_for_no_validation(home: Home) -> None:
    code = (
        "import sys, json, pathlib\n"
        "from dutydesk.home.paths import Home\n"
        "from dutydesk.home.settings import load_settings\n"
        f"load_settings(Home.at(pathlib.Path({str(home.directory)!r})))\n"
        "print(json.dumps([name for name in ('pydantic', 'yaml', 'platformdirs') if name in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []


@pytest.mark.parametrize(
    ("option", "environ", "config", "language"),
    [
        ("en", {"DUTYDESK_LANG": "zh", "LANG": "zh_CN.UTF-8"}, "zh", "en"),
        (None, {"DUTYDESK_LANG": "zh", "LANG": "en_GB.UTF-8"}, "en", "zh"),
        (None, {"LANG": "zh_CN.UTF-8"}, "en", "en"),
        (None, {"LANG": "en_US.UTF-8"}, None, "en"),
        (None, {"LANG": "C.UTF-8"}, None, "zh"),
        (None, {"LANG": "fr_FR.UTF-8"}, None, "zh"),
        (None, {}, None, "zh"),
    ],
)
def test_the_language_is_the_first_that_is_stated(
    option: str | None, environ: dict[str, str], config: str | None, language: str
) -> None:
    settings = Settings(
        database_url="sqlite:////x", language="en" if config == "en" else "zh" if config else None
    )
    assert resolve_language(option, settings, environ) == language


def test_a_language_the_desk_does_not_speak() -> None:
    with pytest.raises(BadInput, match="--lang is fr"):
        resolve_language("fr", None, {})
    with pytest.raises(ConfigError, match="DUTYDESK_LANG is fr"):
        resolve_language(None, None, {"DUTYDESK_LANG": "fr"})


def test_the_clock_is_the_walls_unless_a_rehearsal_is_set() -> None:
    assert isinstance(clock_from(None), SystemClock)
    assert isinstance(clock_from("  "), SystemClock)
    clock = clock_from("2026-11-23T02:40:00+08:00 x60 @2026-11-23T10:00:00+08:00")
    assert clock == RehearsalClock(
        start=datetime(2026, 11, 22, 18, 40, tzinfo=UTC),
        origin=datetime(2026, 11, 23, 2, tzinfo=UTC),
        rate=60.0,
    )
    assert clock.rehearsal
    assert clock.real_seconds(timedelta(minutes=1)) == 1
    assert isinstance(clock, RehearsalClock)
    assert clock_from(spelled(clock)) == clock


def test_a_rehearsal_without_an_origin_starts_now() -> None:
    start = datetime(2026, 11, 23, 2, 40, tzinfo=UTC)
    clock = clock_from("2026-11-23T02:40:00Z")
    assert timedelta() <= clock.now() - start < timedelta(seconds=5)


@pytest.mark.parametrize(
    "text",
    ["tomorrow", "2026-11-23T02:40:00", "2026-11-23T02:40:00Z x0", "2026-11-23T02:40:00Z 60",
     "2026-13-01T00:00Z",
     "2026-11-23T02:40:00Z x60 @noon", "2026-11-23T02:40:00Z x-1", "2026-11-23T02:40:00Z x999999999"],
)  # fmt: skip
def test_a_clock_that_cannot_be_understood_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="DUTYDESK_CLOCK"):
        clock_from(text)
