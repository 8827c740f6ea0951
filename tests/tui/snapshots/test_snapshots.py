"""Every screen looks as it did when a person last looked at it and kept the picture.

Pictures are SVG files beside this one, taken of desks that are empty, typical, and full of long and hostile
words. ``python -m pytest tests/tui/snapshots --snapshot-update`` keeps what the screens look like now.
"""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Final

import pytest
from pytest_textual_snapshot import SVGImageExtension
from syrupy.assertion import SnapshotAssertion

from dutydesk.home.paths import Home
from dutydesk.model.text import Language
from tests.tui.snapshots.album import LARGE, SMALL, Size, pictures, sign_in_picture
from tests.tui.snapshots.scene import FILLS, Fill, build

LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")
SIZES: Final[tuple[Size, ...]] = (SMALL, LARGE)


class Svg(SVGImageExtension):  # type: ignore[misc] # the plug-in has no types
    """The plug-in's own files, under the name that this syrupy asks for."""

    file_extension = "svg"


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> dict[Fill, Path]:
    """One home for each amount on the desk, to be copied for each look at it."""

    async def build_all() -> dict[Fill, Path]:
        root = tmp_path_factory.mktemp("scenes")
        return {fill: (await build(root / fill, fill)).directory for fill in FILLS}

    return asyncio.run(build_all())


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("fill", FILLS)
async def test_every_screen_looks_as_kept(
    fill: Fill,
    language: Language,
    size: Size,
    scenes: dict[Fill, Path],
    tmp_path: Path,
    snapshot: SnapshotAssertion,
) -> None:
    directory = tmp_path / "home"
    shutil.copytree(scenes[fill], directory)
    kept = snapshot.use_extension(Svg)
    changed = [
        name
        async for name, svg in pictures(Home.at(directory), fill, language, size)
        if kept(name=name) != svg
    ]
    assert not changed


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("screen", ["first_start", "sign_in"])
async def test_the_door_looks_as_kept(
    screen: str,
    language: Language,
    size: Size,
    scenes: dict[Fill, Path],
    tmp_path: Path,
    snapshot: SnapshotAssertion,
) -> None:
    directory = tmp_path / "home"
    if screen == "sign_in":
        shutil.copytree(scenes["empty"], directory)
    svg = await sign_in_picture(Home.at(directory), language, size)
    assert svg == snapshot.use_extension(Svg)
