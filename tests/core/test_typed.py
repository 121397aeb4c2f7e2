from decimal import Decimal

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from core.figures import number
from core.typed import NameField, ShareField, WholeField


class Form(forms.Form):
    whole = WholeField(required=False, min_value=-(10**9), max_value=10**9)
    share = ShareField(required=False, max_value=100, decimal_places=2)
    name = NameField(required=False, max_length=20)


def read(**typed):
    form = Form(typed)
    return form.cleaned_data if form.is_valid() else dict.fromkeys(form.errors, "refused")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("500.000", 500_000),
        ("500,000", 500_000),
        ("1.234.567", 1_234_567),
        ("1 200", 1200),
        (" 12 ", 12),
        ("−15", -15),
        ("-1.000", -1000),
        ("-0", 0),
        ("0012", 12),
        ("", None),
        ("1.5", "refused"),
        ("1.00", "refused"),
        ("1.234,56", "refused"),
        ("1.234,567", "refused"),
        ("12.34.567", "refused"),
        ("1e400", "refused"),
        ("NaN", "refused"),
        ("99.999.999.999", "refused"),
    ],
)
def test_whole_numbers_are_read_as_they_are_written(typed, found):
    assert read(whole=typed)["whole"] == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("1,5", Decimal("1.5")),
        ("1.5", Decimal("1.5")),
        ("100", Decimal(100)),
        ("1.500", "refused"),
        ("1,234", "refused"),
        ("NaN", "refused"),
        ("1e400", "refused"),
        ("1.234,5", "refused"),
    ],
)
def test_shares_take_either_decimal_mark(typed, found):
    assert read(share=typed)["share"] == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("\u200b", ""),
        ("\u202eabc", "abc"),
        ("  Tết\u0000 \u200b2027 ", "Tết 2027"),
        ("a\nb", "a b"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
        ("x" * 21, "refused"),
    ],
)
def test_names_are_what_one_sees(typed, found):
    assert read(name=typed)["name"] == found


def test_a_name_of_nothing_to_see_is_missing():
    assert NameField(max_length=20).clean(" a ") == "a"
    with pytest.raises(forms.ValidationError):
        NameField(max_length=20).clean("\u200b\u200b")


@given(st.integers(min_value=-(10**9), max_value=10**9))
def test_what_the_pages_show_is_read_as_the_same(value):
    assert read(whole=number(value))["whole"] == read(whole=value)["whole"] == value


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text):
    assert read(whole=text, share=text, name=text)


def test_boxes_are_boxes_for_text_that_ask_for_digits():
    assert str(Form()["whole"]) == (
        '<input type="text" name="whole" inputmode="numeric" autocomplete="off" id="id_whole">'
    )
    assert 'inputmode="decimal"' in str(Form()["share"])
