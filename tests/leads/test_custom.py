"""What a value of a custom field may be."""

import math
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from leads.custom import as_facts, as_typed, as_words, read_custom, read_value
from leads.enums import FieldKind
from leads.models import CustomField

COLOURS = ["Xanh lá", "Đỏ", "Vàng, nhạt"]


def known(kind, **more):
    return CustomField(key="k", label="K", kind=kind, **more)


TEXT, NUMBER, DAY, FLAG = (known(k) for k in (FieldKind.TEXT, FieldKind.NUMBER, FieldKind.DATE, FieldKind.BOOLEAN))
CHOICE, CHOICES = known(FieldKind.CHOICE, choices=COLOURS), known(FieldKind.CHOICES, choices=COLOURS)


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        (TEXT, "  Chi nhánh\nHuế ", "Chi nhánh Huế"),
        (TEXT, 12, "12"),
        (TEXT, " \u200b", None),
        (NUMBER, 12, 12),
        (NUMBER, 1.5, 1.5),
        (NUMBER, 3.0, 3),
        (NUMBER, "1.234", 1234),
        (NUMBER, "1.234,5", 1234.5),
        (NUMBER, "1,5", 1.5),
        (NUMBER, "1.5", 1.5),
        (NUMBER, "1,234", 1.234),
        (NUMBER, "1,234,567", 1234567),
        (NUMBER, "1,234.5", 1234.5),
        (NUMBER, "-7", -7),
        (NUMBER, "−7", -7),
        (NUMBER, " 1 000 ", 1000),
        (NUMBER, " ", None),
        (DAY, "2026-11-23", "2026-11-23"),
        (DAY, "2026-11-23T09:30:00", "2026-11-23"),
        (DAY, "23/11/2026", "2026-11-23"),
        (DAY, "3-1-2026", "2026-01-03"),
        (DAY, date(2026, 11, 23), "2026-11-23"),
        (DAY, datetime(2026, 11, 23, 9, tzinfo=UTC), "2026-11-23"),
        (DAY, " ", None),
        (CHOICE, "xanh la", "Xanh lá"),
        (CHOICE, " ", None),
        (CHOICES, ["do", "Xanh lá", "đỏ"], ["Xanh lá", "Đỏ"]),
        (CHOICES, "Đỏ; Xanh lá", ["Xanh lá", "Đỏ"]),
        (CHOICES, "do, xanh la", ["Xanh lá", "Đỏ"]),
        (CHOICES, "Vàng, nhạt", ["Vàng, nhạt"]),
        (CHOICES, [""], None),
        (FLAG, True, True),
        (FLAG, "Có", True),
        (FLAG, "không", False),
        (FLAG, 0, False),
        (FLAG, " ", None),
        (TEXT, None, None),
        (CHOICES, [], None),
    ],
)
def test_a_value_is_stored_in_one_form(field, value, stored):
    assert read_value(field, value) == stored
    assert type(read_value(field, value)) is type(stored)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (TEXT, {"a": 1}),
        (TEXT, True),
        (NUMBER, "nhiều"),
        (NUMBER, "1.2.3"),
        (NUMBER, math.inf),
        (NUMBER, "9" * 20),
        (NUMBER, 10**400),
        (NUMBER, [1]),
        (DAY, "31/02/2026"),
        (DAY, "ngày mai"),
        (DAY, "0999-01-01"),
        (DAY, 20261123),
        (CHOICE, "Tím"),
        (CHOICE, ["Đỏ"]),
        (CHOICES, "Đỏ; Tím"),
        (CHOICES, True),
        (FLAG, "có lẽ"),
        (FLAG, {"a": 1}),
    ],
)
def test_a_value_that_can_not_be_is_refused_beside_its_field(field, value):
    with pytest.raises(Invalid) as refused:
        read_value(field, value)
    assert (refused.value.field, refused.value.code) == ("custom.k", "invalid")


def test_what_came_in_is_taken_kindly():
    reading = read_custom({"k": "1.200", "lạ": {"a": [1]}}, {"k": NUMBER})
    assert reading.values == {"k": 1200, "lạ": {"a": [1]}}
    assert reading.warnings == ["custom_unknown:lạ"]
    unusable = read_custom({"k": "nhiều"}, {"k": NUMBER})
    assert (unusable.values, unusable.warnings) == ({}, ["custom_unusable:k"])
    assert read_custom({"k": ""}, {"k": NUMBER}).values == {}


@given(
    st.one_of(
        st.tuples(st.just(NUMBER), st.floats(min_value=-1e9, max_value=1e9) | st.integers(-(10**12), 10**12)),
        st.tuples(st.just(FLAG), st.booleans()),
        st.tuples(st.just(CHOICES), st.lists(st.sampled_from(COLOURS), min_size=1)),
        st.tuples(st.just(DAY), st.dates(date(1900, 1, 1), date(2200, 12, 31))),
        st.tuples(st.just(TEXT), st.text(max_size=200)),
    )
)
def test_what_is_stored_can_be_typed_again(pair):
    field, value = pair
    stored = read_value(field, value)
    again = read_value(field, as_typed(stored))
    assert again == stored if not isinstance(stored, float) else math.isclose(again, stored)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        (FLAG, True, "Có"),
        (FLAG, False, "Không"),
        (NUMBER, 1234.5, "1.234,5"),
        (CHOICES, ["Đỏ", "Xanh"], "Đỏ, Xanh"),
        (CHOICES, [], "–"),
        (DAY, "2026-11-23", "23/11/2026"),
        (DAY, "hôm nào đó", "hôm nào đó"),
        (TEXT, "Huế", "Huế"),
        (None, "", "–"),
        (None, None, "–"),
        (None, "2026-11-23", "2026-11-23"),
    ],
)
def test_a_value_reads_as_words(field, value, words):
    assert as_words(field, value) == words


def test_scoring_sees_values_under_their_field_name():
    assert as_facts({"chi_nhanh": 3, "lồng": {"a": 1}, "kênh": ["a"]}) == {"custom.chi_nhanh": 3, "custom.kênh": ["a"]}
