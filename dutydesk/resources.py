"""Where playbooks, migrations, reference data and the pages that refusals name lie: in the wheel, or beside
the package in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def data_dir(name: str) -> Path:
    """The directory ``name`` (``playbooks``, ``db/reference``, ``db/migrations``, ``docs``).

    Raises FileNotFoundError when the installation lacks it.
    """
    for root in (_PACKAGE / "_data", _PACKAGE.parent):
        if (root / name).is_dir():
            return root / name
    raise FileNotFoundError(f"this installation of dutydesk lacks its {name} directory")
