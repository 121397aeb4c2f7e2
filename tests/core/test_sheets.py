import io
from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from core.sheets import LINES, LONGEST_CELL, Column, Shaped, csv_pieces, plain, safe, write_xlsx
from tests.core.sheet_readers import read_csv, read_xlsx

COLUMNS = [Column("Tên"), Column("Số", "number"), Column("Lúc", "moment")]
AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
FOUL = [
    "=1+1", "+84912345678", "-2", "@SUM(A1)", " =1", "\t=1", "\n=1", "＝1+1", "﹦1", "＠x", "|calc", "\u200b=1",
    "%0A=1", "\tab", "\rab",
]  # fmt: skip


def csv_of(*rows, **more) -> bytes:
    return b"".join(csv_pieces(COLUMNS, rows, **more))


def xlsx_of(*rows) -> bytes:
    out = io.BytesIO()
    write_xlsx(out, COLUMNS, rows)
    return out.getvalue()


def test_csv_is_utf8_with_a_mark_and_raw_figures():
    content = csv_of(["Đạt", 1234, AT], ["Huy", None, date(2026, 11, 23)])
    assert content[:3] == b"\xef\xbb\xbf"
    assert read_csv(content) == [
        ["Tên", "Số", "Lúc"],
        ["Đạt", "1234", "2026-11-23 10:00:00+07:00"],
        ["Huy", "", "2026-11-23"],
    ]


def test_csv_that_goes_on_has_no_second_head():
    assert csv_of(["a", 1, None], head=False) == b"a,1,\r\n"


def test_csv_comes_in_pieces_while_the_rows_are_still_being_read():
    read = []

    def rows():
        for number in range(LINES + 1):
            read.append(number)
            yield [str(number), number, None]

    pieces = csv_pieces(COLUMNS, rows())
    next(pieces)
    assert len(read) == LINES
    assert len(list(pieces)) == 1


def test_xlsx_keeps_figures_and_texts():
    monday = 46349.0  # 23 November 2026, in days since 1899
    assert read_xlsx(xlsx_of(["Đạt", 1234, AT], [True, None, date(2026, 11, 23)])) == [
        ["Tên", "Số", "Lúc"],
        ["Đạt", 1234.0, pytest.approx(monday + 10 / 24)],
        ["Có", monday],
    ]


def test_yes_and_no_are_words_of_the_language():
    assert read_csv(csv_of([True, False, Shaped(False, "flag")]))[1] == ["Có", "Không", "Không"]
    assert read_xlsx(xlsx_of([True, False, Shaped(False, "flag")]))[1] == ["Có", "Không", "Không"]
    with override("en"):
        assert read_csv(csv_of([True, False, None]))[1] == ["Yes", "No", ""]


def test_a_shaped_value_goes_its_own_way():
    assert read_csv(csv_of([Shaped("=1", "text"), Shaped(0.5, "percent"), None]))[1] == ["'=1", "0.5", ""]
    assert read_xlsx(xlsx_of([Shaped("=1", "text"), Shaped(0.5, "percent"), None]))[1] == ["=1", 0.5]


@pytest.mark.parametrize("text", FOUL)
def test_a_cell_never_becomes_a_formula(text):
    row = read_csv(csv_of([text, None, None]))[1]
    assert row[0] == f"'{text}"
    assert plain(row[0]) == text
    assert read_xlsx(xlsx_of([text, None, None]))[1] == [text.replace("\r", "\n")]


@pytest.mark.parametrize("text", ["Công ty An Phát", "a=b", "", "3 + 4", "1-2"])
def test_harmless_text_stays_as_it_is(text):
    assert (safe(text), plain(text)) == (text, text)


@pytest.mark.parametrize("text", ["'", "'abc", "'=1", "''", "'' =1"])
def test_a_leading_apostrophe_survives(text):
    assert plain(safe(text)) == text


def test_plain_leaves_foreign_apostrophes_alone():
    assert plain("'abc") == "'abc"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_text_comes_back_as_it_was(text):
    assert plain(safe(text)) == text
    assert plain(read_csv(csv_of([text, None, None]))[1][0]) == text


def test_control_characters_do_not_travel():
    assert safe("a\x00b\x07c\ud800") == "abc"
    assert read_xlsx(xlsx_of(["a\x00b\ud800", None, None]))[1] == ["ab"]


def test_a_cell_of_excel_is_cut_where_excel_ends():
    assert read_xlsx(xlsx_of(["x" * 40_000, None, None]))[1] == ["x" * LONGEST_CELL]
