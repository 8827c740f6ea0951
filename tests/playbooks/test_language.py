"""What a playbook file may say, what including does, and what a run keeps of it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from dutydesk.model.errors import FaultyFile
from dutydesk.playbooks.language import digest, parse, pinned_source
from dutydesk.playbooks.playbook import Playbook
from tests.playbooks.books import SMALL, shipped, small

FRAGMENT = """\
fragment: part
facts:
  - {id: wind, type: text, label: {zh: 风, en: wind}}
phases:
  - id: alpha
    title: {zh: 甲, en: alpha}
    steps:
      - {id: one, kind: do, title: {zh: 一, en: one}, source: 测试, verified: true}
      - slot: own
      - {id: two, kind: ask, fact: wind, title: {zh: 二, en: two}, source: 测试, verified: true}
"""
INCLUDING = """\
id: book
version: 2
title: {zh: 书, en: book}
applies_to: {types: [flood], when: "graded && level <= 2"}
source: 测试
verified: true
phases:
  - include: part.yaml
    slots:
      own:
        - {id: mine, kind: do, title: {zh: 我的, en: mine}, needs: [one], within: 90m,
           source: s, verified: true}
  - id: omega
    title: {zh: 末, en: omega}
    needs: [alpha]
    steps:
      - {id: end, kind: do, title: {zh: 终, en: end}, when: "wind != ''", source: 测试, verified: true}
