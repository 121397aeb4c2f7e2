"""Tables to take away: CSV and XLSX that spreadsheets open as figures, never as formulas, and that read back the same.

Written row by row: a million rows cost no more memory than one.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import IO, Any, NamedTuple

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

BOM = "\ufeff"  # without it Excel reads Vietnamese as Latin-1
FORMULA = re.compile(r"^(?:[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]*[=+\-@|%]|[\t\r\n])")
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
NUMBER_FORMATS = {
    "number": "#,##0",
    "percent": "0.0%",
    "money": "#,##0 ₫",
    "duration": "#,##0",
    "day": "dd/mm/yyyy",
    "moment": "dd/mm/yyyy hh:mm",
}
LONGEST_CELL = 32_767  # characters in one cell of Excel
MOST_ROWS = 1_048_575  # rows of one Excel sheet, under its head
LINES = 500  # rows in one piece of a CSV


class Column(NamedTuple):
    """A column's head, and how its figures are shown: one of NUMBER_FORMATS, or text."""

    label: str
    kind: str = "text"


class Shaped(NamedTuple):
    """A value shown otherwise than its column."""

    value: Any
    kind: str


def safe(text: str) -> str:
    """The text, never the beginning of a formula: also after blanks, control and full-width characters.

    A leading apostrophe is what spreadsheets themselves put before text; `plain` takes it off again.
    """
    text = UNWRITABLE.sub("", text)
    return f"'{text}" if FORMULA.match(unicodedata.normalize("NFKC", text)) or text.startswith("'") else text


def plain(text: str) -> str:
    """What `safe` was given. For reading our own files back."""
    return text[1:] if text.startswith("'") and safe(text[1:]) == text else text


def csv_pieces(columns: Sequence[Column], rows: Iterable[Sequence[Any]], *, head: bool = True) -> Iterator[bytes]:
    """UTF-8 with a mark for Excel; raw figures: shares of 1, seconds, whole VND, days and moments of company time."""
    out = io.StringIO()
    writer = csv.writer(out)
    if head:
        out.write(BOM)
        writer.writerow([safe(column.label) for column in columns])
    for number, row in enumerate(rows, 1):
        writer.writerow([_cell(value) for value in row])
        if number % LINES == 0:
            yield _drained(out)
    yield _drained(out)


def write_xlsx(
    out: IO[bytes], columns: Sequence[Column], rows: Iterable[Sequence[Any]], *, name: str = "LeadFlow"
) -> None:
    """One sheet with a bold, frozen head; figures stay numbers with their format; at most MOST_ROWS rows."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True, "bottom": 1})
        formats = {kind: book.add_format({"num_format": text}) for kind, text in NUMBER_FORMATS.items()}
        for index, column in enumerate(columns):
            sheet.set_column(index, index, 28 if column.kind == "text" else 16)
            sheet.write_string(0, index, column.label, bold)
        for line, row in zip(range(1, MOST_ROWS + 1), rows, strict=False):
            for index, value in enumerate(row):
                _put(sheet, line, index, value, formats, columns[index].kind)


def _drained(out: io.StringIO) -> bytes:
    piece = out.getvalue().encode()
    out.seek(0)
    out.truncate()
    return piece


def _cell(value: Any) -> Any:
    bare = value.value if isinstance(value, Shaped) else value
    return safe(bare) if isinstance(bare, str) else _local(bare)


def _local(value: Any) -> Any:
    """Moments in company time, yes and no in words; anything else as it is."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return timezone.localtime(value) if isinstance(value, datetime) else value


def _lines(text: str) -> str:
    """As a cell of Excel holds it: its one kind of line break, and no more than fits."""
    return UNWRITABLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")[:LONGEST_CELL]


def _put(sheet: Any, line: int, index: int, value: Any, formats: dict[str, Any], kind: str) -> None:
    if isinstance(value, Shaped):
        value, kind = value
    value, shape = _local(value), formats.get(kind)
    if isinstance(value, str):
        sheet.write_string(line, index, _lines(value))
    elif value is None:
        sheet.write_blank(line, index, None)
    elif isinstance(value, date):
        sheet.write_datetime(line, index, value, shape)
    else:
        sheet.write_number(line, index, value, shape)
