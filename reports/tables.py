"""A report as rows and columns: the page draws it, the API answers it, CSV and XLSX carry it away."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from django.utils.functional import Promise

from core import figures

Unit = Literal["number", "percent", "money", "duration"]
Kind = Literal["number", "percent", "money", "duration", "text", "day", "month", "moment", "flag", "mixed"]


FOR_MACHINES = frozenset(
    {"key", "id", "how", "view", "unit", "step", "status", "reason", "side", "kpi", "origin", "destination"}
)


@dataclass(frozen=True)
class Column:
    """`key` is the name machines read; `how` says what the column counts."""

    key: str
    label: str | Promise
    kind: Kind
    how: str | Promise = ""

    @property
    def numeric(self) -> bool:
        return self.kind not in {"text", "day", "month", "moment", "flag"}


@dataclass(frozen=True)
class Row:
    """Values by column key; shares of 1, seconds, whole VND. `hrefs` open what a figure counts."""

    values: Mapping[str, Any]
    hrefs: Mapping[str, str] = field(default_factory=dict)
    unit: Unit = "number"


@dataclass(frozen=True)
class Cell:
    column: Column
    value: Any
    text: str
    href: str


@dataclass(frozen=True)
class Table:
    """A report. `note` says how its figures are placed in time."""

    key: str
    title: str | Promise
    columns: Sequence[Column]
    rows: Sequence[Row]
    note: str | Promise = ""

    def cells(self) -> Iterable[list[Cell]]:
        """Row by row as a person reads it, in the active language."""
        for row in self.rows:
            yield [
                Cell(column, row.values[column.key], _text(column, row), row.hrefs.get(column.key, ""))
                for column in self.columns
            ]

    @property
    def said(self) -> list[Column]:
        """The columns people read: without keys, units and definitions."""
        return [column for column in self.columns if column.key not in FOR_MACHINES]

    def said_cells(self) -> Iterable[list[Cell]]:
        """The same of each row."""
        return ([cell for cell in cells if cell.column.key not in FOR_MACHINES] for cells in self.cells())

    def records(self) -> list[dict[str, Any]]:
        """Row by row as a machine reads it."""
        return [{column.key: row.values[column.key] for column in self.columns} for row in self.rows]


def _text(column: Column, row: Row) -> str:
    kind = row.unit if column.kind == "mixed" else column.kind
    return WRITE[kind](row.values[column.key])


def span_words(first: date, last: date) -> str:
    """23/11/2026, or 25/10/2026–23/11/2026."""
    return figures.day(first) if first == last else f"{figures.day(first)}\u2013{figures.day(last)}"


def _moment(value: datetime | None) -> str:
    return figures.NOTHING if value is None else figures.short(value)


def _day(value: date | None) -> str:
    return figures.NOTHING if value is None else figures.day(value)


WRITE: Mapping[str, Callable[[Any], str]] = {
    "number": figures.number,
    "percent": figures.percent,
    "money": figures.money,
    "duration": figures.duration,
    "day": _day,
    "month": lambda value: f"{value:%m/%Y}",
    "moment": _moment,
    "flag": lambda value: "✓" if value else "",
    "text": lambda value: str(value) if value not in {None, ""} else figures.NOTHING,
}
