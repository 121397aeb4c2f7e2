from datetime import UTC, date, datetime

import pytest

from reports.export import FORMATS, as_csv, as_xlsx
from reports.tables import Column, Row, Table
from tests.core.sheet_readers import read_csv, read_xlsx

COLUMNS = [
    Column("name", "Tên", "text"),
    Column("count", "Số", "number"),
    Column("rate", "Tỷ lệ", "percent"),
    Column("day", "Ngày", "day"),
    Column("at", "Lúc", "moment"),
    Column("more", "Hơn", "flag"),
    Column("value", "Giá trị", "mixed"),
]
VALUES = {
    "name": "Nguyễn Văn Đạt",
    "count": 3,
    "rate": 0.25,
    "day": date(2026, 11, 23),
    "at": datetime(2026, 11, 23, 3, 0, tzinfo=UTC),
    "more": True,
    "value": 5_000_000,
}


def table(**values) -> Table:
    return Table("trial", "Thử", COLUMNS, [Row(VALUES | values, unit="money")])


def test_csv_begins_with_the_mark_excel_needs():
    assert as_csv(table())[:3] == b"\xef\xbb\xbf"


def test_csv_carries_raw_figures():
    header, row = read_csv(as_csv(table()))
    assert header == ["Tên", "Số", "Tỷ lệ", "Ngày", "Lúc", "Hơn", "Giá trị"]
    assert row == ["Nguyễn Văn Đạt", "3", "0.25", "2026-11-23", "2026-11-23 10:00:00+07:00", "Có", "5000000"]


def test_missing_figures_are_empty_cells():
    _header, row = read_csv(as_csv(table(count=None, day=None, at=None, value=None)))
    assert row == ["Nguyễn Văn Đạt", "", "0.25", "", "", "Có", ""]


def test_xlsx_keeps_figures_as_figures():
    header, row = read_xlsx(as_xlsx(table()))
    assert header == ["Tên", "Số", "Tỷ lệ", "Ngày", "Lúc", "Hơn", "Giá trị"]
    monday = 46349.0  # 23 November 2026, in days since 1899
    assert row == ["Nguyễn Văn Đạt", 3.0, 0.25, monday, pytest.approx(monday + 10 / 24), "Có", 5_000_000.0]


def test_xlsx_leaves_missing_figures_blank():
    assert read_xlsx(as_xlsx(table(count=None, day=None, at=None, value=None)))[1] == ["Nguyễn Văn Đạt", 0.25, "Có"]


def test_formats_name_what_they_are():
    assert {key: (shape.ending, shape.content_type.split(";")[0]) for key, shape in FORMATS.items()} == {
        "csv": ("csv", "text/csv"),
        "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    }


def test_a_month_is_read_as_one_and_taken_away_as_its_first_day():
    month = Table("m", "M", [Column("month", "Tháng", "month")], [Row({"month": date(2026, 11, 1)})])
    assert [cell.text for cells in month.cells() for cell in cells] == ["11/2026"]
    assert as_csv(month).decode("utf-8-sig").splitlines() == ["Tháng", "2026-11-01"]
    assert as_xlsx(month)[:2] == b"PK"
