"""One machine, one start of it and one container are told from all others, or nothing is concluded."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dutydesk.desk.engine.machine import fingerprint
from dutydesk.desk.engine.processes import alive, dead, this_host, this_name

BOOT, PIDS, MACHINE = "proc/sys/kernel/random/boot_id", "proc/self/ns/pid", "etc/machine-id"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The files of a Linux machine that tell it from others."""
    for name, text in ((BOOT, "a6bacb15-1b04\n"), (MACHINE, "0b1c\n")):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(text)
    (tmp_path / PIDS).parent.mkdir(parents=True)
    (tmp_path / PIDS).symlink_to("pid:[4026531836]")
    return tmp_path


def of(root: Path) -> str | None:
    return fingerprint(root, platform="linux")


def test_another_start_another_container_and_another_installation_are_another_machine(root: Path) -> None:
    found = {of(root)}
    assert {of(root)} == found
    (root / BOOT).write_text("77aa\n")
    found.add(of(root))
    (root / MACHINE).write_text("9f9f\n")
    found.add(of(root))
    (root / PIDS).unlink()
    (root / PIDS).symlink_to("pid:[4026532201]")
    found.add(of(root))
    assert len(found) == 4
    assert None not in found


def test_a_container_without_a_machine_id_is_still_told_from_others(root: Path) -> None:
    with_id = of(root)
    (root / MACHINE).unlink()
    without = of(root)
    assert without not in (None, with_id)
    other = root / "var/lib/dbus/machine-id"
    other.parent.mkdir(parents=True)
    other.write_text("0b1c\n")
    assert of(root) == with_id


@pytest.mark.parametrize("name", [BOOT, PIDS])
@pytest.mark.parametrize("how", ["missing", "unreadable"])
def test_where_the_start_or_the_container_is_not_told_nothing_is_known(
    root: Path, name: str, how: str
) -> None:
    (root / name).unlink()
    if how == "unreadable":
        (root / name).mkdir()  # fails to be read for root as well
    assert of(root) is None


def test_the_number_on_the_machine_itself_is_not_given_away(root: Path) -> None:
    assert "0b1c" not in (of(root) or "")


def test_elsewhere_two_processes_of_a_machine_agree() -> None:
    script = "from dutydesk.desk.engine.machine import fingerprint; print(fingerprint(platform='darwin'))"
    found = {
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    }
    assert len(found) == 1


def ended() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_process_is_known_to_be_dead_only_where_its_number_was_given() -> None:
    pid = ended()
    assert dead(this_host(), pid)
    assert not dead(this_host(), os.getpid())
    assert not dead(this_name(), pid)
    assert not dead(f"{this_name()}/0123456789abcdef", pid)


def _namespaces_can_be_made() -> bool:
    unshare = shutil.which("unshare")
    return (
        bool(unshare)
        and not subprocess.run(
            [unshare or "", "--pid", "--fork", "true"], capture_output=True, check=False
        ).returncode
    )


@pytest.mark.skipif(not _namespaces_can_be_made(), reason="takes the right to make a process namespace")
@pytest.mark.parametrize("options", [[], ["--mount-proc"]])
def test_a_container_of_the_same_name_declares_nobody_outside_dead(options: list[str]) -> None:
    script = "import sys; from dutydesk.desk.engine.processes import dead; print(dead(sys.argv[1], 9999))"
    inside = subprocess.run(
        ["unshare", "--pid", "--fork", *options, sys.executable, "-c", script, this_host()],
        capture_output=True,
        text=True,
        check=True,
    )
    assert inside.stdout == "False\n"


def test_a_proc_of_another_container_says_nothing_of_a_process(tmp_path: Path) -> None:
    number = str(os.getpid())
    (tmp_path / number).mkdir()
    (tmp_path / number / "stat").write_text(f"{number} (dutydesk) Z 1")
    (tmp_path / "self").symlink_to(number)
    assert not alive(os.getpid(), proc=tmp_path)
    (tmp_path / "self").unlink()
    (tmp_path / "self").symlink_to("1")
    assert alive(os.getpid(), proc=tmp_path)
