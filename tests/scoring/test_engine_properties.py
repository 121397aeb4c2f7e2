"""Random lives under random models: what must hold for every one of them."""

from copy import deepcopy
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from scoring.conditions import Condition
from scoring.engine import State, advance, fold, next_due
from scoring.spec import ModelSpec
from tests.scoring.specs import act, after, make_model, make_profile_rule, make_rule, mark, profile

KINDS = ("page.viewed", "form.demo", "mail.bounced", "offer.claimed", "unknown.thing")
days = st.integers(0, 300).map(lambda half: half / 2)


@st.composite
def models(draw) -> ModelSpec:
    rules = [
        make_rule(
            number,
            event=draw(st.sampled_from(KINDS[:4])),
            points=draw(st.integers(-30, 60)),
            mode=draw(st.sampled_from(["add", "add", "raise_to"])),
            category=draw(st.sampled_from(["engagement", "engagement", "fit"])),
            cap_per_day=draw(st.none() | st.integers(1, 2)),
            cap_per_lead=draw(st.none() | st.integers(1, 4)),
            expiry_days=draw(st.none() | st.sampled_from([0, 5, 40])),
            **draw(st.sampled_from([{"repeat": "once"}, {"repeat": "every"}, OFFERS])),
        )
        for number in range(1, draw(st.integers(2, 5)))
    ]
    senior = make_profile_rule(20, points=draw(st.integers(-20, 20)), conditions=(Condition("title", "equals", "CEO"),))
    return make_model(
        *rules,
        senior,
        inactivity=draw(st.booleans()),
        expiry=draw(st.booleans()),
        cumulative=draw(st.booleans()),
        expiry_days=draw(st.sampled_from([30, 60, 90])),
        pause_when_accepted=draw(st.booleans()),
    )


OFFERS = {"repeat": "property", "repeat_property": "offer"}
actions = st.builds(
    lambda day, kind, offer: act(day, kind, offer=offer), days, st.sampled_from(KINDS), st.sampled_from("AB")
)
profiles = st.builds(lambda day, title: profile(day, title=title), days, st.sampled_from(["CEO", "Kế toán"]))
marks = st.builds(
    lambda day, pauses, low: mark(day, pauses=pauses, score_to=None if pauses else low),
    days, st.booleans(), st.sampled_from([None, 0, 50]),
)  # fmt: skip


@st.composite
def lives(draw):
    facts = draw(st.lists(st.one_of(actions, actions, actions, profiles, marks), min_size=1, max_size=14))
    return sorted(facts, key=lambda fact: (fact.at, fact.event_id))


@given(models(), lives())
def test_score_is_the_sum_of_its_entries_and_never_negative(model, facts):
    state, score, fit = State(), 0, 0
    for entry in fold(state, facts, model) + advance(state, after(500), model):
        score, fit = score + entry.delta, fit + entry.fit_delta
        assert 0 <= fit <= score
    assert (state.score, state.fit) == (score, fit)


@given(models(), lives())
def test_entries_come_in_the_order_of_their_time(model, facts):
    state = State()
    entries = fold(state, facts, model) + advance(state, after(500), model)
    assert [e.effective_at for e in entries] == sorted(e.effective_at for e in entries)


@given(models(), lives(), st.lists(st.integers(0, 400), max_size=5))
def test_time_may_pass_in_any_number_of_steps(model, facts, stops):
    """advance(a -> c) == advance(a -> b -> c)."""
    at_once = State()
    entries = fold(at_once, facts, model)
    bit_by_bit, parts = deepcopy(at_once), list(entries)
    last = facts[-1].at
    for stop in sorted(stops):
        parts += advance(bit_by_bit, last + timedelta(days=stop), model)
    parts += advance(bit_by_bit, last + timedelta(days=400), model)
    entries += advance(at_once, last + timedelta(days=400), model)
    assert (parts, bit_by_bit) == (entries, at_once)


@given(models(), lives(), st.lists(st.integers(0, 299), max_size=4))
def test_looking_in_between_facts_changes_nothing(model, facts, looks):
    """A sweep may run at any moment, or not at all."""
    quiet, watched = State(), State()
    entries = fold(quiet, facts, model)
    seen, left = [], sorted(after(look / 2) for look in looks)
    for fact in facts:
        while left and left[0] < fact.at:
            seen += advance(watched, left.pop(0), model)
        seen += fold(watched, [fact], model)
    assert (seen, watched) == (entries, quiet)


@given(models(), lives())
def test_advancing_twice_to_the_same_moment_takes_nothing_more(model, facts):
    state = State()
    fold(state, facts, model)
    advance(state, after(200), model)
    before = deepcopy(state)
    assert advance(state, after(200), model) == []
    assert state == before
    due = next_due(state, model)
    assert due is None or due > after(200) or due > facts[-1].at


@given(models(), lives())
def test_nothing_fires_twice_in_a_spell_nor_an_award_twice_for_a_key(model, facts):
    state = State()
    numbered = [fact._replace(event_id=number) for number, fact in enumerate(facts, start=1)]
    entries = fold(state, numbered, model) + advance(state, after(500), model)
    steps = [(e.step, e.spell) for e in entries if e.kind == "decay"]
    keys = [(e.rule_id, e.repeat_key) for e in entries if e.repeat_key]
    events = [(e.kind, e.rule_id, e.event_id) for e in entries if e.event_id]
    assert (len(steps), len(keys), len(events)) == (len(set(steps)), len(set(keys)), len(set(events)))


@given(lives())
def test_caps_hold(facts):
    model = make_model(make_rule(points=1, cap_per_day=1, cap_per_lead=3), inactivity=False)
    moments = [e.effective_at for e in fold(State(), facts, model) if e.kind == "award"]
    assert len(moments) <= 3
    assert len({moment.date() for moment in moments}) == len(moments)
