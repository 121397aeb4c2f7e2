"""A file as rows of text: first the header, then the lines with their numbers, read one after the other."""

import csv
import ctypes
import unicodedata
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import TextIOWrapper
from itertools import chain, islice
from pathlib import Path
from statistics import median
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from core.errors import Invalid
from core.sheets import plain
from core.text import clean
from leads.importing.cells import contact_in
from leads.importing.formats import Format, recognise

MOST_COLUMNS = 300
MOST_ROWS = 2_000_000
LONGEST_CELL = 10_000
SEARCHED = 30  # rows above the header: a title, a logo, an address

csv.field_size_limit(1024 * 1024)
Line = tuple[int, list[str]]


@dataclass(frozen=True)
class Table:
    """`lines` are numbered as the spreadsheet numbers its rows; blank ones are left out."""

    format: Format
    header: list[str]
    lines: Iterator[Line]


@contextmanager
def open_table(path: Path) -> Iterator[Table]:
    """The file as a table. Raises Invalid, in words, for one that cannot be read as one."""
    found = recognise(path)
    if found.kind == "xlsx":
        lines = _sheet_lines(_first_sheet(path))
        try:
            yield _table(found, lines)
        finally:
            lines.close()
            _give_back()
        return
    with path.open("rb") as raw:
        text = TextIOWrapper(raw, encoding=found.encoding, errors="replace", newline="")
        yield _table(found, _text_lines(text, found))
        text.detach()


def _table(found: Format, lines: Iterator[Line]) -> Table:
    """The header is the first row that is not much narrower than the others: titles above it are.

    A row that holds somebody's phone or e-mail is no header: then the columns have numbers instead of names.
    """
    first = list(islice(lines, SEARCHED))
    if not first:
        raise Invalid(_("This file has no rows."), code="empty", field="file")
    widths = [sum(1 for cell in cells if cell) for _number, cells in first]
    start = next(index for index, width in enumerate(widths) if width > median(widths) / 2)
    header = first[start][1]
    while header and not header[-1]:
        header.pop()
    if any(contact_in(cell) for cell in header):
        header, start = [""] * len(header), start - 1
    if len(header) > MOST_COLUMNS:
        raise Invalid(
            _("This table has more than %(most)s columns.") % {"most": MOST_COLUMNS}, code="too_many", field="file"
        )
    rest = chain(first[start + 1 :], lines)
    return Table(
        found, [clean(name, 200) or f"#{index + 1}" for index, name in enumerate(header)], _fitted(rest, header)
    )


def _fitted(lines: Iterator[Line], header: Sequence[str]) -> Iterator[Line]:
    """Each line as wide as the header; what stands further right has no name and is left out."""
    width = len(header)
    for count, (number, cells) in enumerate(lines):
        if count >= MOST_ROWS:
            message = _("This table has more than %(most)s rows. Split it into several.") % {"most": MOST_ROWS}
            raise Invalid(message, code="too_many", field="file")
        if any(cells[:width]):
            yield number, [*cells[:width], *[""] * (width - len(cells))]


def _text_lines(text: TextIOWrapper, found: Format) -> Iterator[Line]:
    reader = csv.reader(text, delimiter=found.delimiter, strict=False)
    composed = found.encoding == "cp1258"  # it writes a letter and its tone as two
    width = 0  # of the widest line so far
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            message = _("Line %(line)s cannot be read: a quote is not closed, or a cell is too long.")
            raise Invalid(message % {"line": start}, code="unreadable", field="file") from error
        if cells is None:
            return
        if reader.line_num > start and _swallowed(cells, width, found.delimiter):
            message = _("In line %(line)s a quote is opened and not closed: it has swallowed the lines below.")
            raise Invalid(message % {"line": start}, code="unreadable", field="file")
        width = max(width, len(cells))
        if composed:
            cells = [unicodedata.normalize("NFC", cell) for cell in cells]
        cells = _all_stripped(cells)
        if any(cells):
            yield reader.line_num, cells


def _swallowed(cells: Sequence[str], width: int, delimiter: str) -> bool:
    """Whether a cell holds whole lines of the table: as many cells as in others, here too few, or somebody's phone."""
    held = [inner.split(delimiter) for cell in cells if "\n" in cell for inner in cell.split("\n")[1:]]
    if len(cells) < width:
        return any(len(parts) >= width for parts in held)
    return any(len(parts) == width >= 3 and any(map(contact_in, parts)) for parts in held)


def _all_stripped(cells: Sequence[str]) -> list[str]:
    whole = "".join(cells)  # few lines hold anything that is to be looked at more closely
    if len(whole) > LONGEST_CELL or "\x00" in whole or "'" in whole:
        return [_stripped(cell) for cell in cells]
    return [cell.strip() for cell in cells]


def _stripped(cell: str) -> str:
    """Without blanks around, NUL, and the apostrophe that keeps a spreadsheet from taking text for a formula."""
    cell = cell[:LONGEST_CELL].replace("\x00", "").strip()
    return plain(cell) if cell.startswith("'") else cell


def _first_sheet(path: Path) -> CalamineSheet:
    """The first visible sheet that holds anything. Formulas come as the values they had when it was saved."""
    try:
        book = CalamineWorkbook.from_path(str(path))
        for meta in book.sheets_metadata:
            sheet = book.get_sheet_by_name(meta.name)
            if str(meta.visible).endswith("Visible") and sheet.height:
                return sheet
    except (CalamineError, OSError, ValueError) as error:
        message = _("This workbook is damaged or locked by a password. Save it again and retry.")
        raise Invalid(message, code="damaged", field="file") from error
    raise Invalid(_("This file has no rows."), code="empty", field="file")


def _give_back() -> None:
    """A million rows take 700 MB while they are read; the C library would keep 200 of them for this thread for good."""
    getattr(ctypes.CDLL(None), "malloc_trim", bool)(0)


def _sheet_lines(sheet: CalamineSheet) -> Generator[Line, None, None]:
    """A cell merged over several rows counts for each of them; one merged over columns stays a title."""
    shift = (sheet.start or (0, 0))[1]  # the reader leaves out empty columns on the left, but not empty rows
    ranges = sheet.merged_cell_ranges or ()
    tall = {(low, left - shift): high for (low, left), (high, _right) in ranges if high > low}
    held: dict[int, tuple[int, str]] = {}
    for index, row in enumerate(sheet.iter_rows()):
        cells = [as_text(value) for value in row]
        for column, (last, value) in held.items():
            if index <= last and column < len(cells):
                cells[column] = cells[column] or value
        held |= {left: (last, cells[left]) for (low, left), last in tall.items() if low == index and left < len(cells)}
        if any(cells):
            yield index + 1, cells


def as_text(value: Any) -> str:
    """A spreadsheet's value as people would type it: whole numbers without ".0", days and times in ISO form."""
    if isinstance(value, str):
        return _stripped(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if not isinstance(value, timedelta) else str(int(value.total_seconds()))
