import pytest

from scoring.conditions import Condition

PAGE = {"page": "/Bảng-giá?x=1", "minutes": 12, "plan": "Pro", "paid": True, "none": None, "score": 3.5}


@pytest.mark.parametrize(
    ("field", "op", "value", "holds"),
    [
        ("plan", "equals", "pro", True),
        ("plan", "equals", "pro max", False),
        ("minutes", "equals", 12, True),
        ("paid", "equals", True, True),
        ("paid", "equals", 1, False),
        ("missing", "equals", "x", False),
        ("plan", "one_of", ["basic", "PRO"], True),
        ("plan", "one_of", ["basic"], False),
        ("plan", "one_of", "pro", True),
        ("page", "contains", "bang", True),
        ("page", "contains", "gi", False),
        ("page", "contains", ["blog", "giá"], True),
        ("minutes", "contains", "12", False),
        ("page", "contains", "", False),
        ("page", "not_contains", "blog", True),
        ("page", "not_contains", ["giá"], False),
        ("missing", "not_contains", "x", True),
        ("minutes", "greater", 10, True),
        ("minutes", "greater", 12, False),
        ("score", "greater", 3, True),
        ("paid", "greater", 0, False),
        ("plan", "greater", 1, False),
        ("none", "greater", 1, False),
        ("minutes", "greater", "10", False),
        ("minutes", "less", 13, True),
        ("minutes", "less", 12, False),
    ],
)
def test_condition(field, op, value, holds):
    assert Condition(field, op, value).holds(PAGE) is holds


@pytest.mark.parametrize("title", ["Giám đốc", "giam doc kinh doanh", "Phó Giám Đốc", "TỔNG GIÁM ĐỐC", "P. GIÁM ĐỐC"])
def test_words_are_found_in_any_spelling(title):
    assert Condition("title", "contains", "giám đốc").holds({"title": title})


def test_words_are_whole_words():
    assert not Condition("title", "contains", "cto").holds({"title": "Director"})
    assert Condition("title", "contains", "cto").holds({"title": "Co-founder/CTO"})
