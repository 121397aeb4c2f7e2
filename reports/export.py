"""A report to take away: as CSV and as XLSX."""

import io
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from core import sheets
from core.sheets import Shaped
from reports.tables import Table


class Format(NamedTuple):
    """How a table leaves: its writer, what it is called on the way, and the ending of the file."""

    write: Callable[[Table], bytes]
    content_type: str
    ending: str


def as_csv(table: Table) -> bytes:
    """Raw figures: shares of 1, seconds, whole VND, days and moments of company time."""
    return b"".join(sheets.csv_pieces(_columns(table), _rows(table)))


def as_xlsx(table: Table) -> bytes:
    """Figures stay numbers with their format."""
    out = io.BytesIO()
    sheets.write_xlsx(out, _columns(table), _rows(table), name=table.key)
    return out.getvalue()


def _columns(table: Table) -> list[sheets.Column]:
    kinds = {"month": "day"}  # its first day: a spreadsheet can sort by it
    return [sheets.Column(str(column.label), kinds.get(column.kind, column.kind)) for column in table.columns]


def _rows(table: Table) -> Iterator[list[Any]]:
    for row in table.rows:
        values = [row.values[column.key] for column in table.columns]
        yield [
            Shaped(value, row.unit) if column.kind == "mixed" else value
            for column, value in zip(table.columns, values, strict=True)
        ]


FORMATS = {
    "csv": Format(as_csv, "text/csv; charset=utf-8", "csv"),
    "xlsx": Format(as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
}
