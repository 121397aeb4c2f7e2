"""Many leads told side by side: exactly what playing each history by itself finds, whatever they and the models are."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leads.models import Event
from leads.thresholds import Thresholds
from scoring.columns import _read_told, read_columns
from scoring.conditions import Condition
from scoring.firing import can_tell, fire
from scoring.history import read_histories
from scoring.lockstep import tell
from scoring.span import play_span
from scoring.trial import play
from tests.scoring.makers import after, born
from tests.scoring.specs import make_model, make_profile_rule, make_rule

pytestmark = pytest.mark.django_db

KINDS = ("page.viewed", "form.demo", "mail.bounced", "offer.claimed", "unknown.thing", "enquiry.received")
LIMITS = [
    {"repeat": "every"},
    {"repeat": "once"},
    {"repeat": "property", "repeat_property": "offer"},
    {"cap_per_day": 1},
    {"cap_per_day": 0},
    {"cap_per_lead": 2},
    {"repeat": "once", "cap_per_lead": 1},
    {"repeat": "property", "repeat_property": "offer", "cap_per_day": 1, "cap_per_lead": 3},
]
WIDE = Condition("offer", "one_of", ["A", "C"])
CHIEF = Condition("title", "equals", "CEO")

behaviour = st.builds(
    lambda number, event, points, category, limits, conditions, marks: make_rule(
        number, event=event, points=points, category=category, conditions=conditions, product_qualifying=marks, **limits
    ),
    st.integers(1, 9),
    st.sampled_from(KINDS),
    st.sampled_from([0, 1, 7, 20, 60]) | st.sampled_from([30, 30, -15]),
    st.sampled_from(["engagement", "engagement", "fit"]),
    st.sampled_from(LIMITS),
    st.sampled_from([(), (), (WIDE,)]),
    st.sampled_from([False, False, False, True]),
)
models = st.builds(
    lambda rules, chief, points, mql, **fields: make_model(
        *{rule.id: rule for rule in rules}.values(),
        make_profile_rule(20, points=points, conditions=(CHIEF,) if chief else (Condition("city", "given", ""),)),
        thresholds=Thresholds(mql=mql),
        **fields,
    ),
    st.lists(behaviour, min_size=1, max_size=5),
    st.booleans(),
    st.sampled_from([0, 5, 15]),
    st.sampled_from([10, 40, 75]),
    inactivity=st.booleans(),
    cumulative=st.booleans(),
    expiry=st.sampled_from([False, False, False, False, True]),
    pause_when_accepted=st.booleans(),
)
SAID = st.one_of(
    st.tuples(st.sampled_from(KINDS), st.sampled_from([{"offer": "A"}, {"offer": "B"}, {}])),
    st.tuples(st.sampled_from(KINDS), st.sampled_from([{"offer": "C"}, {"offer": "A\t\\ \n"}])),
    st.tuples(
        st.just("lead.updated"),
        st.sampled_from([{"profile": {"title": "CEO"}}, {"profile": {"title": "Kế toán", "city": "Huế"}}, {}]),
    ),
    st.tuples(st.just("handoff.recycled"), st.sampled_from([{}, {"score_to": 0}, {"score_to": 50}])),
    st.tuples(
        st.just("status.moved"), st.sampled_from([{"to": "won"}, {"from": "wrong_target", "to": "new"}, {"to": "hot"}])
    ),
    st.sampled_from([("handoff.accepted", {}), ("lead.updated", {"profile": None}), ("call.logged", {"n": 1})]),
    st.sampled_from([("page.viewed", {}), ("lead.merged", {"profile": {}, "pauses": True})]),
    st.sampled_from([("page.viewed", {}), ("score.adjusted", {"points": 30})]),
)
days = st.integers(0, 360).map(lambda third: third / 3)
lives = st.lists(st.lists(st.tuples(days, SAID), max_size=14), min_size=1, max_size=4)


def live(*stories) -> list[int]:
    """Leads with exactly these events, as (day, (kind, properties)), in the log."""
    leads = [born() for _story in stories]
    ids = [lead.pk for lead in leads]
    Event.objects.filter(lead__in=ids).delete()
    Event.objects.bulk_create(
        Event(lead_id=pk, kind=kind, properties=said, occurred_at=after(day), recorded_at=after(200))
        for pk, story in zip(ids, stories, strict=True)
        for day, (kind, said) in story
    )
    return ids


def by_itself(ids, draft, published, **span):
    found = read_histories(ids[0], ids[-1], models=[draft, published], until=span["until"])
    return {pk: (play(facts, draft, **span), play(facts, published, **span, counts_rules=False)) for pk, facts in found}


def side_by_side(ids, draft, published, **span):
    return {pk: (one, other) for pk, one, other in play_span(ids[0], ids[-1], draft, published, **span)}


def without_counts(pair):
    return pair[0], replace(pair[1], fired={})


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(draft=models, published=models, stories=lives, since=st.integers(0, 80))
def test_leads_side_by_side_are_what_each_is_by_itself(draft, published, stories, since):
    ids, span = live(*stories), {"since": after(since), "until": after(118)}
    told = side_by_side(ids, draft, published, **span)
    assert {pk: without_counts(pair) for pk, pair in told.items()} == by_itself(ids, draft, published, **span)


SPAN = {"since": after(0), "until": after(100)}
PAGES = make_model(make_rule(1, points=30), thresholds=Thresholds(mql=60))


def test_only_odd_leads_are_told_one_by_one():
    plain, by_hand, malus = live(
        [(1, ("page.viewed", {}))],
        [(1, ("page.viewed", {})), (2, ("score.adjusted", {"points": 40}))],
        [(1, ("page.viewed", {})), (2, ("mail.bounced", {}))],
    )
    stern = make_model(make_rule(1, points=30), make_rule(2, event="mail.bounced", points=-10))
    found = read_columns(plain, malus, models=[stern], until=after(100))
    fired = fire(found, stern)
    assert fired.odd == {by_hand, malus}
    assert list(tell(found, fired, stern, **SPAN)) == [plain]
    told = side_by_side([plain, by_hand, malus], stern, PAGES, **SPAN)
    assert {pk: (one.score, other.score) for pk, (one, other) in told.items()} == {
        plain: (0, 0),
        by_hand: (0, 0),
        malus: (0, 0),
    }
    assert [told[pk][0].peak for pk in (plain, by_hand, malus)] == [30, 70, 30]


def test_a_rule_that_is_no_longer_true_of_the_person_makes_the_lead_odd():
    (lead,) = live(
        [(1, ("lead.updated", {"profile": {"title": "CEO"}})), (2, ("lead.updated", {"profile": {"title": "Kho"}}))]
    )
    model = make_model(make_profile_rule(9, points=15, conditions=(CHIEF,)))
    assert fire(read_columns(lead, lead, models=[model], until=after(9)), model).odd == {lead}


def test_models_whose_points_lapse_or_depend_on_the_score_are_told_one_by_one():
    assert can_tell(PAGES)
    assert not can_tell(make_model(expiry=True))
    assert not can_tell(make_model(make_profile_rule(points=-5)))
    assert not can_tell(make_model(make_profile_rule(mode="raise_to")))


def test_what_comes_between_the_two_readings_is_told_by_itself():
    """The numbers are read first, what the events say second: here it finds one event more, and misses another."""
    offers = make_model(make_rule(1, event="offer.claimed", points=30, repeat="property", repeat_property="offer"))
    story = [(1, ("offer.claimed", {"offer": "A"}))]
    early, between, late = live(story, story, story)
    found = read_columns(early, late, models=[offers], until=after(9))
    assert (found.odd, list(found.told.values())) == (set(), [{"offer": "A"}] * 3)
    events = np.array(Event.objects.filter(lead__gte=early).order_by("lead").values_list("pk", flat=True))
    lines = f"{early}\t{events[0]}\t{{}}\n{between}\t{events[1]}\t{{}}\n{between}\t{events[2] + 1}\t{{}}\n"
    _read_told(found, events, lines.encode(), ["offer.claimed"])
    assert found.odd == {between, late}


def test_an_empty_span_tells_nothing():
    (lead,) = live([])
    assert side_by_side([lead], PAGES, PAGES, **SPAN) == {}
    assert side_by_side([lead], make_model(expiry=True), PAGES, **SPAN) == {}


def test_what_does_not_concern_the_score_raises_no_peak():
    ids = live([(1, ("page.viewed", {})), (2, ("status.moved", {"to": "hot"}))])
    told = side_by_side(ids, PAGES, PAGES, since=after(1.5), until=after(9))
    assert (told[ids[0]][0].peak, told[ids[0]][0].score) == (0, 30)
