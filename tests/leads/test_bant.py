import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.bant import POINTS, Answers, bant_points, is_hot, missing_to_accept
from leads.enums import Authority, Budget, Need, Timing

ANSWERS = st.fixed_dictionaries({part: st.sampled_from(list(table)) for part, table in POINTS.items()})
BEST = {"budget": "available", "authority": "decision_maker", "need": "urgent", "timing": "within_month"}
PASSED = {"right_phone": True, "right_name": True, "right_need": True, "agreed_to_talk": True}


@pytest.mark.parametrize(
    ("answers", "points"),
    [
        ({"budget": "unknown", "authority": "unknown", "need": "unknown", "timing": "unknown"}, 0),
        ({"budget": "none", "authority": "user", "need": "vague", "timing": "over_6_months"}, 28),
        ({"budget": "planned", "authority": "influencer", "need": "clear", "timing": "within_6_months"}, 63),
        ({"budget": "planned", "authority": "influencer", "need": "clear", "timing": "within_3_months"}, 71),
        (BEST, 100),
    ],
)
def test_bant_points_add_the_four_answers(answers, points):
    assert bant_points(**answers) == points


@pytest.mark.parametrize(
    ("part", "enum"), [("budget", Budget), ("authority", Authority), ("need", Need), ("timing", Timing)]
)
def test_points_know_exactly_the_stored_values(part, enum):
    assert set(POINTS[part]) == set(enum.values)


def test_bant_points_take_the_enums_themselves():
    assert bant_points(
        budget=Budget.PLANNED, authority=Authority.USER, need=Need.CLEAR, timing=Timing.WITHIN_MONTH
    ) == (15 + 10 + 18 + 25)


def test_bant_points_refuse_an_unknown_answer():
    with pytest.raises(KeyError):
        bant_points(budget="plenty", authority="user", need="clear", timing="unknown")


def test_every_table_rises_from_zero_to_twenty_five():
    for table in POINTS.values():
        points = list(table.values())
        assert (points[0], points[-1]) == (0, 25)
        assert all(low < high for low, high in itertools.pairwise(points))


@given(ANSWERS)
def test_bant_points_stay_between_0_and_100(answers):
    assert 0 <= bant_points(**answers) <= 100


@given(ANSWERS, st.sampled_from(list(POINTS)), st.data())
def test_bant_points_never_fall_with_a_better_answer(answers, part, data):
    ladder = list(POINTS[part])
    better = data.draw(st.sampled_from(ladder[ladder.index(answers[part]) :]))
    assert bant_points(**{**answers, part: better}) >= bant_points(**answers)


def test_missing_to_accept_names_everything_on_a_blank_qualification():
    assert missing_to_accept(Answers()) == [
        "right_phone",
        "right_name",
        "right_need",
        "agreed_to_talk",
        "bant",
    ]


def test_missing_to_accept_is_empty_when_all_is_there():
    assert missing_to_accept(Answers(**BEST, **PASSED)) == []


@pytest.mark.parametrize("check", list(PASSED))
@pytest.mark.parametrize("answer", [None, False])
def test_missing_to_accept_counts_no_and_not_asked_alike(check, answer):
    assert missing_to_accept(Answers(**BEST, **{**PASSED, check: answer})) == [check]


@pytest.mark.parametrize("answer", [None, False, True])
def test_icp_fit_does_not_decide_acceptance(answer):
    assert missing_to_accept(Answers(**BEST, **PASSED, icp_fit=answer)) == []


def test_missing_to_accept_measures_bant_against_the_minimum():
    answers = Answers(budget="planned", authority="influencer", need="clear", timing="within_6_months", **PASSED)
    assert answers.points == 63
    assert missing_to_accept(answers) == []
    assert missing_to_accept(answers, minimum=63) == []
    assert missing_to_accept(answers, minimum=64) == ["bant"]


@pytest.mark.parametrize(
    ("changes", "hot"),
    [
        ({}, True),
        ({"budget": "none"}, True),
        ({"budget": "unknown"}, False),
        ({"budget": "none", "authority": "influencer"}, False),
        ({"timing": "within_3_months"}, False),
    ],
)
def test_is_hot_needs_80_points_and_a_month(changes, hot):
    assert is_hot(Answers(**{**BEST, **changes})) is hot


@given(ANSWERS)
def test_is_hot_implies_enough_bant_to_accept(answers):
    qualified = Answers(**answers, **PASSED)
    assert not (is_hot(qualified) and missing_to_accept(qualified))
