"""Whatever the name says: a table is read, anything else is refused in words."""

import io
import struct
import zipfile
from contextlib import suppress
from datetime import date
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from leads.importing import formats
from leads.importing.formats import Format, recognise
from leads.importing.tables import SEARCHED, as_text, open_table
from tests.leads.importing.files import as_csv, as_xlsx

ROWS = [["Họ tên", "Điện thoại"], ["Nguyễn Thị Ánh", "0912345678"], ["Đặng Ước", "0987654321"]]


def put(tmp_path: Path, content: bytes, name: str = "a.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def read(path: Path):
    with open_table(path) as table:
        return [table.header, *(cells for _number, cells in table.lines)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_is_read_in_every_encoding_and_with_every_mark(tmp_path, encoding, delimiter):
    path = put(tmp_path, as_csv(ROWS, delimiter=delimiter, encoding=encoding))
    assert read(path) == ROWS


def test_windows_1258_writes_letter_and_tone_apart(tmp_path):
    import unicodedata

    parts = {"ấ": "â\u0301", "ễ": "ê\u0303", "ị": "i\u0323", "ọ": "o\u0323", "ệ": "ê\u0323", "ạ": "a\u0323"}
    text = "\r\n".join(";".join(row) for row in ROWS)
    spelled = "".join(parts.get(c, unicodedata.normalize("NFD", c) if c in "ÁÚớƯ" else c) for c in text)
    path = put(tmp_path, spelled.replace("Ướ", "Ươ\u0301").encode("cp1258", "replace"))
    found = read(path)
    assert recognise(path) == Format("csv", "cp1258", ";")
    assert (found[0], found[1]) == (["Họ tên", "Điện thoại"], ["Nguyễn Thị Ánh", "0912345678"])


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv", "a"])
def test_a_workbook_is_a_workbook_whatever_its_name(tmp_path, name):
    path = put(tmp_path, as_xlsx(tmp_path / "made.xlsx", ROWS), name)
    assert (recognise(path), read(path)) == (Format("xlsx"), ROWS)


def test_values_of_a_sheet_read_as_people_type_them(tmp_path):
    rows = [["a", "b", "c", "d"], [912345678, 1.5, date(2026, 2, 1), True]]
    assert read(put(tmp_path, as_xlsx(tmp_path / "m.xlsx", rows)))[1] == ["912345678", "1.5", "2026-02-01", "TRUE"]


def test_merged_cells_titles_and_formulas(tmp_path):
    import xlsxwriter

    book = xlsxwriter.Workbook(str(tmp_path / "m.xlsx"))
    sheet = book.add_worksheet()
    sheet.merge_range("C2:E2", "Danh sách khách")
    sheet.write_row(3, 2, ["Tên", "Công ty", "Tổng"])
    sheet.merge_range(4, 3, 5, 3, "ACME")
    sheet.write(4, 2, "An")
    sheet.write(5, 2, "Bình")
    sheet.write_formula(4, 4, '=cmd|"/c calc"!A1', None, 42)
    book.close()
    assert read(tmp_path / "m.xlsx") == [["Tên", "Công ty", "Tổng"], ["An", "ACME", "42"], ["Bình", "ACME", ""]]


def test_the_first_sheet_that_is_shown_and_holds_something(tmp_path):
    import xlsxwriter

    book = xlsxwriter.Workbook(str(tmp_path / "m.xlsx"))
    hidden, _empty, shown = (book.add_worksheet(name) for name in ("Ẩn", "Trống", "Khách"))
    hidden.write(0, 0, "mật")
    hidden.hide()
    shown.write_column(0, 0, ["Tên", "An"])
    _empty.activate()
    book.close()
    assert read(tmp_path / "m.xlsx") == [["Tên"], ["An"]]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "trống"),
        (b"\n \r\n", "trống"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), ".xls"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "ảnh"),
        (b"\x1f\x8b\x08\x00" + bytes(100), "nén"),
        (b"{\\rtf1 hello}", "văn bản"),
        (b" <HTML><body><table><tr><td>a</td></tr></table>", "trang web"),
        (b"<!DOCTYPE html><html></html>", "trang web"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><leads/>", "XML"),
        (b'[{"name": "An", "phone": "0912345678"}]', "JSON"),
        (b"PK\x03\x04" + bytes(100), "hỏng"),
        (b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 4, "không phải bảng"),
        (bytes(range(1, 32)) * 20, "không phải bảng"),
    ],
)
def test_what_is_no_table_is_refused_in_words(tmp_path, content, words):
    with pytest.raises(Invalid) as refused:
        read(put(tmp_path, content))
    assert words in str(refused.value)
    assert refused.value.field == "file"


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("word/document.xml", "văn bản"),
        ("ppt/presentation.xml", "trình chiếu"),
        ("content.xml", "OpenDocument"),
        ("ảnh.png", "tệp nén"),
    ],
)
def test_a_zip_of_something_else_is_no_workbook(tmp_path, part, words):
    with pytest.raises(Invalid) as refused:
        read(put(tmp_path, packed({part: b"<a/>"})))
    assert (refused.value.code, words in str(refused.value)) == ("wrong_format", True)


