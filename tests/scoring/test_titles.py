import pytest

from scoring.conditions import Condition
from scoring.titles import is_at_least, level_of


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("Giám đốc kinh doanh", "director"),
        ("PHÓ GIÁM ĐỐC", "director"),
        ("giam doc", "director"),
        ("TGĐ", "director"),
        ("CEO & Founder", "owner"),
        ("CEO", "director"),
        ("Vice President, Sales", "director"),
        ("Chủ tịch HĐQT", "owner"),
        ("Đồng sáng lập", "owner"),
        ("Trưởng phòng Marketing", "manager"),
        ("truong phong", "manager"),
        ("Head of Growth", "manager"),
        ("Marketing Manager", "manager"),
        ("Trợ lý giám đốc", "staff"),
        ("Thư ký CEO", "staff"),
        ("Executive Assistant", "staff"),
        ("Nhân viên kinh doanh", "staff"),
        ("Sales Executive", "staff"),
        ("Directory editor", ""),
        ("Nội trợ", ""),
        ("", ""),
    ],
)
def test_level_of_a_title(title, level):
    assert level_of(title) == level


def test_levels_rise():
    assert [is_at_least("Giám đốc", level) for level in ("staff", "manager", "director", "owner")] == [
        True, True, True, False,
    ]  # fmt: skip
    assert not is_at_least("Nội trợ", "staff")
    assert not is_at_least("Giám đốc", "emperor")


@pytest.mark.parametrize(
    ("op", "value", "given", "holds"),
    [
        ("level", "director", "Giám đốc", True),
        ("level", "director", "Trưởng phòng", False),
        ("level", ["manager"], "Trưởng phòng", True),
        ("level", "director", None, False),
        ("given", True, "x", True),
        ("given", True, 0, True),
        ("given", True, "", False),
        ("given", True, None, False),
        ("starts_with", "/bang", "/Bảng-giá", True),
        ("starts_with", ["/x", "/b"], "/bang", True),
        ("starts_with", "", "/bang", False),
        ("starts_with", "1", 12, False),
        ("one_of", ["a", "b"], ["c", "B"], True),
        ("not_contains", ["kho"], ["ho chi minh", "kho hàng"], False),
        ("equals", "x", [], False),
    ],
)
def test_more_conditions(op, value, given, holds):
    assert Condition("f", op, value).holds({"f": given}) is holds


@pytest.mark.parametrize(
    ("properties", "path"),
    [
        ({"url": "https://a.vn/bang-gia?x=1"}, "/bang-gia"),
        ({"page": "/bang-gia#top"}, "/bang-gia"),
        ({"path": "/bang-gia", "url": "https://a.vn/khac"}, "/bang-gia"),
        ({"url": "https://a.vn"}, "/"),
        ({"page": "bang-gia"}, "bang-gia"),
    ],
)
def test_page_is_the_path_under_any_name(properties, path):
    assert Condition("page", "equals", path).holds(properties)


def test_page_that_is_no_address_and_none_at_all():
    assert Condition("page", "contains", "gia").holds({"url": "http://[gia"})
    assert not Condition("page", "given", True).holds({"url": 7})
    assert Condition("custom.nganh", "equals", "F&B").holds({"custom.nganh": "f&b"})
