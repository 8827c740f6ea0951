"""The guides and READMEs, followed to the letter."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from dutydesk.home.settings import OTHER_VARIABLES, SETTING_VARIABLES
from tests.cli.desk_process import CommandLine

ROOT = Path(__file__).parents[2]
GUIDES = ("docs/guide.md", "docs/guide.zh.md")
READMES = ("README.md", "README.zh.md")
FOR_TESTS = {"DUTYDESK_CLOCK"}


def blocks(file: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", ROOT.joinpath(file).read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("guide", GUIDES)
def test_every_variable_is_in_the_guide(guide: str) -> None:
    text = ROOT.joinpath(guide).read_text("utf-8")
    assert {name for name in (*SETTING_VARIABLES, *OTHER_VARIABLES) if f"`{name}`" not in text} == FOR_TESTS


@pytest.mark.parametrize("guide", GUIDES)
def test_the_contact_file_of_the_guide_is_taken_without_a_word(
    dutydesk: CommandLine, tmp_path: Path, guide: str
) -> None:
    channels = dutydesk.home / "channels.yaml"
    urls = "".join(f"{name}: {{url: 'json://127.0.0.1:9/{{address}}'}}\n" for name in ("短信", "邮件"))
    channels.write_text(urls, "utf-8")
    channels.chmod(0o600)
    (example,) = blocks(guide, "csv")
    file = tmp_path / "people.csv"
    file.write_text(example, "utf-8")
    done = dutydesk("contact", "import", str(file))
    assert (done.code, done.err, done.out) == (0, "", "2 contacts added, 0 changed.\n")
    assert [c["addresses"] for c in dutydesk.ok("contact", "list", "--group", "townships")] == [
        {"短信": "13800000000"}
    ]


@pytest.mark.parametrize("readme", READMES)
def test_the_commands_of_the_readme_work_one_after_the_other(bare: CommandLine, readme: str) -> None:
    script = next(block for block in blocks(readme, "sh") if "dutydesk init" in block)
    commands = [shlex.split(line, comments=True) for line in script.splitlines()]
    typed = [words[1:] for words in commands if words and words[0] == "dutydesk"]
    assert len(typed) == 6
    for words in typed:
        done = bare(*words)
        assert (done.code, done.err) == (0, ""), (words, done.err)


@pytest.mark.parametrize("readme", READMES)
def test_the_readme_names_every_command_there_is_and_no_other(bare: CommandLine, readme: str) -> None:
    lines = ROOT.joinpath(readme).read_text("utf-8").splitlines()
    text = "\n".join(line for line in lines if line.startswith("|"))
    lists = re.findall(r"`(report|incident|run|playbook|timer|broadcast|journal|engine) ([a-z/]+)`", text)
    for group, listed in lists:
        shown = bare(group, "--help").out.partition("Commands:\n")[2]
        there = {line.split()[0] for line in shown.splitlines() if re.match(r"  [a-z]", line)}
        assert set(listed.split("/")) == there, group
    assert len(lists) == 8
