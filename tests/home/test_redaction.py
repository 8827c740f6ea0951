"""No telephone number, token or secret reaches a log line or a crash file."""

from __future__ import annotations

import contextlib
import logging
import re
import stat
from collections.abc import Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutydesk.home import crash
from dutydesk.home.logs import start_log
from dutydesk.home.paths import Home
from dutydesk.home.redaction import MASK, Redactor, redact, register_secret

words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Nd", "Cs"), exclude_characters="-+(.（ "), max_size=20
)
digits = st.text("0123456789", min_size=1, max_size=1)
mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@given(
    words,
    mobiles,
    words,
    st.sampled_from(["", "-", " ", "."]),
    st.sampled_from(["", "+86", "86-", "0086 ", "+86 "]),
)
def test_no_mobile_number_survives(before: str, number: str, after: str, gap: str, prefix: str) -> None:
    written = prefix + gap.join((number[:3], number[3:7], number[7:]))
    kept = redact(f"{before} {written} {after}")
    assert written not in kept
    assert number[3:7] + gap + number[7:] not in kept


@given(
    words,
    st.sampled_from(["023", "010", "021", "0731", "0571"]),
    st.sampled_from(["", "-", " ", ")"]),
    st.from_regex(r"[2-9][0-9]{6,7}", fullmatch=True),
    words,
)
def test_no_landline_survives(before: str, area: str, gap: str, number: str, after: str) -> None:
    kept = redact(f"{before} {area}{gap}{number} {after}")
    assert number not in kept


@given(
    words,
    st.from_regex(r"[3-9][0-9]{6,7}|[48]00[0-9]{7}", fullmatch=True),
    st.sampled_from(["", "-", " ", " - "]),
    words,
)
def test_no_number_without_an_area_code_survives(before: str, number: str, gap: str, after: str) -> None:
    written = number[:-4] + gap + number[-4:]
    kept = redact(f"{before}电话{written}，{after}")
    assert written not in kept
    assert number[-4:] not in kept


@given(st.text(max_size=30), st.text(min_size=4, max_size=20), st.text(max_size=30))
def test_no_registered_secret_survives(before: str, secret: str, after: str) -> None:
    redactor = Redactor([secret])
    kept = redactor.redact(before + secret + after)
    if secret.strip("*"):
        assert secret not in kept.replace(MASK, "\0")


@given(st.lists(st.text(max_size=30), max_size=4))
def test_redacting_twice_changes_nothing_more_in_plain_text(parts: list[str]) -> None:
    once = redact(" ".join(parts))
    assert redact(redact(once)) == redact(once)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("来电 13812345678 称", "来电 *** 称"),
        ("电话：138-1234-5678。", "电话：***。"),
        ("１３８１２３４５６７８", "***"),
        ("(023)68781234 分机", "*** 分机"),
        ("023-6878 1234", "***"),
        ("+86 23 68781234", "***"),
        ("电话68123456", "电话***"),
        ("回拨 6812 3456。", "回拨 ***。"),
        ("回拨6812-3456转801", "回拨***转801"),
        ("Tel.681 2345 ext 7", "Tel.*** ext 7"),
        ("６８１２３４５６", "***"),
        ("400-820-8820", "***"),
        ("8002345678", "***"),
        ("400 88 20820 或 68123456", "*** 或 ***"),
        ("POST https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc-def failed",
         "POST https://qyapi.weixin.qq.com/*** failed"),
        ("https://open.feishu.cn/open-apis/bot/v2/hook/0123-4567", "https://open.feishu.cn/***"),
        ("postgresql://duty:hunter2@db.local:5432/duty", "postgresql://db.local:5432/***"),
        ("bark://devicekey@host/", "bark://***"),
        ("tgram://123456:AbC/42", "tgram://***"),
        ("schan://SCT1234", "schan://***"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("sqlite:////home/duty/dutydesk.db", "sqlite:////home/duty/dutydesk.db"),
        ("Authorization: Bearer abc.def-ghi", "Authorization: Bearer ***"),
        ("access_token=abcdef&x=1", "access_token=***&x=1"),
        ("{'password': 'hunter2', 'a': 1}", "{'password': '***', 'a': 1}"),
        ("DUTYDESK_PIN=123456", "DUTYDESK_PIN=***"),
        ("mail to someone@example.org now", "mail to *** now"),
        ("IntegrityError [SQL: INSERT INTO report] [parameters: ('张三', 'text]')]\n(Background)",
         "IntegrityError [SQL: INSERT INTO report] [parameters: ***]\n(Background)"),
        ("timer 12 due 2026-11-23T02:40:00.000000Z, 12350 and 110, incident 001, 9477.815万元",
         "timer 12 due 2026-11-23T02:40:00.000000Z, 12350 and 110, incident 001, 9477.815万元"),
        ("2026-11-26T13:18:04.234567Z 2345678 WARNING dutydesk.engine: 23 timers late, up to 2345678.9 s",
         "2026-11-26T13:18:04.234567Z 2345678 WARNING dutydesk.engine: 23 timers late, up to 2345678.9 s"),
        ("20261126 20261126T131804 crash-20261126-131804.txt 2026-11-26 23:59:30",
         "20261126 20261126T131804 crash-20261126-131804.txt 2026-11-26 23:59:30"),
        ("2024-2025, 损失23456789元, 0.23456789, 9477.8156万元, 34567890 bytes",
         "2024-2025, 损失23456789元, 0.23456789, 9477.8156万元, 34567890 bytes"),
        ("timers [2040, 2041], 127.0.0.1:54321, 3f68123456ab, 550e8400-e29b-41d4-a716-446655440000",
         "timers [2040, 2041], 127.0.0.1:54321, 3f68123456ab, 550e8400-e29b-41d4-a716-446655440000"),
        ("the key word of a sentence", "the key word of a sentence"),
    ],
)  # fmt: skip
def test_what_is_taken_out_and_what_stays(text: str, kept: str) -> None:
    assert redact(text) == kept


