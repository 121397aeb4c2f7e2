import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.enums import Unsuggested
from scoring.learning import coefficients
from scoring.models import Rule
from scoring.suggest import figures, lift, scaled, suggest_points, why_none
from scoring.tally import Tally


def test_lift_is_the_ratio_of_two_shares_with_its_interval():
    found = lift(leads=412, sql=206, all_leads=2000, all_sql=551)
    assert round(found.times, 2) == 2.3
    assert found.low < 2.3 < found.high
    spread = 1.96 * math.sqrt(1 / 206 - 1 / 412 + 1 / 345 - 1 / 1588)
    assert math.isclose(found.high / found.times, math.exp(spread))


@pytest.mark.parametrize(
    "given",
    [
        {"leads": 29, "sql": 10, "all_leads": 500, "all_sql": 90},
        {"leads": 480, "sql": 80, "all_leads": 500, "all_sql": 90},
        {"leads": 100, "sql": 4, "all_leads": 500, "all_sql": 90},
        {"leads": 100, "sql": 88, "all_leads": 500, "all_sql": 90},
        {"leads": 0, "sql": 0, "all_leads": 0, "all_sql": 0},
    ],
)
def test_lift_says_nothing_with_too_little_data(given):
    assert lift(**given) is None


def test_points_keep_the_scale_they_have():
    assert scaled({"1": 2.0, "2": 1.0}, {"1": (10, 100, 1.0), "2": (20, 100, 1.0)}) == {"1": 20, "2": 10}


def test_a_rule_that_fires_often_gets_less_each_time_and_a_bad_sign_gets_minus():
    assert scaled({"1": 1.0, "2": -1.0}, {"1": (3, 100, 5.0), "2": (15, 100, 1.0)}) == {"1": 3, "2": -15}
    assert scaled({"1": 9.0, "2": 0.001}, {"1": (60, 10, 1.0), "2": (90, 90, 1.0)})["1"] == 100
    assert scaled({"1": 0.0}, {"1": (3, 100, 1.0)}) == {}


PATTERNS = {"1": [300, 180], "2": [300, 60], "1,2": [100, 65], "": [1000, 100], "9": [10, 1]}


def test_regression_finds_which_rule_tells_more():
    found = coefficients({"rules": ["1", "2"], "patterns": PATTERNS})
    assert found["1"] > found["2"] > 0
    assert round(found["1"] - math.log((180 / 120) / (100 / 900)), 0) == 0


def tally() -> Tally:
    total = Tally(leads=1710, sql=406)
    total.patterns = PATTERNS
    total.rules = {"1": [800, 400, 245], "2": [400, 400, 125], "9": [10, 10, 1]}
    return total


def rules() -> list[Rule]:
    return [Rule(pk=pk, points=points) for pk, points in ((1, 10), (2, 10), (9, 50), (4, 5))]


def test_suggestions_are_whole_points_for_rules_with_enough_data():
    found = suggest_points(tally(), rules())
    assert set(found) == {"1", "2"}
    assert found["1"] * 2 > found["2"] > 0
    assert all(isinstance(points, int) for points in found.values())


def test_a_rule_that_fires_for_nearly_everybody_is_left_out_and_says_why():
    """What the few without it are like would make it look very good or very bad."""
    total = tally()
    total.patterns = {",".join(filter(None, ["4", *pattern.split(",")])): n for pattern, n in PATTERNS.items()}
    total.patterns |= {"1,4": [300, 180], "1": [60, 50]}
    total.rules["4"] = [1650, 1650, 350]
    assert set(suggest_points(total, rules())) == {"1", "2"}
    assert why_none(rules()[3], **figures(total, rules()[3])) == Unsuggested.NEARLY_ALL


@pytest.mark.parametrize(
    ("leads", "sql", "mode", "why"),
    [
        (800, 300, "add", None),
        (801, 300, "add", Unsuggested.NEARLY_ALL),
        (29, 20, "add", Unsuggested.FEW_LEADS),
        (500, 4, "add", Unsuggested.FEW_LEADS),
        (500, 200, "raise_to", Unsuggested.LIFTS),
    ],
)
def test_why_nothing_is_suggested_for_a_rule(leads, sql, mode, why):
    assert why_none(Rule(mode=mode), leads=leads, sql=sql, all_leads=1000, all_sql=310) == why


@given(st.dictionaries(st.sampled_from("abcde"), st.floats(-3, 3), min_size=1), st.data())
def test_points_have_the_sign_of_their_odds_and_stay_within_bounds(odds, data):
    counts = st.tuples(st.integers(1, 100), st.integers(30, 999), st.floats(1, 9))
    points = scaled(odds, {key: data.draw(counts) for key in odds})
    assert all(-100 <= value <= 100 and value * odds[key] >= 0 for key, value in points.items())


def test_nothing_is_suggested_with_too_little_data_or_without_the_program(monkeypatch):
    few = tally()
    few.sql = 29
    assert suggest_points(few, rules()) == {}
    assert suggest_points(Tally(), rules()) == {}
    monkeypatch.setattr("scoring.suggest.SECONDS", 0)
    assert suggest_points(tally(), rules()) == {}
