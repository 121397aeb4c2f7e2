import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from leads.fields import MoneyField, read_money


@pytest.mark.parametrize(
    ("typed", "dong"),
    [
        ("350000000", 350_000_000),
        ("350.000.000", 350_000_000),
        ("350,000,000 ₫", 350_000_000),
        ("350 000 000đ", 350_000_000),
        ("350 tr", 350_000_000),
        ("350 triệu", 350_000_000),
        ("1,5 tỷ", 1_500_000_000),
        ("1.5 tỉ", 1_500_000_000),
        ("4.82B ₫", 4_820_000_000),
        ("1.234 tỷ", 1_234_000_000),
        ("500k", 500_000),
        ("20 nghìn VND", 20_000),
        ("0", 0),
    ],
)
def test_read_money_takes_what_people_type(typed, dong):
    assert read_money(typed) == dong


@pytest.mark.parametrize("typed", ["", "abc", "1,5", "-5", "12 xu", "1.2.3 tỷ", "tỷ", "1,2345 tr5"])
def test_read_money_refuses_what_is_no_amount(typed):
    assert read_money(typed) is None


@given(st.integers(min_value=0, max_value=10**15))
def test_read_money_reads_back_its_own_dots(dong):
    assert read_money(f"{dong:,}".replace(",", ".")) == dong


@given(st.text(max_size=30))
def test_read_money_never_raises(text):
    amount = read_money(text)
    assert amount is None or amount >= 0


def test_money_field_cleans_shows_and_refuses():
    field = MoneyField(required=False)
    assert field.clean("1,5 tỷ") == 1_500_000_000
    assert field.clean("  ") is None
    assert field.prepare_value(350_000_000) == "350.000.000"
    assert field.prepare_value("1,5 tỷ") == "1,5 tỷ"
    with pytest.raises(forms.ValidationError):
        field.clean("nhiều lắm")
