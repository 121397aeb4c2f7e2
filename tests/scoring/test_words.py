import pytest

from scoring import words
from scoring.enums import Mode, Repeat, RuleKind
from scoring.models import Rule, ScoringModel
from scoring.published import spec_of, thresholds_of


def rule(**fields) -> Rule:
    return Rule(**{"event_kind": "page.viewed", "points": 3, "repeat": Repeat.EVERY, **fields})


def test_event_has_its_label_or_its_own_name():
    assert words.looks_at(rule()) == "Xem trang"
    assert words.looks_at(rule(event_kind="quiz.taken")) == "quiz.taken"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Mỗi lần"),
        ({"repeat": Repeat.ONCE}, "Một lần"),
        ({"repeat": Repeat.PROPERTY, "repeat_property": "offer, voucher"}, "Một lần cho mỗi ưu đãi"),
        ({"repeat": Repeat.PROPERTY, "repeat_property": "course"}, "Một lần cho mỗi course"),
        ({"kind": RuleKind.PROFILE}, "Một lần, thu hồi khi không còn đúng"),
    ],
)
def test_repeats(fields, said):
    assert words.repeats(rule(**fields)) == said


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, []),
        ({"cap_per_day": 5}, ["tối đa 5 lần mỗi ngày"]),
        ({"cap_per_day": 5, "cap_per_lead": 9}, ["tối đa 5 lần mỗi ngày", "tối đa 9 lần mỗi lead"]),
        ({"mode": Mode.RAISE_TO}, ["nâng điểm lên đúng mức này"]),
    ],
)
def test_caps(fields, said):
    assert words.caps(rule(**fields)) == said


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (("title", "contains", ["CEO", "giám đốc"]), "Chức danh có từ: CEO, giám đốc"),
        (("title", "not_contains", list("abcdefgh")), "Chức danh không có từ: a, b, c, d, e, f, …"),
        (("company_size", "greater", 100), "Quy mô công ty trên 100"),
        (("company_size", "less", 5), "Quy mô công ty dưới 5"),
        (("plan", "equals", "pro"), "plan là pro"),
        (("city", "one_of", ["Huế"]), "Tỉnh/thành là một trong: Huế"),
    ],
)
def test_conditions(condition, said):
    field, op, value = condition
    assert words.conditions(rule(conditions=[{"field": field, "op": op, "value": value}])) == [said]


def test_lines_say_how_each_number_comes_about():
    derived = ScoringModel(offers=5)
    typed = ScoringModel(prospect=1, lead=2, mql=3, sql_ready=4)
    assert [(line.score, line.how) for line in words.lines(derived, thresholds_of(derived))] == [
        (10, "Một ưu đãi miễn phí."),
        (50, "5 ưu đãi miễn phí × 10 điểm."),
        (75, "Ngưỡng lead + 25 điểm."),
        (100, "Ngưỡng MQL + 25 điểm: Sales gọi trước."),
    ]
    assert {line.how for line in words.lines(typed, thresholds_of(typed))} == {"Đặt tay."}


@pytest.mark.django_db
def test_silences_are_what_each_step_takes_by_itself():
    model = ScoringModel.objects.get()
    model.cumulative = False
    assert [(s.days, s.points) for s in words.silences(spec_of(model))] == [(30, 15), (60, 15), (90, 20)]


def test_bounds_leave_no_gap():
    assert words.bounds("ABC", 20, 10) == [("A", "≥ 20"), ("B", "≥ 10"), ("C", "< 10")]
