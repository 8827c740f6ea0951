"""One report being taken, apart from the widgets it is typed into, and the form as the plain values a draft
keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from dutydesk.model.enums import FigureKind
from dutydesk.model.reports import Incident

if TYPE_CHECKING:
    from dutydesk.desk.intake.typed_report import Understood


@dataclass(eq=False)
class Sheet:
    """What is not kept in the widgets. ``version`` counts what was typed; ``read`` and ``kept`` are the
    versions last read and last kept as a draft."""

    received: datetime
    officer: str
    draft: str = field(default_factory=lambda: uuid4().hex)
    corrections: dict[FigureKind, str] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    """The officer's word on circumstances: ``+`` stated, ``-`` struck out."""
    drill: bool = False
    follows: int | None = None
    understood: Understood | None = None
    duplicates: tuple[Incident, ...] = ()
    wordless: bool = False
    """It was to be saved without a narrative."""
    saving: bool = False
    version: int = 0
    read: int = 0
    kept: int = 0

    @property
    def incident(self) -> int | None:
        """The incident it is about."""
        return self.understood.form.incident if self.understood is not None else self.follows


def draft_fields(sheet: Sheet, text: str, values: Mapping[str, str]) -> dict[str, Any]:
    """The form as a draft keeps it."""
    return {
        "text": text,
        **values,
        "figures": {str(kind): value for kind, value in sheet.corrections.items()},
        "markers": dict(sheet.marks),
        "drill": sheet.drill,
        "follows": sheet.follows,
        "received_at": sheet.received.isoformat(),
    }


def sheet_from(draft: str, officer: str, kept: Mapping[str, Any], started: datetime) -> Sheet:
    """The sheet of a kept draft. What is missing in an older draft is left empty."""
    received = kept.get("received_at")
    figures = kept.get("figures") or {}
    return Sheet(
        received=datetime.fromisoformat(received) if received else started,
        officer=officer,
        draft=draft,
        corrections={
            FigureKind(kind): str(value) for kind, value in figures.items() if kind in set(FigureKind)
        },
        marks={
            str(name): str(value)
            for name, value in (kept.get("markers") or {}).items()
            if value in ("+", "-")
        },
        drill=bool(kept.get("drill")),
        follows=kept.get("follows"),
    )
