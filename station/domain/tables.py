"""A report as plain values: what every form of it shows, laid out by none."""

from dataclasses import dataclass

Cell = str | int


@dataclass(frozen=True, slots=True)
class Table:
    """``total`` says that the last row sums up the others."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    title: str
    lines: tuple[str, ...]
    tables: tuple[Table, ...]
