"""Takes the pictures of the README anew: ``python -m tests.tui.pictures [DIRECTORY]``."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from dutydesk.model.text import Language
from tests.tui.snapshots.album import LARGE, pictures
from tests.tui.snapshots.scene import build

IMAGES: Final = Path(__file__).parents[2] / "docs" / "images"
SHOWN: Final = ("board", "intake", "incident", "notice")
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")


async def take(directory: Path) -> None:
    """Writes ``<screen>.<language>.svg`` for each screen that the README shows; the directory exists."""
    with tempfile.TemporaryDirectory() as scratch:
        scene = await build(Path(scratch) / "scene", "typical")
        for language in LANGUAGES:
            copy = Path(scratch) / language
            shutil.copytree(scene.directory, copy)
            async for name, svg in pictures(scene.at(copy), "typical", language, LARGE):
                if name in SHOWN:
                    (directory / f"{name}.{language}.svg").write_text(svg, encoding="utf-8")
                    print(directory / f"{name}.{language}.svg")


if __name__ == "__main__":
    wanted = Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES
    wanted.mkdir(parents=True, exist_ok=True)
    asyncio.run(take(wanted))
