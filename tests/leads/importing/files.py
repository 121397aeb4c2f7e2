"""Small files as people send them, and an import taken through all its steps."""

import csv
import io
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from accounts.models import User
from leads import jobs
from leads.importing import starting
from leads.models import Import
from tests.factories import NOW, make_user


def as_csv(rows: list[list[Any]], *, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def as_xlsx(path: Path, rows: list[list[Any]]) -> bytes:
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return path.read_bytes()


def upload(rows: list[list[Any]], *, name: str = "khach_hang.csv", by: User | None = None) -> Import:
    return starting.upload(name, [as_csv(rows)], by=by or make_user("marketer"), at=NOW)


def work(found: Import, *, at: datetime = NOW) -> Import:
    """The worker comes by until nothing is left to do."""
    while jobs.run_due(clock=lambda: at):
        pass
    found.refresh_from_db()
    return starting.catch_up(found, at=at)


def match(found: Import, *, at: datetime = NOW, kind: str = "", **options: Any) -> Import:
    """As guessed, with these options; then checked."""
    mapping, guessed = starting.guessed(found, kind or found.kind)
    chosen = {**guessed, **options}
    starting.match_columns(found, kind=kind or found.kind, mapping=mapping, options=chosen, by=found.by, at=at)
    return work(found, at=at)


def bring_in(
    rows: list[list[Any]], *, at: datetime = NOW, name: str = "khach_hang.csv", kind: str = "", **options: Any
) -> Import:
    found = match(upload(rows, name=name), at=at, kind=kind, **options)
    starting.start(found, by=found.by, at=at)
    return work(found, at=at)


def take_back(found: Import, *, at: datetime) -> Import:
    starting.take_back(found, by=found.by, at=at)
    return work(found, at=at)