"""


def book(text: str = INCLUDING, fragment: str = FRAGMENT, **more: str) -> Playbook:
    files = {"part.yaml": fragment, **{f"{name}.yaml": content for name, content in more.items()}}
    return parse(text, file="book.yaml", include=files.__getitem__)


def faults(text: str = INCLUDING, fragment: str = FRAGMENT, **more: str) -> list[str]:
    with pytest.raises(FaultyFile) as caught:
        book(text, fragment, **more)
    return [str(fault) for fault in caught.value.faults]


def test_a_fragment_is_written_in_with_the_playbooks_own_steps_in_its_slot() -> None:
    assert [step.id for step in book().steps()] == ["one", "mine", "two", "end"]
    assert [phase.id for phase in book().phases] == ["alpha", "omega"]
    assert [fact.id for fact in book().facts] == ["wind"]


def test_an_unfilled_slot_leaves_nothing() -> None:
    text = INCLUDING[: INCLUDING.index("    slots:")] + INCLUDING[INCLUDING.index("  - id: omega") :]
    assert [step.id for step in book(text).steps()] == ["one", "two", "end"]


def test_steps_of_a_fragment_can_be_included_among_steps() -> None:
    step = "{id: bit, kind: do, title: {zh: 小, en: bit}, source: 测试, verified: true}"
    steps = f"fragment: bit\nsteps:\n  - {step}\n"
    text = INCLUDING.replace(
        "    steps:\n      - {id: end", "    steps:\n      - include: bit.yaml\n      - {id: end"
    )
    assert [step.id for step in book(text, bit=steps).steps()][-2:] == ["bit", "end"]


def test_a_fragment_that_includes_itself_is_refused_where_it_does() -> None:
    again = FRAGMENT + "  - include: part.yaml\n"
    assert faults(fragment=again) == [
        "part.yaml:11: includes itself: part.yaml > part.yaml (phases.1.include)"
    ]


def test_two_fragments_that_include_each_other_are_refused() -> None:
    one = FRAGMENT + "  - include: other.yaml\n"
    other = "fragment: other\nphases:\n  - include: part.yaml\n"
    assert any("part.yaml > other.yaml > part.yaml" in fault for fault in faults(fragment=one, other=other))


def test_an_unknown_slot_a_missing_file_and_a_path_outside_are_told() -> None:
    assert "has no slot 'owm'; it has: own" in faults(INCLUDING.replace("own:", "owm:"))[0]
    assert "book.yaml:8: there is no file gone.yaml" in faults(INCLUDING.replace("part.yaml", "gone.yaml"))[0]
    assert "outside the playbooks" in faults(INCLUDING.replace("part.yaml", "../part.yaml"))[0]


def test_a_fault_inside_a_fragment_names_the_fragments_file_and_line() -> None:
    assert faults(fragment=FRAGMENT.replace("kind: do", "kind: dance"))[0].startswith("part.yaml:8: ")


def test_every_fault_is_told_at_once_with_its_line() -> None:
    text = (
        SMALL.replace("within: 5m", "within: soon")
        .replace("needs: [log]", "needs: [lgo]")
        .replace("must: true\n        within: 30m", "mist: true\n        within: 30m")
    )
    with pytest.raises(FaultyFile) as caught:
        parse(text, file="small.yaml")
    lines = [(fault.line, fault.what) for fault in caught.value.faults]
    assert [line for line, _ in lines] == [20, text[: text.index("mist")].count("\n") + 1]
    assert "'soon' is no span of time" in lines[0][1]
    assert 'did you mean "must"?' in lines[1][1]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("id: ask_leak,", "id: log,", "the step id 'log' is already used"),
        ("needs: [log]", "needs: [lgo]", "there is no such step"),
        ("needs: [first]", "needs: [frist]", "there is no such phase"),
        ("needs: [first]", "needs: [last]", "waits for itself"),
        ("must: true, within: 5m", "must: true, needs: [ask_leak]", "waits for itself: "),
        (
            "kind: do, title: {zh: 登记, en: log}",
            "kind: do, when: tonnes > 1, title: {zh: 登, en: l}",
            "waits for itself",
        ),
        ("fact: tonnes", "fact: tons", "'tons' is no fact"),
        ("{id: tonnes,", "{id: level,", "already names something of the incident"),
        ("when: tonnes >= 10", "when: tonnes >= ten", "'ten' is no fact"),
        ("when: tonnes >= 10", "when: tonnes >=", "syntax error"),
        ("{{ tonnes }} t at", "{{ tons }} t at", "the text uses 'tons'"),
        ("{{ tonnes }} t at", "{{ tonnes t at", "template error"),
        ("whom: {group: fire}", "whom: {group: fire, zh: 消防}", "name one callee"),
        ("from: start", "from: finish", "ready"),
        ("        within: 30m\n", "", "give within too"),
        ("type: choice", "type: text", "takes no options"),
        ("      - {id: other, label: {zh: 其他, en: other}}\n", "", "at least two options"),
        ("source: 测试\nverified: false", "verified: false", "missing"),
        ("phases:", "phaces:", "phases"),
        ("id: close", "id: Close it", "pattern"),
    ],
)
def test_a_playbook_that_does_not_hold_together_is_refused(old: str, new: str, said: str) -> None:
    assert old in SMALL
    with pytest.raises(FaultyFile) as caught:
        parse(SMALL.replace(old, new, 1), file="small.yaml")
    assert any(said in str(fault) for fault in caught.value.faults), str(caught.value)
    assert all(fault.file == "small.yaml" and fault.line > 0 for fault in caught.value.faults)


def test_the_pinned_text_stands_by_itself_and_gives_an_equal_playbook() -> None:
    for playbook in [small(), book(), *shipped().playbooks.values()]:
        text = pinned_source(playbook)
        again = parse(text, file="pinned")
        assert again == playbook
        assert pinned_source(again) == text
        assert digest(text) == digest(pinned_source(playbook))
        assert len(digest(text)) == 64


def test_a_changed_fragment_does_not_change_what_a_run_has_pinned() -> None:
    pinned = pinned_source(book())
    changed = FRAGMENT.replace("{zh: 一, en: one}", "{zh: 壹, en: ONE}")
    assert digest(pinned_source(book(fragment=changed))) != digest(pinned)
    assert parse(pinned, file="pinned") == book()


def test_reading_a_pinned_playbook_loads_neither_cel_nor_jinja() -> None:
    code = (
        "import sys; from dutydesk.playbooks.language import parse; "
        "parse(sys.stdin.read(), file='pinned', check_conditions=False); "
        "print([name for name in ('cel', 'jinja2', 'textual', 'sqlalchemy') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=SMALL, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