def test_a_zip_bomb_is_not_opened(tmp_path):
    bomb = packed({"xl/workbook.xml": b"<a/>", "xl/worksheets/sheet1.xml": bytes(50_000_000)})
    with pytest.raises(Invalid) as refused:
        read(put(tmp_path, bomb))
    assert refused.value.code == "zip_bomb"


def test_a_bomb_that_lies_about_its_size_is_counted_all_the_same(tmp_path):
    bomb = bytearray(packed({"xl/workbook.xml": b"<a/>", "xl/worksheets/sheet1.xml": bytes(30_000_000)}))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):  # where the unpacked size is said
        at = bomb.rfind(mark)
        bomb[at + offset : at + offset + 4] = struct.pack("<I", 100)
    with pytest.raises(Invalid) as refused:
        read(put(tmp_path, bytes(bomb)))
    assert refused.value.code in {"zip_bomb", "damaged"}


def test_too_many_parts_are_a_trap(tmp_path, monkeypatch):
    monkeypatch.setattr(formats, "MOST_PARTS", 2)
    with pytest.raises(Invalid) as refused:
        read(put(tmp_path, as_xlsx(tmp_path / "m.xlsx", ROWS)))
    assert refused.value.code == "zip_bomb"


def test_a_sheet_with_broken_xml_is_damaged(tmp_path):
    whole = as_xlsx(tmp_path / "m.xlsx", ROWS)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = b"<worksheet><sheetData><row"
    with pytest.raises(Invalid) as refused:
        read(put(tmp_path, packed(parts)))
    assert refused.value.code in {"damaged", "empty"}


@pytest.mark.parametrize(("name", "kind"), [("LARGEST_TEXT", "csv"), ("LARGEST_WORKBOOK", "xlsx")])
def test_size_is_looked_at_before_anything_is_loaded(tmp_path, monkeypatch, name, kind):
    monkeypatch.setattr(formats, name, 10)
    content = as_csv(ROWS) if kind == "csv" else as_xlsx(tmp_path / "m.xlsx", ROWS)
    with pytest.raises(Invalid) as refused:
        read(put(tmp_path, content))
    assert refused.value.code == "too_large"


def test_too_many_columns_and_too_many_rows(tmp_path, monkeypatch):
    monkeypatch.setattr("leads.importing.tables.MOST_ROWS", 1)
    with pytest.raises(Invalid, match="dòng"):
        read(put(tmp_path, as_csv(ROWS)))
    wide = as_csv([[f"c{n}" for n in range(301)], ["x"] * 301])
    with pytest.raises(Invalid, match="cột"):
        read(put(tmp_path, wide))


def test_a_quote_that_never_closes_names_its_line(tmp_path, monkeypatch):
    path = put(tmp_path, b'a,b\n1,2\n"' + b"x" * 2_000_000)
    with pytest.raises(Invalid) as refused:
        read(path)
    assert (refused.value.code, "dòng" in str(refused.value)) == ("unreadable", True)