def test_a_registered_secret_goes_in_its_url_spelling_too() -> None:
    redactor = Redactor(["a b/c+d"])
    assert redactor.redact("x a b/c+d y a%20b%2Fc%2Bd z") == "x *** y *** z"
    redactor.register("abc")
    assert redactor.redact("abc") == "abc"


@pytest.fixture
def log(home: Home) -> Iterator[Path]:
    root = logging.getLogger()
    level = root.level
    handler = start_log(home, "engine")
    yield home.log_dir / "engine.log"
    root.removeHandler(handler)
    root.setLevel(level)
    handler.close()


def test_the_log_is_private_and_every_line_of_it_redacted(log: Path) -> None:
    register_secret("s3cr3t-hook")
    logger = logging.getLogger("dutydesk.test")
    logger.warning("called %s about %s", "13812345678", "s3cr3t-hook")
    try:
        int("023-68781234")
    except ValueError:
        logger.exception("failed")
    text = log.read_text(encoding="utf-8")
    assert "called *** about ***" in text
    assert re.search(r"ValueError: invalid literal .*'\*\*\*'", text)
    assert re.search(r"^2\d{3}-\d\d-\d\dT.*Z \d+ WARNING dutydesk\.test:", text)
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert stat.S_IMODE(log.parent.stat().st_mode) == 0o700


def test_the_log_rotates_and_stays_private(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [handler] = [
        each
        for each in logging.getLogger().handlers
        if isinstance(each, logging.handlers.RotatingFileHandler)
    ]
    handler.maxBytes = 2_000
    for number in range(200):
        logging.getLogger("dutydesk.test").info("line %d", number)
    files = sorted(log.parent.iterdir())
    assert len(files) == 6
    assert {stat.S_IMODE(each.stat().st_mode) for each in files} == {0o600}


def test_a_library_that_is_listened_to_keeps_its_level(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    listened, quiet = logging.getLogger("apprise"), logging.getLogger("alembic")
    monkeypatch.setattr(listened, "level", logging.DEBUG)
    monkeypatch.setattr(quiet, "level", logging.NOTSET)
    handler = start_log(home, "engine")
    assert (listened.level, quiet.level) == (logging.DEBUG, logging.WARNING)
    logging.getLogger().removeHandler(handler)
    handler.close()


def test_starting_the_log_again_does_not_double_the_lines(log: Path, home: Home) -> None:
    start_log(home, "engine")
    logging.getLogger("dutydesk.test").info("once")
    assert log.read_text(encoding="utf-8").count("once") == 1


@pytest.mark.parametrize("piece", ["x", "token", "a.", "1", "-", "http://", " "])
def test_a_long_line_is_redacted_in_time_that_grows_with_its_length(piece: str) -> None:
    """A line that took seconds a kilobyte would hang a crash, or the engine: here that would be hours."""
    line = piece * (1_000_000 // len(piece))
    assert redact(line + " 13812345678").endswith(MASK)


def test_a_log_on_a_full_disk_says_nothing_unredacted_anywhere_else(
    log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [handler] = [each for each in logging.getLogger().handlers if isinstance(each, RotatingFileHandler)]
    kept = handler.stream
    with contextlib.suppress(OSError), Path("/dev/full").open("w", encoding="utf-8") as full:
        handler.stream = full
        logging.getLogger("dutydesk.test").error("called %s", "13812345678")
        handler.stream = kept
    logging.getLogger("dutydesk.test").error("there is room again")
    assert capsys.readouterr().err == ""
    assert "room again" in log.read_text(encoding="utf-8")


def test_a_crash_leaves_a_private_report_and_one_line(home: Home) -> None:
    def fail(caller_phone: str) -> None:
        secret_local = "do-not-keep-" + caller_phone
        raise RuntimeError(f"cannot call {caller_phone}\nsecond line {len(secret_local)}")

    try:
        fail("13812345678")
    except RuntimeError as error:
        line = crash.report(error, home)
    assert "\n" not in line
    assert "RuntimeError" in line
    [path] = home.directory.glob("crash-*.txt")
    assert str(path) in line
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = path.read_text(encoding="utf-8")
    assert "13812345678" not in text
    assert "do-not-keep-1" not in text
    assert "Traceback" in text
    assert "in fail" in text
    assert "cannot call ***" in text


def test_a_crash_whose_report_cannot_be_kept_still_gets_its_line(tmp_path: Path) -> None:
    line = crash.report(KeyError("x"), Home(tmp_path / "absent"))
    assert "KeyError" in line
    assert "Cannot write" in line
    assert "KeyError" in crash.report(KeyError("x"), None)
