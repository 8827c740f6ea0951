"""What is wrong with a playbook or with the district's data is said in the officer's language."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import dutydesk
from dutydesk import yamldoc
from dutydesk.i18n import Said, Translator
from dutydesk.playbooks.check import Vocabulary, check
from tests.playbooks.books import SMALL

SAYERS = {"fault", "_fault", "Fault", "BadCondition", "ValueError", "TemplateSyntaxError"}


@pytest.mark.parametrize("package", ["playbooks", "reference", "yamldoc"])
def test_no_fault_is_put_together_where_the_catalogue_does_not_see_it(package: str) -> None:
    """An f-string handed to what tells a fault has no Chinese."""
    made = [
        f"{path.name}:{call.lineno}"
        for path in Path(dutydesk.__file__).parent.joinpath(package).glob("*.py")
        for call in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name | ast.Attribute)
        and (call.func.id if isinstance(call.func, ast.Name) else call.func.attr) in SAYERS
        and any(
            isinstance(each, ast.JoinedStr)
            for each in [*call.args, *(word.value for word in call.keywords if word.arg == "what")]
        )
    ]
    assert made == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("id: ask_leak,", "id: log,", "步骤编号“log”已用过"),
        ("needs: [log]", "needs: [lgo]", "needs 里的“lgo”不是任何步骤"),
        ("when: tonnes >= 10", "when: tonnes >= ten", "既不是 facts 里的情况"),
        ("when: tonnes >= 10", "when: tonnes == 'x'", "tonnes 是数字，'x' 是文字"),
        ("within: 30m", "within: soon", "“soon”不是时长"),
        ("id: close", "id: Close it", "不合格式"),
        ("whom: {group: fire}", "whom: {group: fier}", "没有对象组“fier”；是不是“fire”？"),
        ("source: 测试\nverified: false", "verified: false", "缺"),
    ],
)
def test_a_fault_of_a_playbook_is_said_in_chinese(old: str, new: str, said: str) -> None:
    assert old in SMALL
    faults = check({"small.yaml": SMALL.replace(old, new, 1)}, Vocabulary(groups=frozenset({"fire"})))
    told = [Translator("zh").fault(fault) for fault in faults]
    assert any(said in line for line in told), told
    assert all(re.search(r"[\u4e00-\u9fff]", line.partition("(")[0]) for line in told), told


def test_what_is_filled_into_a_sentence_is_said_in_its_language_too() -> None:
    hint = yamldoc.did_you_mean("fier", ["fire"])
    outer = Said('there is no {kind} "{name}"{hint}', kind=Said("group"), name="fier", hint=hint)
    assert outer == 'there is no group "fier"; did you mean "fire"?'
    assert Translator("zh").said(outer) == "没有对象组“fier”；是不是“fire”？"
