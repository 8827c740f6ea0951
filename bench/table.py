"""What a measurement says, and how it is printed: plain for a terminal, Markdown for the README."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement beside what it is measured against, taken in the same run. ``ours`` and ``theirs`` are
    figures with their units; ``bar`` is what the ratio has to keep to; a missed bar is shown, not hidden.
    ``ok`` is ``None`` where there is no bar, or where nothing could be measured, which ``note`` then says."""

    name: str
    ours: str
    theirs: str
    ratio: str
    bar: str
    ok: bool | None
    note: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        kept = "—" if self.ok is None else "ok" if self.ok else "**NOT**"
        return (self.name, self.ours, self.theirs, self.ratio, self.bar, kept, self.note)


HEADS = ("what", "dutydesk", "beside it", "ratio", "bar", "kept", "note")


def at_most(name: str, ours: tuple[float, str], theirs: tuple[float, str], bar: float, note: str = "") -> Row:
    """A row whose ratio ours ÷ theirs must not exceed ``bar``. ``ours`` and ``theirs`` are a value and how it
    is said."""
    ratio = ours[0] / theirs[0]
    return Row(name, ours[1], theirs[1], said(ratio), f"≤ {bar:g}", ratio <= bar, note)


def for_information(name: str, ours: tuple[float, str], theirs: tuple[float, str], note: str = "") -> Row:
    """A row with a ratio and no bar."""
    return Row(name, ours[1], theirs[1], said(ours[0] / theirs[0]), "none", None, note)


def skipped(name: str, bar: str, why: str) -> Row:
    """A row that could not be measured here, and why."""
    return Row(name, "—", "—", "—", bar, None, f"not measured: {why}")


def ms(seconds: float) -> str:
    """``seconds`` as milliseconds, with three figures that count."""
    value = seconds * 1000
    return f"{value:.2f} ms" if value < 10 else f"{value:.1f} ms" if value < 100 else f"{value:.0f} ms"


def said(ratio: float) -> str:
    """A ratio with as many digits as it needs."""
    return f"{ratio:.4f}" if ratio < 0.01 else f"{ratio:.3f}" if ratio < 0.1 else f"{ratio:.2f}"


def markdown(rows: Iterable[Sequence[str]], heads: Sequence[str] = HEADS) -> str:
    """A table of cells for the README."""
    lines = [_line(heads), _line(["---"] * len(heads))]
    return "\n".join([*lines, *(_line(cells) for cells in rows)])


def plain(rows: Sequence[Row]) -> str:
    """A table for a terminal."""
    table = [HEADS, *(row.cells for row in rows)]
    widths = [max(len(cells[column]) for cells in table) for column in range(len(HEADS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
        for cells in table
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` (0 to 1) of ``values`` do not exceed."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
