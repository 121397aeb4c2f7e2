import csv
import io
import zipfile
from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.export import FORMATS, as_csv, as_xlsx, safe
from reports.tables import Column, Row, Table

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


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read_xlsx(content: bytes) -> list[list[object]]:
    """The cells as they lie in the file: texts, numbers (days as Excel counts them), booleans; no formulas."""
    book = zipfile.ZipFile(io.BytesIO(content))
    strings = [
        "".join(t.text or "" for t in node.iter(f"{SPREADSHEET}t")) for node in _xml(book, "xl/sharedStrings.xml")
    ]
    sheet = _xml(book, "xl/worksheets/sheet1.xml")
    assert not list(sheet.iter(f"{SPREADSHEET}f"))
    read = {"s": lambda v: strings[int(v)], "b": lambda v: v == "1", "n": float}
    return [
        [
            read[cell.get("t", "n")](cell.findtext(f"{SPREADSHEET}v"))
            for cell in row
            if cell.find(f"{SPREADSHEET}v") is not None
        ]
        for row in sheet.iter(f"{SPREADSHEET}row")
    ]


def _xml(book: zipfile.ZipFile, name: str) -> ET.Element:
    return ET.fromstring(book.read(name))


def test_csv_begins_with_the_mark_excel_needs():
    assert as_csv(table())[:3] == b"\xef\xbb\xbf"


def test_csv_carries_raw_figures():
    header, row = read_csv(as_csv(table()))
    assert header == ["Tên", "Số", "Tỷ lệ", "Ngày", "Lúc", "Hơn", "Giá trị"]
    assert row == ["Nguyễn Văn Đạt", "3", "0.25", "2026-11-23", "2026-11-23 10:00:00+07:00", "True", "5000000"]


def test_missing_figures_are_empty_cells():
    _header, row = read_csv(as_csv(table(count=None, day=None, at=None, value=None)))
    assert row == ["Nguyễn Văn Đạt", "", "0.25", "", "", "True", ""]


def test_xlsx_keeps_figures_as_figures():
    header, row = read_xlsx(as_xlsx(table()))
    assert header == ["Tên", "Số", "Tỷ lệ", "Ngày", "Lúc", "Hơn", "Giá trị"]
    monday = 46349.0  # 23 November 2026, in days since 1899
    assert row == ["Nguyễn Văn Đạt", 3.0, 0.25, monday, pytest.approx(monday + 10 / 24), True, 5_000_000.0]


def test_xlsx_leaves_missing_figures_blank():
    assert read_xlsx(as_xlsx(table(count=None, day=None, at=None, value=None)))[1] == ["Nguyễn Văn Đạt", 0.25, True]


@pytest.mark.parametrize(
    "payload",
    ["=1+1", "+84912345678", "-2", "@SUM(A1)", " =1", "\t=1", "\n=1", "＝1+1", "﹦1", "|calc", "\u200b=1", "%0A=1"],
)
def test_a_cell_never_becomes_a_formula(payload):
    assert read_csv(as_csv(table(name=payload)))[1][0] == f"'{payload}"
    assert read_xlsx(as_xlsx(table(name=payload)))[1][0] == payload.strip() or payload.strip() != payload


@pytest.mark.parametrize("text", ["Công ty An Phát", "a=b", "", "3 + 4", "1-2"])
def test_harmless_text_stays_as_it_is(text):
    assert safe(text) == text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_text_comes_back_once_the_apostrophe_is_taken_off(text):
    out = safe(text)
    assert (out.removeprefix("'")) == text


def test_control_characters_do_not_travel():
    assert safe("a\x00b\x07c") == "abc"


def test_formats_name_what_they_are():
    assert {key: (shape.ending, shape.content_type.split(";")[0]) for key, shape in FORMATS.items()} == {
        "csv": ("csv", "text/csv"),
        "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    }
