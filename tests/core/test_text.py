import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import clean, digits, fold, initials, natural

ANY_TEXT = st.text(st.characters())  # lone surrogates included


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Nguyễn Văn Đạt", "nguyen van dat"),
        ("  TRẦN   thị\tÁnh\nNgọc ", "tran thi anh ngoc"),
        (unicodedata.normalize("NFD", "Đặng Hữu Phước"), "dang huu phuoc"),
        ("Công ty TNHH Đồ Gỗ", "cong ty tnhh do go"),
        ("ＡＢＣ１２３", "abc123"),
        ("Straße", "strasse"),
        ("İzmir", "izmir"),
        ("a\x00b\ud800c\u200bd\ufeff", "abcd"),
        ("\u202eevil\u202c", "evil"),
        ("สวัสดี", "สวัสดี"),
        ("đĐ", "dd"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_fold_gives_the_search_form(typed, folded):
    assert fold(typed) == folded


@given(ANY_TEXT)
def test_fold_is_idempotent(text):
    once = fold(text)
    assert fold(once) == once


@given(ANY_TEXT)
def test_fold_can_be_stored(text):
    assert "\x00" not in fold(text)
    assert fold(text).encode().decode() == fold(text)


@given(st.text("aăâeêioôơuưyđAĂÂEÊIOÔƠUƯYĐáàảãạ bcd"))
def test_fold_does_not_depend_on_case_or_composition(text):
    assert fold(text.upper()) == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)


@pytest.mark.parametrize(
    ("raw", "limit", "cleaned"),
    [
        (None, 10, ""),
        ("  Nguyễn Văn A  ", 50, "Nguyễn Văn A"),
        (unicodedata.normalize("NFD", "Đạt"), 50, "Đạt"),
        ("a\x00b\x07c\udfff", 50, "abc"),
        ("one\r\ntwo\tthree", 50, "one two three"),
        ("abcdef", 3, "abc"),
        ("abc def", 4, "abc"),
        ("abc", 0, ""),
        ("abc", -1, ""),
        (912345678, 50, "912345678"),
        (912345678.0, 50, "912345678"),
        (1.5, 50, "1.5"),
        (float("inf"), 50, "inf"),
        (True, 50, "True"),
        ("👩‍💻 ok", 50, "👩‍💻 ok"),
    ],
)
def test_clean_makes_storable_text(raw, limit, cleaned):
    assert clean(raw, limit) == cleaned


def test_clean_keeps_lines_and_tabs_of_a_note():
    assert clean("one\r\ntwo\rthree\u2028four\tfive\n", 50, lines=True) == "one\ntwo\nthree\nfour\tfive"


@given(ANY_TEXT, st.integers(0, 30), st.booleans())
def test_clean_is_trimmed_short_composed_and_idempotent(text, limit, lines):
    cleaned = clean(text, limit, lines=lines)
    assert len(cleaned) <= limit
    assert cleaned == cleaned.strip()
    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned.encode().decode() == cleaned
    assert clean(cleaned, limit, lines=lines) == cleaned


@pytest.mark.parametrize(
    ("text", "expected"),
    [("+84 (0)912-345", "840912345"), ("０９１２", "0912"), ("٠١٢", "012"), ("không", ""), ("", "")],
)
def test_digits_reads_every_script(text, expected):
    assert digits(text) == expected


@given(ANY_TEXT)
def test_digits_are_ascii_digits(text):
    assert set(digits(text)) <= set("0123456789")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Nguyễn Thị Ánh Ngọc", "NN"),
        ("đặng ánh", "ĐÁ"),
        ("Madonna", "M"),
        ("  Lê  Văn (Sale) ", "LS"),
        ("ßeta alpha", "SA"),
        ("--- ...", ""),
        ("", ""),
    ],
)
def test_initials_take_family_and_given_name(name, expected):
    assert initials(name) == expected


@given(ANY_TEXT)
def test_initials_are_at_most_two(name):
    assert len(initials(name)) <= 2


@given(ANY_TEXT, st.integers(0, 20), st.booleans())
def test_clean_is_the_same_for_text_with_and_without_a_mark_to_take_out(text, limit, lines):
    assert clean(text, limit, lines=lines) == clean(f"{text}\u200b", limit, lines=lines)


@given(ANY_TEXT, st.integers(-1, 12))
def test_clean_gives_what_the_long_way_gives(text, limit):
    long_way = clean(f"{text}\x00", limit)  # a mark to take out: no short cut
    assert (clean(text, limit), len(clean(text, limit)) <= max(limit, 0)) == (long_way, True)


@pytest.mark.parametrize("text", [None, "", "x", "\x00", "²", "-1", "+1", " 1", "1_0", "1.0", str(2**63), "9" * 40])
def test_what_is_no_natural_number(text):
    assert natural(text) is None


@given(st.integers(0, 2**63 - 1))
def test_natural_number_is_read_as_it_stands(number):
    assert natural(str(number)) == number
