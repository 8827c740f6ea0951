"""The home directory is its owner's alone, and so are the secrets in it."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from dutydesk.home import session_file
from dutydesk.home.paths import Home
from dutydesk.home.private import read_private, remove_private, write_private
from dutydesk.model.errors import ConfigError, NotFound


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_home_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        home = Home.at(tmp_path / "a" / "home")
    finally:
        os.umask(before)
    assert mode(home.directory) == 0o700
    assert home.database_url == f"sqlite:///{tmp_path}/a/home/dutydesk.db"
    assert home.database_url.startswith("sqlite:////")
    assert mode(home.private_dir(home.log_dir)) == 0o700


def test_where_the_home_is(tmp_path: Path) -> None:
    assert Home.at(tmp_path / "x", environ={"DUTYDESK_HOME": str(tmp_path / "y")}).directory == tmp_path / "x"
    assert Home.at(environ={"DUTYDESK_HOME": str(tmp_path / "y")}).directory == tmp_path / "y"


def test_without_a_word_it_lies_where_the_platform_keeps_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Home.at(environ={}).directory.is_relative_to(tmp_path)


@pytest.mark.parametrize("bits", [0o770, 0o702, 0o777])
def test_a_home_others_can_write_is_refused_with_the_command_that_helps(tmp_path: Path, bits: int) -> None:
    directory = tmp_path / "home"
    directory.mkdir()
    directory.chmod(bits)
    with pytest.raises(ConfigError, match=f"type `chmod 700 {directory}`"):
        Home.at(directory)


def test_a_file_in_the_place_of_the_home(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(ConfigError, match="is a file"):
        Home.at(tmp_path / "home")
    with pytest.raises(ConfigError, match="Cannot make the directory"):
        Home.at(tmp_path / "home" / "deeper")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a file away")
def test_what_belongs_to_another_user_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o700)
    os.chown(tmp_path / "home", 12345, 12345)
    with pytest.raises(ConfigError, match="another user"):
        Home.at(tmp_path / "home")
    write_private(tmp_path / "file", "x")
    os.chown(tmp_path / "file", 12345, 12345)
    with pytest.raises(ConfigError, match="another user"):
        read_private(tmp_path / "file")


@pytest.mark.parametrize("bits", [0o640, 0o604, 0o610, 0o602, 0o644, 0o666, 0o777])
def test_a_secret_others_can_touch_is_refused_with_the_command_that_helps(tmp_path: Path, bits: int) -> None:
    path = tmp_path / "channels.yaml"
    path.write_text("hook: {url: secret}\n")
    path.chmod(bits)
    with pytest.raises(ConfigError, match=rf"mode {bits:04o}.*chmod 600 {path}") as caught:
        read_private(path)
    assert "secret}" not in str(caught.value)
    path.chmod(0o600)
    assert read_private(path) == "hook: {url: secret}\n"
    path.chmod(0o400)
    assert read_private(path)


def test_what_is_no_private_file(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_private(tmp_path / "absent")
    with pytest.raises(ConfigError, match="not a plain file"):
        read_private(tmp_path)
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(ConfigError, match="not a plain file"):
        read_private(tmp_path / "pipe")
    write_private(tmp_path / "gbk", "渝".encode("gbk"))
    with pytest.raises(ConfigError, match="UTF-8"):
        read_private(tmp_path / "gbk")


def test_a_private_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "session"
    path.write_text("old")
    path.chmod(0o644)
    before = os.umask(0)
    try:
        write_private(path, "new")
    finally:
        os.umask(before)
    assert mode(path) == 0o600
    assert read_private(path) == "new"
    assert [each.name for each in tmp_path.iterdir()] == ["session"]


def test_a_reader_never_sees_half_of_it(tmp_path: Path) -> None:
    path = tmp_path / "state"
    write_private(path, "a" * 100_000)
    stop = threading.Event()
    seen: set[str] = set()

    def watch() -> None:
        while not stop.is_set():
            seen.add(read_private(path))

    watcher = threading.Thread(target=watch)
    watcher.start()
    for letter in "bcdefgh" * 3:
        write_private(path, letter * 100_000)
    stop.set()
    watcher.join()
    assert all(len(set(text)) == 1 and len(text) == 100_000 for text in seen)


def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "taken"
    target.mkdir()
    with pytest.raises(ConfigError, match="Cannot write"):
        write_private(target, "x")
    assert [each.name for each in tmp_path.iterdir()] == ["taken"]
    with pytest.raises(ConfigError, match="Cannot write"):
        write_private(tmp_path / "absent" / "file", "x")


def test_the_session_is_kept_read_and_forgotten(home: Home) -> None:
    assert session_file.read(home) is None
    session_file.write(home, "abc-DEF_123")
    assert mode(home.session_file) == 0o600
    assert session_file.read(home) == "abc-DEF_123"
    assert session_file.remove(home)
    assert not session_file.remove(home)
    assert session_file.read(home) is None
    assert not remove_private(home.session_file)


def test_a_session_file_others_can_read_or_that_is_damaged_is_refused(home: Home) -> None:
    session_file.write(home, "abc")
    home.session_file.chmod(0o640)
    with pytest.raises(ConfigError, match="chmod 600"):
        session_file.read(home)
    write_private(home.session_file, "two words")
    with pytest.raises(ConfigError, match="damaged"):
        session_file.read(home)