def test_lines_are_cut_and_filled_to_the_header_and_blank_ones_left_out(tmp_path):
    assert read(put(tmp_path, b"a,b,\n1\n\n,,\n2,3,4,5\n")) == [["a", "b"], ["1", ""], ["2", "3"]]


def test_a_heading_that_is_missing_gets_a_number(tmp_path):
    assert read(put(tmp_path, b"a,,c\n1,2,3\n"))[0] == ["a", "#2", "c"]


def test_nul_and_the_apostrophe_before_a_formula_go(tmp_path):
    assert read(put(tmp_path, b"a,b\nx\x00y,'=1+1\n"))[1] == ["xy", "=1+1"]


def test_an_unknown_value_reads_as_its_words():
    from datetime import time, timedelta

    assert [as_text(v) for v in (1e300, time(9, 30), timedelta(hours=1), None)] == [
        str(1e300),
        "09:30:00",
        "3600",
        "None",
    ]


def test_lines_of_nothing_visible_are_no_lines(tmp_path):
    with pytest.raises(Invalid) as caught:
        read(put(tmp_path, b" , \n , \n"))
    assert caught.value.code == "empty"


@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_refused(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("any") / "f"
    path.write_bytes(content)
    with suppress(Invalid):
        assert isinstance(read(path), list)


def text(tmp_path: Path, *lines: str) -> Path:
    return put(tmp_path, "\n".join(lines).encode())


def test_a_file_without_headings_loses_no_line(tmp_path):
    rows = [["An", "0912 345 678", "an@b.vn"], ["Bình", "+84987654321", ""]]
    assert read(put(tmp_path, as_csv(rows))) == [["#1", "#2", "#3"], *rows]
    assert read(text(tmp_path, "a@b.vn", "c@d.vn")) == [["#1"], ["a@b.vn"], ["c@d.vn"]]


def test_a_title_with_a_hotline_is_still_a_title(tmp_path):
    assert read(text(tmp_path, "0912345678,,", "Họ tên,Điện thoại,Email", "An,0987654321,a@b.vn"))[0][0] == "Họ tên"


def test_days_as_headings_are_headings(tmp_path):
    assert read(text(tmp_path, "Nguồn,01-11-2026", "ads,5"))[0] == ["Nguồn", "01-11-2026"]


def test_excel_says_the_mark_itself(tmp_path):
    path = text(tmp_path, "sep=;", "Họ tên;Điện thoại;Ghi chú", "An;0912345678;a, b, c, d, e")
    assert (recognise(path).delimiter, read(path)[0]) == (";", ["Họ tên", "Điện thoại", "Ghi chú"])


@pytest.mark.parametrize(
    "lines",
    [
        ['"Bình,0987654321,b@c.vn', "Cúc,0987654322,c@d.vn"],  # to the end of the file
        ['"Bình,0987654321,b@c.vn', "Cúc,0987654322,c@d.vn", '"Dũng",0987654323,d@e.vn'],  # to the next quote
    ],
)
def test_a_quote_that_swallows_lines_is_named_where_it_opens(tmp_path, lines):
    path = text(tmp_path, "Họ tên,Điện thoại,Email", "An,0912345678,a@b.vn", *lines)
    with pytest.raises(Invalid) as refused:
        read(path)
    assert str(refused.value).startswith("Dòng 3 có dấu ngoặc kép mở mà không đóng")


def test_a_note_of_several_lines_is_a_note(tmp_path):
    note = "Gặp anh, chị, và em\nGọi lại 0987654321, sau 5 giờ\nHết"
    rows = [["Họ tên", "Điện thoại", "Ghi chú"], ["An", "0912345678", note], ["Bình", "0987654321", ""]]
    assert read(put(tmp_path, as_csv(rows))) == rows


def test_a_workbook_that_was_read_holds_no_memory(tmp_path):
    path = tmp_path / "k.xlsx"
    as_xlsx(path, [["Họ tên", "Điện thoại"], *[[f"Khách {index}", "0912345678"] for index in range(100)]])
    with open_table(path) as table:
        assert next(table.lines) == (2, ["Khách 0", "0912345678"])
    assert list(islice(table.lines, SEARCHED, None)) == []  # what was looked at for the header is all that is left
