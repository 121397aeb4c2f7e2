"""A lead's history under a model, and what many of them come to. Pure."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from scoring.engine import Fact
from scoring.tally import MOST_SHOWN, Outcome, Tally, merge
from scoring.trial import Handed, Played, parts_at, play
from tests.scoring.specs import act, after, make_model, make_profile_rule, make_rule, mark, profile
from tests.scoring.test_engine_properties import lives as random_lives
from tests.scoring.test_engine_properties import models

BOOKED = make_rule(1, points=75, event="meeting.booked", repeat="once")
VIEWED = make_rule(2, points=30, event="page.viewed")
TRIAL = make_rule(3, points=5, event="trial.started", product_qualifying=True)
MODEL = make_model(BOOKED, VIEWED, TRIAL)
SPAN = {"since": after(0), "until": after(100)}


def test_crossing_the_line_is_one_handoff_however_high_the_score_goes():
    played = play([act(1), act(2), act(3), act(4)], MODEL, **SPAN)
    assert played.handed == [Handed(after(3), 90, "mql")]
    assert (played.peak, played.fired, played.waiting) == (120, {2: 4}, False)


def test_a_product_event_hands_over_at_any_score():
    assert play([act(1, "trial.started")], MODEL, **SPAN).handed == [Handed(after(1), 5, "pql")]


def test_recycled_leads_may_be_handed_over_again_and_accepted_ones_not():
    story = [act(1, "meeting.booked"), mark(2, pauses=False, score_to=50), act(3), mark(4, pauses=True), act(5)]
    assert [handed.at for handed in play(story, MODEL, **SPAN).handed] == [after(1), after(3)]


def test_what_came_before_the_span_counts_for_the_score_only():
    played = play([act(1), act(2), act(20)], MODEL, since=after(10), until=after(50))
    assert (played.handed, played.peak, played.fired) == ([Handed(after(20), 90, "mql")], 90, {2: 1})
    early = play([act(1, "meeting.booked")], MODEL, since=after(10), until=after(20))
    assert (early.handed, early.peak, early.waiting) == ([], 0, True)


def test_silence_between_two_actions_is_taken_into_account():
    assert play([act(0), act(1), act(40)], MODEL, **SPAN).handed == [Handed(after(40), 75, "mql")]
    assert play([act(0), act(1), act(70)], MODEL, **SPAN).handed == []


def test_after_the_verdict_nothing_is_counted_any_more():
    played = play([act(1, "meeting.booked"), mark(2, pauses=True), act(3), profile(4, title="x")], MODEL, **SPAN)
    assert (played.peak, played.fired, played.waiting) == (75, {1: 1}, False)


@given(st.lists(st.tuples(st.integers(0, 90), st.sampled_from(["page.viewed", "meeting.booked"])), max_size=12))
def test_handoffs_only_ever_begin_at_a_score_over_the_line(deeds):
    facts = [act(day, kind, number=n + 1) for n, (day, kind) in enumerate(sorted(deeds))]
    played = play(facts, MODEL, **SPAN)
    assert all(handed.score >= 75 for handed in played.handed)
    assert len(played.handed) <= 1
    assert bool(played.handed) == (played.peak >= 75)


def told(score: int = 80, day: float = 1, **more) -> Played:
    return Played(handed=[Handed(after(day), score, "mql")], peak=score, **more)


NOT_HANDED = Played(peak=40)


def test_tally_counts_handoffs_by_month_and_what_became_of_them():
    tally = Tally()
    tally.add(1, told(), told(day=40), Outcome(sql_at=after(5), won_at=after(50)))
    tally.add(2, told(), NOT_HANDED, Outcome())
    tally.add(3, NOT_HANDED, NOT_HANDED, Outcome(won_at=after(50)))
    assert (tally.leads, tally.sql, tally.won) == (3, 1, 2)
    assert tally.months == {
        "2026-01": {"draft": [2, 1, 1], "published": [0, 0, 0], "won": [0, 0, 0]},
        "2026-02": {"draft": [0, 0, 0], "published": [1, 0, 1], "won": [2, 1, 1]},
    }
    assert tally.peaks["draft"] == {"80": [2, 1, 1], "40": [1, 0, 1]}


def test_tally_shows_leads_that_only_one_model_hands_over():
    tally = Tally()
    tally.add(1, told(90), NOT_HANDED, Outcome(sql_at=after(5)))
    tally.add(2, NOT_HANDED, told(77), Outcome())
    tally.add(3, told(), told(), Outcome())
    assert tally.differ == {"draft": 1, "published": 1}
    assert tally.shown["draft"] == [[90, 1, after(1).isoformat(), 90, 40, True, False]]
    assert [row[:2] for row in tally.shown["published"]] == [[77, 2]]


def test_tally_keeps_the_highest_scores_of_those_that_differ():
    tally = Tally()
    for number in range(MOST_SHOWN + 20):
        tally.add(number, told(75 + number), NOT_HANDED, Outcome())
    assert min(row[0] for row in tally.shown["draft"]) == 95
    assert tally.differ["draft"] == MOST_SHOWN + 20


def test_tally_counts_rules_patterns_and_who_waits():
    tally = Tally()
    tally.add(1, Played(fired={7: 3, 2: 1}, waiting=True), NOT_HANDED, Outcome(sql_at=after(1)))
    tally.add(2, Played(fired={2: 1}, waiting=True), NOT_HANDED, Outcome(free=False))
    assert tally.rules == {"7": [3, 1, 1], "2": [2, 2, 1]}
    assert tally.patterns == {"2,7": [1, 1], "2": [1, 0]}
    assert tally.waiting == 1


def test_patterns_are_bounded(monkeypatch):
    monkeypatch.setattr("scoring.tally.MOST_PATTERNS", 1)
    tally = Tally()
    for rule in (1, 2, 1):
        tally.add(rule, Played(fired={rule: 1}), NOT_HANDED, Outcome())
    assert tally.patterns == {"1": [2, 0]}


lives = st.lists(
    st.tuples(st.integers(40, 99), st.booleans(), st.booleans(), st.booleans(), st.sampled_from([1, 40])), max_size=12
)


@given(lives, st.integers(0, 12))
def test_slices_add_up_to_the_whole(rows, cut):
    parts, whole = [Tally(), Tally()], Tally()
    for number, (score, drafted, published, sold, day) in enumerate(rows):
        seen = (
            told(score, day, fired={1: 2}) if drafted else Played(peak=score),
            told(score, day) if published else NOT_HANDED,
            Outcome(sql_at=after(45) if sold else None, won_at=after(60) if sold else None),
        )
        whole.add(number, *seen)
        parts[number < cut].add(number, *seen)
    merged = merge([part.as_json() for part in parts]).as_json()
    expected = whole.as_json()
    for table in (merged, expected):
        table["shown"] = {side: sorted(found) for side, found in table["shown"].items()}
    assert merged == expected


def test_a_fact_of_the_same_moment_needs_no_settling():
    assert play([act(1), Fact(after(1), 99, "page.viewed", action=True)], MODEL, **SPAN).peak == 60
    assert timedelta(0) < SPAN["until"] - SPAN["since"]


@given(models(), models(), random_lives(), st.sampled_from(["rule", "points", "profile", "line", "steps", "version"]))
def test_a_lead_without_events_that_the_models_see_differently_fares_the_same(model, other, facts, change):
    changed = {
        "rule": replace(model, rules=other.rules[:1] + model.rules[1:]),
        "points": replace(model, rules=(replace(model.rules[0], points=41, id=99), *model.rules[1:])),
        "profile": replace(model, rules=(*model.rules[:-1], replace(model.rules[-1], points=33))),
        "line": replace(model, thresholds=replace(model.thresholds, mql=60)),
        "steps": replace(model, steps=((10, 40),)),
        "version": replace(model, version=2, since=after(3), fit_bounds=(9, 4)),
    }[change]
    parting = parts_at(model, changed)
    if parting is not None and parting.isdisjoint(fact.kind for fact in facts):
        one, two = play(facts, model, **SPAN), play(facts, changed, **SPAN)
        assert (one.handed, one.peak, one.score, one.waiting) == (two.handed, two.peak, two.score, two.waiting)


def test_where_models_part():
    assert parts_at(MODEL, replace(MODEL, version=2)) == frozenset()
    assert parts_at(MODEL, make_model(BOOKED, replace(VIEWED, points=31, id=77), TRIAL)) == {"page.viewed"}
    assert parts_at(MODEL, make_model(BOOKED, VIEWED)) == {"trial.started"}
    assert parts_at(MODEL, replace(MODEL, thresholds=replace(MODEL.thresholds, mql=80))) is None
    assert parts_at(MODEL, make_model(BOOKED, VIEWED, TRIAL, make_profile_rule())) is None


def test_rules_are_counted_only_where_somebody_asks():
    told = play([act(1), act(2), act(3)], MODEL, **SPAN, counts_rules=False)
    assert (told.fired, told.peak, len(told.handed)) == ({}, 90, 1)
