"""The built wheel, installed alone: playbooks, migrations, reference data, the pages that refusals name and
the Chinese catalogue come out of it, and nothing out of the checkout."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from dutydesk.i18n.catalogues import sentences
from dutydesk.i18n.translator import Translator
from tests.cli.desk_process import PIN

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built without a network."""
    target = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)],
        cwd=CHECKOUT,
        check=True,
        capture_output=True,
        timeout=120,
    )
    (built,) = target.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``bin/`` of an environment that has the wheel, and sees the packages it needs through a link each. The
    checkout, which is a package of the tests' own environment, is left out."""
    place = tmp_path_factory.mktemp("installed") / "env"
    venv.create(place, with_pip=False, symlinks=True)
    python = place / "bin" / "python"
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check"),
            *("install", "--quiet", "--no-deps", "--no-index", str(wheel)),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    (own,) = (place / "lib").glob("python*/site-packages")
    for package in Path(sysconfig.get_path("purelib")).iterdir():
        ours = "dutydesk" in package.name or package.suffix == ".pth"
        if not ours and not (own / package.name).exists():
            (own / package.name).symlink_to(package)
    return place / "bin"


def run(
    installed: Path, cwd: Path, *arguments: str, language: str = "en"
) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DUTYDESK_", "PYTHON", "VIRTUAL_ENV"))
    }
    desk = {
        "DUTYDESK_HOME": str(cwd / "home"),
        "DUTYDESK_PIN": PIN,
        "DUTYDESK_LANG": language,
        "DUTYDESK_ENGINE_AUTOSTART": "0",
    }
    return subprocess.run(
        [str(installed / arguments[0]), *arguments[1:]],
        cwd=cwd,
        env={**kept, **desk},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_wheel_carries_what_the_desk_needs(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    for directory, into in (("playbooks", "playbooks"), ("db/reference", "db/reference")):
        for file in (CHECKOUT / directory).rglob("*.yaml"):
            assert f"dutydesk/_data/{into}/{file.relative_to(CHECKOUT / directory).as_posix()}" in inside
    for file in (CHECKOUT / "db" / "migrations").rglob("*.py"):
        assert f"dutydesk/_data/{file.relative_to(CHECKOUT).as_posix()}" in inside
    assert "dutydesk/locale/zh/LC_MESSAGES/dutydesk.mo" in inside
    assert not [name for name in inside if name.startswith(("tests/", "bench/"))]


def test_every_page_that_a_sentence_names_is_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    zh = Translator("zh")
    said = {each for _, msgid in sentences() for each in (msgid, zh.gettext(msgid))}
    pages = {page for each in said for page in re.findall(r"[\w{}/.-]+\.md\b", each)}
    assert {"{docs}/channels.md", "{docs}/keys.md", "{docs}/keys.zh.md"} <= pages
    for page in pages:
        assert page.startswith("{docs}/"), f"{page} says nothing to who has the wheel alone"
        assert page.replace("{docs}", "dutydesk/_data/docs") in inside


WRONG_KEY = """
from dutydesk.i18n import Translator
from dutydesk.model.errors import ConfigError
from dutydesk.tui import own_keys
from dutydesk.tui.actions import Registry
from dutydesk.tui.catalog import ACTIONS

_, (fault,) = own_keys.usable(ACTIONS, {"zzz": "ctrl+b"})
try:
    Registry(ACTIONS, {"zzz": "ctrl+b"})
except ConfigError as refusal:
    for language in ("en", "zh"):
        print(Translator(language).said(fault.what))
        print(Translator(language).error(refusal))
"""


def test_a_refusal_names_a_page_that_the_wheel_has_brought(installed: Path, tmp_path: Path) -> None:
    refusals = []
    for language in ("en", "zh"):
        listed = run(installed, tmp_path, "dutydesk", "channel", "list", language=language)
        assert listed.returncode == 1
        refusals.append(listed.stderr)
    keys = run(installed, tmp_path, "python", "-c", WRONG_KEY)
    assert keys.returncode == 0, keys.stderr
    refusals += keys.stdout.splitlines()
    named = [re.findall(r"/[^\s；]+\.md", refusal) for refusal in refusals]
    assert [Path(page).name for (page,) in named] == [
        *("channels.md", "channels.md"),
        *("keys.md", "keys.md", "keys.zh.md", "keys.zh.md"),
    ]
    for (page,) in named:
        assert Path(page).is_relative_to(installed.parent)
        assert Path(page).read_bytes() == (CHECKOUT / "docs" / Path(page).name).read_bytes()


def test_the_wheel_alone_sets_up_a_desk_and_takes_a_report(installed: Path, tmp_path: Path) -> None:
    said = (
        "import dutydesk, dutydesk.resources as r; print(dutydesk.__file__); print(r.data_dir('playbooks'))"
    )
    found = run(installed, tmp_path, "python", "-c", said)
    assert found.returncode == 0, found.stderr
    assert len(found.stdout.splitlines()) == 2
    for line in found.stdout.splitlines():
        assert Path(line).is_relative_to(installed.parent)
        assert not Path(line).is_relative_to(CHECKOUT)
    nobody = run(installed, tmp_path, "dutydesk", "report", "list", language="zh")
    assert nobody.returncode == 1
    assert any("\u4e00" <= letter <= "\u9fff" for letter in nobody.stderr), "no Chinese without its catalogue"

    for command in (
        ("init", "--admin", "wang", "--name", "王强"),
        ("login", "wang"),
    ):
        done = run(installed, tmp_path, "dutydesk", *command)
        assert done.returncode == 0, done.stderr
    taken = run(
        installed,
        tmp_path,
        "dutydesk",
        "report",
        "add",
        "--text",
        "陶家镇液氯槽车侧翻泄漏，2人死亡",
        "--json",
    )
    assert taken.returncode == 0, taken.stderr
    logged = json.loads(taken.stdout)
    assert (logged["report"], logged["figures"][0]["value"]) == (1, 2)
    assert logged["playbooks"] == ["hazmat"]
    assert logged["timers"]
    listed = run(installed, tmp_path, "dutydesk", "playbook", "list", "--json")
    assert {one["id"] for one in json.loads(listed.stdout)} >= {"hazmat", "flood", "forest_fire"}
    graded = run(installed, tmp_path, "dutydesk", "grade", "--type", "industrial", "--deaths", "10", "--json")
    assert json.loads(graded.stdout)["proposed"]["level"] == 2
    verified = run(installed, tmp_path, "dutydesk", "journal", "verify", "--json")
    assert json.loads(verified.stdout)["ok"] is True
