"""A district's file is read with every line known, and nothing in it is taken for something else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dutydesk.i18n import Translator
from dutydesk.model.errors import ConfigError, FaultyFile
from dutydesk.yamldoc import Mark, read, read_file
from dutydesk.yamldoc.reading import MAX_DEPTH


def faults_of(text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(FaultyFile) as caught:
        read(text, "f.yaml")
    for fault in caught.value.faults:
        assert fault.file == "f.yaml"
        assert "\n" not in str(fault)
    return [(fault.line, fault.key, fault.what) for fault in caught.value.faults]


def test_every_key_and_item_has_its_place() -> None:
    document = read("rules:\n  - id: a\n    name: {zh: 名, en: n}\n  - id: b\nn: 5\n", "f.yaml")
    assert document.value == {"rules": [{"id": "a", "name": {"zh": "名", "en": "n"}}, {"id": "b"}], "n": 5}
    assert document.mark("rules") == Mark(1, 1)
    assert document.value_line("rules") == 2
    assert document.mark("rules.0") == Mark(2, 5)
    assert document.mark(("rules", 0, "name", "en")) == Mark(3, 19)
    assert document.line("rules.1.id") == 4
    assert document.line("rules.1.missing.deeper") == 4
    assert str(document.fault("rules.1.name", "missing")) == "f.yaml:4: missing (rules.1.name)"
    assert document.get("rules.0.name.zh") == "名"
    with pytest.raises(KeyError):
        document.get("rules.2")


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("12", 12), ("-3", -3), ("0", 0), ("0.5", 0.5), ("1.", 1.0), (".5", 0.5), ("1.5e3", 1500.0),
        ("true", True),
        ("False", False), ("~", None), ("null", None), ("", None), ("2026-11-23", "2026-11-23"),
        ("2026-11-23T02:40:00+08:00", "2026-11-23T02:40:00+08:00"), ("1h", "1h"), ("30m", "30m"), ("y", "y"),
        ('"no"', "no"), ("'0215'", "0215"), ('"12:30"', "12:30"), ("north", "north"), ("O493", "O493"),
        ("-", None),
        ("一人", "一人"), ("1-2", "1-2"), ("+86-23", "+86-23"), ("yjp", "yjp"), ("on fire", "on fire"),
    ],
)  # fmt: skip
def test_an_unquoted_word_means_what_it_looks_like(word: str, value: object) -> None:
    if word == "-":
        assert read("v:\n  -\n", "f").value == {"v": [None]}
        return
    found = read(f"v: {word}\n", "f").value["v"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("word", ["no", "No", "NO", "yes", "on", "Off", "OFF"])
def test_a_switch_word_must_be_written_out(word: str) -> None:
    [(line, key, what)] = faults_of(f"a: 1\nenabled: {word}\n")
    assert (line, key) == (2, "enabled")
    assert f'"{word}" without quotes' in what


@pytest.mark.parametrize("word", ["12:30", "09:00", "9:00", "24:00", "1:30:00"])
def test_a_time_without_quotes_is_refused_with_the_way_to_write_it(word: str) -> None:
    [(_, _, what)] = faults_of(f"at: [{word}]\n")
    assert f'write "{word}" for a time' in what


@pytest.mark.parametrize("word", ["0215", "010", "0x1F", "0b11", "0o17", "1_000", "02312345678", "1" * 40])
def test_a_number_in_disguise_is_refused(word: str) -> None:
    [(_, key, what)] = faults_of(f"v: {word}\n")
    assert key == "v"
    assert f'write "{word}" for text' in what


@pytest.mark.parametrize("word", [".inf", "-.inf", ".NaN"])
def test_no_number_without_end(word: str) -> None:
    assert "not a number" in faults_of(f"v: {word}\n")[0][2]


def test_all_traps_are_told_at_once() -> None:
    assert [line for line, _, _ in faults_of("a: no\nb: 12:30\nc:\n  - 007\na: 1\n")] == [1, 2, 4, 5]


def test_a_duplicate_key_names_both_lines() -> None:
    assert faults_of("a: 1\nb:\n  c: 1\n  c: 2\n") == [(4, "b.c", "the key is already given in line 3")]


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("a:\n\tb: 1\n", 2, "tab"),
        ("a: 1\n  b: 2\n", 2, '":" where none may be'),
        ("a: [1, 2\nb: 1\n", 2, '"["'),
        ("a: 'open\nb: 1\n", 1, "quote is opened here"),
        ("a: @x\n", 1, "quote the text that begins with '@'"),
        ("a: 1\n---\nb: 1\n", 2, "second document"),
        ("a: !!python/object:os.system x\n", 1, "tags are not used"),
        ("a: !foo x\n", 1, "tags are not used|tag"),
        ("base: &b {x: 1}\nc:\n  <<: *b\n", 3, "merge key"),
        ("a: *nowhere\n", 1, "nowhere"),
        ("a: &a [*a]\n", 1, "within itself"),
        ("[1]: 2\n", 1, "key must be a word"),
        ("true: 2\n", 1, "put it in quotes"),
        ("a: b\x1b[31m\n", 1, "U+001B"),
        ("a: 1\nb: \ud800\n", 2, "U+D800"),
    ],
)
def test_broken_yaml_gets_one_plain_line(text: str, line: int, part: str) -> None:
    found = faults_of(text)
    assert found[-1][0] == line
    assert any(word in found[-1][2] for word in part.split("|"))


def test_an_alias_is_its_anchor_and_a_bomb_is_refused() -> None:
    assert read("a: &x {k: 1}\nb: *x\n", "f").value == {"a": {"k": 1}, "b": {"k": 1}}
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    assert "aliases stand for more than" in faults_of("\n".join(lines))[0][2]


@pytest.mark.parametrize("text", ["[" * 200_000, "- " * 200_000 + "a", "{a: " * 100_000, "? " * 100_000])
def test_nesting_beyond_all_use_is_refused_and_does_not_kill_the_process(text: str) -> None:
    code = "import sys; from dutydesk.yamldoc import read; read(sys.stdin.read(), 'f')"
    done = subprocess.run(
        [sys.executable, "-c", code], input=text, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert "FaultyFile" in done.stderr
    assert read("[" * MAX_DEPTH + "]" * MAX_DEPTH, "f").value is not None


def test_a_file_that_is_not_utf8_says_so(tmp_path: Path) -> None:
    path = tmp_path / "towns.yaml"
    path.write_bytes("a: 1\nb: 陶家\n".encode("gbk"))
    with pytest.raises(FaultyFile, match=r"towns\.yaml:2: not UTF-8"):
        read_file(path)
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read_file(path).value == {"a": 1}
    with pytest.raises(ConfigError, match="Cannot read"):
        read_file(tmp_path / "absent.yaml")


def test_empty_text_is_an_empty_document() -> None:
    document = read("# nothing yet\n", "f")
    assert document.value is None
    assert document.line() == 1


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(min_size=1, max_size=6), inner, max_size=4)
    ),
    max_leaves=20,
)


def outcome(text: str) -> object:
    """The value, or the faults."""
    try:
        return read(text, "f").value
    except FaultyFile as refused:
        return refused.faults


@given(plain)
def test_what_was_written_in_quotes_comes_back_or_is_refused(value: object) -> None:
    found = outcome(yaml.safe_dump(value, allow_unicode=True))
    if isinstance(found, tuple):
        assert found
    else:
        assert found == value


@given(st.text(max_size=200))
def test_no_text_at_all_escapes_as_another_error(text: str) -> None:
    found = outcome(text)
    if isinstance(found, tuple):
        assert found
        assert all("\n" not in str(fault) for fault in found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\na: 2\n", "f.yaml:2: 此键在第 1 行已经有了 (a)"),
        ("a: [x\n", "f.yaml:2: "),
        ("a: yes\n", 'f.yaml:1: 不加引号的 "yes" 可能被读成 true'),
        ("a: 12:30\n", "f.yaml:1: 不加引号的 12:30 可能被读成秒数"),
        ("a: *b\n", "f.yaml:1: 别名 *b"),
        ("\ta: b\n", "f.yaml:1: YAML 不能用制表符缩进"),
    ],
)
def test_what_is_wrong_is_said_in_chinese_too(text: str, said: str) -> None:
    with pytest.raises(FaultyFile) as caught:
        read(text, "f.yaml")
    line = Translator("zh").error(caught.value)
    assert line.startswith(said)
    assert any("\u4e00" <= char <= "\u9fff" for char in line)
