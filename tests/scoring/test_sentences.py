import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from scoring.sentences import as_text, as_value, checked_conditions


@pytest.mark.parametrize(
    ("typed", "number"),
    [("1.000", 1000), ("1,000", 1000), ("10.000.000", 10_000_000), ("1,5", 1.5), ("1.5", 1.5), ("-0", 0), ("−3", -3)],
)
def test_numbers_to_compare_with_are_read_as_they_are_written(typed, number):
    assert as_value("greater", typed) == number


@pytest.mark.parametrize("typed", ["1e400", "NaN", "1.234,56", "nhiều", ""])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(Invalid):
        checked_conditions([{"field": "budget", "op": "greater", "value": as_value("greater", typed)}])


@given(st.one_of(st.integers(-(10**9), 10**9), st.decimals(-1000, 1000, places=3).map(float)))
def test_a_number_on_the_form_is_read_as_the_same(number):
    assert as_value("less", as_text(number)) == number
