"""A table to take away: CSV and XLSX that spreadsheets open as figures, and never as formulas."""

import csv
import io
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

import xlsxwriter
from django.utils import timezone

from reports.tables import Column, Table

BOM = "\ufeff"  # without it Excel reads Vietnamese as Latin-1
FORMULA = re.compile(r"^[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]*[=+\-@|%]")
NUMBER_FORMATS = {
    "number": "#,##0",
    "percent": "0.0%",
    "money": "#,##0 ₫",
    "duration": "#,##0",
    "day": "dd/mm/yyyy",
    "moment": "dd/mm/yyyy hh:mm",
}


class Format(NamedTuple):
    """How a table leaves: its writer, what it is called on the way, and the ending of the file."""

    write: Callable[[Table], bytes]
    content_type: str
    ending: str


def safe(text: str) -> str:
    """The text, never the beginning of a formula: also after blanks, control and full-width characters.

    A leading apostrophe is what spreadsheets themselves put before text; whoever reads it back takes it off.
    """
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text)
    return f"'{text}" if FORMULA.match(unicodedata.normalize("NFKC", text)) or text.startswith("'") else text


def as_csv(table: Table) -> bytes:
    """UTF-8 with a mark for Excel; raw figures: shares of 1, seconds, whole VND, days and moments of company time."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([safe(str(column.label)) for column in table.columns])
    for row in table.rows:
        writer.writerow([_cell(row.values[column.key]) for column in table.columns])
    return (BOM + out.getvalue()).encode()


def as_xlsx(table: Table) -> bytes:
    """One sheet with a bold, frozen header; figures stay numbers with their format."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(table.key[:31])
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True, "bottom": 1})
        formats = {kind: book.add_format({"num_format": text}) for kind, text in NUMBER_FORMATS.items()}
        for index, column in enumerate(table.columns):
            sheet.set_column(index, index, _width(column))
            sheet.write_string(0, index, str(column.label), bold)
        for line, row in enumerate(table.rows, start=1):
            for index, column in enumerate(table.columns):
                kind = row.unit if column.kind == "mixed" else column.kind
                _put(sheet, line, index, row.values[column.key], formats.get(kind))
    return out.getvalue()


def _local(value: Any) -> Any:
    """Moments in company time; anything else as it is."""
    return timezone.localtime(value) if isinstance(value, datetime) else value


def _cell(value: Any) -> Any:
    return safe(value) if isinstance(value, str) else _local(value)


def _put(sheet: Any, line: int, index: int, value: Any, shape: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(line, index, value)
    elif isinstance(value, bool) or value is None:
        sheet.write(line, index, value)
    elif isinstance(value, date):
        sheet.write_datetime(line, index, _local(value), shape)
    else:
        sheet.write_number(line, index, value, shape)


def _width(column: Column) -> int:
    return 28 if column.kind == "text" else 16


FORMATS = {
    "csv": Format(as_csv, "text/csv; charset=utf-8", "csv"),
    "xlsx": Format(as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
}
