"""What a section hands back: figures in rows, and sentences on how to take them."""

from dataclasses import dataclass
from typing import Any

Cell = str | int | float


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        rows = [dict(zip(self.columns, row, strict=True)) for row in self.rows]
        return {"title": self.title, "rows": rows, "notes": list(self.notes)}

    def text(self) -> str:
        """Aligned columns: words to the left, figures to the right."""
        cells = [self.columns, *(tuple(shown(cell) for cell in row) for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        figures = [any(isinstance(row[place], int | float) for row in self.rows) for place in range(len(self.columns))]
        lines = [
            "  ".join(
                cell.rjust(width) if figure else cell.ljust(width)
                for cell, width, figure in zip(line, widths, figures, strict=True)
            ).rstrip()
            for line in cells
        ]
        body = [lines[0], "-" * (sum(widths) + 2 * (len(widths) - 1)), *lines[1:]] if self.rows else []
        return "\n".join((f"## {self.title}", *body, *(f"  {note}" for note in self.notes)))


def shown(cell: Cell) -> str:
    """Three figures that mean something; no more digits than a noisy machine can stand by."""
    if not isinstance(cell, float):
        return f"{cell:,}" if isinstance(cell, int) else cell
    size = abs(cell)
    return (
        f"{cell:,.0f}"
        if size >= 100
        else f"{cell:.1f}"
        if size >= 10
        else f"{cell:.2f}"
        if size >= 0.1
        else f"{cell:.4f}"
    )
