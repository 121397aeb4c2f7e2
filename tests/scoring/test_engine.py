"""One life at a time, without a database."""

from datetime import UTC, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.conditions import Condition
from scoring.engine import ZONE, Entry, State, advance, fold, local_day, next_due, step
from tests.scoring.specs import DAY, START, act, after, make_model, make_profile_rule, make_rule, mark, profile


def live(model, *facts, until: float | None = None) -> tuple[State, list[Entry]]:
    state = State()
    entries = fold(state, facts, model)
    return state, entries if until is None else entries + advance(state, after(until), model)


def deltas(entries) -> list[tuple[str, int]]:
    return [(entry.kind, entry.delta) for entry in entries]


# --- what a lead does -----------------------------------------------------------------------------


def test_every_time_rule_gives_points_every_time():
    state, entries = live(make_model(), act(0), act(1))
    assert (state.score, state.engagement, state.fit) == (20, 20, 0)
    assert [(e.rule_id, e.event_id, e.effective_at) for e in entries] == [(1, 1, START), (1, 1001, after(1))]


def test_unknown_action_scores_nothing_and_still_ends_the_silence():
    state, entries = live(make_model(), act(0), act(20, "webinar.joined"))
    assert deltas(entries) == [("award", 10)]
    assert (state.last_action, state.quiet_since) == (after(20), after(20))


def test_once_rule_gives_points_once():
    state, entries = live(make_model(make_rule(repeat="once")), act(0), act(1), act(40))
    assert deltas(entries) == [("award", 10), ("decay", -10)]
    assert state.once == {(1, "*")}


def test_once_per_value_gives_points_for_each_value_and_once_for_none():
    model = make_model(make_rule(repeat="property", repeat_property="offer, voucher"))
    _state, entries = live(
        model, act(0, offer="A"), act(1, offer="A"), act(2, voucher="B"), act(3), act(4, offer=""), act(5, offer=7)
    )
    assert [e.repeat_key for e in entries] == ["=A", "=B", "=", "=7"]


def test_value_of_any_length_fits_into_the_key():
    _state, entries = live(make_model(make_rule(repeat="property", repeat_property="page")), act(0, page="x" * 999))
    assert len(entries[0].repeat_key) == 200


def test_condition_must_hold():
    model = make_model(make_rule(conditions=(Condition("page", "contains", "bang gia"),)))
    _state, entries = live(model, act(0, page="/blog"), act(1, page="/Bảng giá"))
    assert [e.event_id for e in entries] == [1001]


def test_condition_is_asked_before_the_repeat_is_used_up():
    model = make_model(make_rule(repeat="once", conditions=(Condition("ok", "equals", "yes"),)))
    _state, entries = live(model, act(0, ok="no"), act(1, ok="yes"))
    assert deltas(entries) == [("award", 10)]


def test_cap_per_day_counts_local_days():
    model = make_model(make_rule(cap_per_day=2))
    night = 13 / 24  # 23:00 in Ho Chi Minh City
    _state, entries = live(model, act(0), act(0.1), act(0.2), act(night), act(night + 2 / 24))
    assert [e.effective_at for e in entries] == [after(0), after(0.1), after(night + 2 / 24)]
    assert local_day(after(night + 2 / 24)) == local_day(START) + timedelta(days=1)


def test_cap_per_lead_stops_for_good():
    _state, entries = live(make_model(make_rule(cap_per_lead=2)), act(0), act(5), act(10))
    assert deltas(entries) == [("award", 10), ("award", 10)]


def test_raise_to_lifts_the_score_and_never_lowers_it():
    model = make_model(make_rule(1, points=10), make_rule(2, points=40, event="form.demo", mode="raise_to"))
    state, entries = live(model, act(0), act(1, "form.demo"), act(2), act(3, "form.demo"))
    assert deltas(entries) == [("award", 10), ("award", 30), ("award", 10)]
    assert state.score == 50


def test_two_rules_on_one_event_both_count_in_their_order():
    model = make_model(make_rule(1, points=10), make_rule(2, points=30, mode="raise_to"))
    assert deltas(live(model, act(0))[1]) == [("award", 10), ("award", 20)]


def test_negative_points_take_engagement_first_and_stop_at_zero():
    model = make_model(make_rule(1, points=-20, event="mail.bounced"), make_profile_rule())
    state, entries = live(model, profile(0), act(1, "mail.bounced"), act(2, "mail.bounced"))
    assert [(e.kind, e.delta, e.fit_delta) for e in entries] == [("profile", 15, 15), ("award", -15, -15)]
    assert state.score == 0


def test_negative_fit_points_take_fit_first():
    model = make_model(make_rule(1), make_rule(2, points=-20, event="bad.fit", category="fit"), make_profile_rule())
    state, entries = live(model, profile(0), act(1), act(2, "bad.fit"))
    assert (entries[-1].delta, entries[-1].fit_delta) == (-20, -15)
    assert (state.fit, state.engagement) == (0, 5)


def test_fit_points_for_behaviour_go_to_fit():
    state, _entries = live(make_model(make_rule(category="fit")), act(0))
    assert (state.fit, state.engagement) == (10, 0)


# --- who the lead is ------------------------------------------------------------------------------

DIRECTOR = Condition("title", "contains", "giám đốc")


def test_profile_points_come_go_and_come_back_with_the_truth():
    model = make_model(make_profile_rule(conditions=(DIRECTOR,)))
    state, entries = live(
        model,
        profile(0, title="Giám đốc kinh doanh"),
        profile(1, title="GIAM DOC"),
        profile(2, title="Nhân viên"),
        profile(3, title="Giám đốc"),
    )
    assert [(e.kind, e.delta, e.fit_delta) for e in entries] == [
        ("profile", 15, 15),
        ("profile", -15, -15),
        ("profile", 15, 15),
    ]
    assert state.fit == 15


def test_fields_not_named_in_a_change_stay():
    model = make_model(make_profile_rule(conditions=(DIRECTOR,)))
    _state, entries = live(model, profile(0, title="Giám đốc"), profile(1, company_size=500))
    assert deltas(entries) == [("profile", 15)]


def test_withdrawal_takes_no_more_than_silence_has_left():
    model = make_model(make_rule(), make_profile_rule(conditions=(DIRECTOR,)))
    facts = [profile(0, title="Giám đốc"), act(0.5), act(31.5), profile(32, title="Nhân viên")]
    state, entries = live(model, *facts)
    assert deltas(entries) == [("profile", 15), ("award", 10), ("decay", -15), ("award", 10), ("profile", -10)]
    assert (state.fit, state.engagement) == (0, 10)


def test_withdrawal_of_nothing_is_noted_all_the_same():
    model = make_model(make_profile_rule(conditions=(DIRECTOR,)), make_rule())
    facts = [profile(0, title="Giám đốc"), act(0.1), profile(95, title="Kế toán"), profile(96, title="Giám đốc")]
    state, entries = live(model, *facts)
    assert deltas(entries)[-3:] == [("decay", -10), ("profile", 0), ("profile", 15)]
    assert state.score == 15


def test_profile_points_against_the_lead_are_given_back():
    model = make_model(
        make_rule(), make_profile_rule(points=-8, conditions=(Condition("title", "contains", "sinh viên"),))
    )
    state, entries = live(model, act(0), profile(1, title="Sinh viên"), profile(2, title="Kỹ sư"))
    assert deltas(entries) == [("award", 10), ("profile", -8), ("profile", 8)]
    assert (state.fit, state.engagement) == (8, 2)


def test_profile_rule_without_effect_is_not_held():
    model = make_model(
        make_rule(), make_profile_rule(points=-8, conditions=(Condition("title", "contains", "sinh viên"),))
    )
    state, entries = live(model, profile(0, title="Sinh viên"), act(1), profile(2, title="Sinh viên năm 4"))
    assert deltas(entries) == [("award", 10), ("profile", -8)]
    assert state.profile_points == {9: -8}


def test_engagement_profile_rule_is_withdrawn_from_engagement():
    model = make_model(make_profile_rule(category="engagement", conditions=(DIRECTOR,)))
    state, entries = live(model, profile(0, title="Giám đốc"), profile(1, title="Kế toán"))
    assert [(e.delta, e.fit_delta) for e in entries] == [(15, 0), (-15, 0)]
    assert state.score == 0


# --- silence --------------------------------------------------------------------------------------


def test_three_steps_of_silence_at_their_exact_moments():
    model = make_model(make_rule(points=100))
    state, entries = live(model, act(0), until=400)
    assert [(e.delta, e.effective_at, e.step, e.spell) for e in entries[1:]] == [
        (-15, after(30), 30, START),
        (-30, after(60), 60, START),
        (-50, after(90), 90, START),
    ]
    assert (state.score, next_due(state, model)) == (5, None)


def test_totals_deduct_only_the_difference():
    model = make_model(make_rule(points=100), cumulative=False)
    assert deltas(live(model, act(0), until=400)[1])[1:] == [("decay", -15), ("decay", -15), ("decay", -20)]


def test_totals_that_fall_deduct_nothing_more():
    model = make_model(make_rule(points=100), cumulative=False, steps=((30, 20), (60, 10), (90, 25)))
    assert deltas(live(model, act(0), until=400)[1])[1:] == [("decay", -20), ("decay", -5)]


def test_silence_takes_engagement_first_then_fit_and_never_below_zero():
    model = make_model(make_rule(points=20), make_profile_rule())
    state, entries = live(model, profile(0), act(0), until=400)
    assert [(e.delta, e.fit_delta) for e in entries[2:]] == [(-15, 0), (-20, -15)]
    assert state.score == 0


def test_any_action_starts_a_new_spell():
    model = make_model(make_rule(points=50))
    _state, entries = live(model, act(0), act(45), until=76)
    assert [(e.kind, e.effective_at, e.spell) for e in entries[1:]] == [
        ("decay", after(30), START),
        ("award", after(45), None),
        ("decay", after(75), after(45)),
    ]


def test_what_is_due_comes_before_an_action_of_the_same_moment():
    model = make_model(make_rule(points=50))
    assert deltas(live(model, act(0), act(30))[1]) == [("award", 50), ("decay", -15), ("award", 50)]


def test_silence_begins_with_the_first_action_not_with_the_profile():
    model = make_model(make_profile_rule())
    state, entries = live(model, profile(0), until=400)
    assert deltas(entries) == [("profile", 15)]
    assert next_due(state, model) is None


def test_without_silence_nothing_decays():
    model = make_model(make_rule(points=50), inactivity=False)
    state, entries = live(model, act(0), until=400)
    assert deltas(entries) == [("award", 50)]
    assert next_due(state, model) is None


# --- what Sales does ------------------------------------------------------------------------------


def test_accepted_lead_keeps_its_points_and_a_new_spell_begins_afterwards():
    model = make_model(make_rule(points=90))
    state, entries = live(model, act(0), mark(35, pauses=True), act(50), mark(200, pauses=False), until=231)
    assert [(e.kind, e.effective_at) for e in entries] == [
        ("award", START),
        ("decay", after(30)),
        ("award", after(50)),
        ("decay", after(230)),
    ]
    assert state.last_action == after(50)


def test_paused_lead_has_nothing_due():
    model = make_model(make_rule(points=90))
    state, _entries = live(model, act(0), mark(1, pauses=True), act(2))
    assert (state.quiet_since, next_due(state, model)) == (None, None)


def test_second_mark_of_the_same_kind_changes_nothing():
    model = make_model(make_rule(points=90))
    state, _entries = live(model, act(0), mark(1, pauses=True), mark(2, pauses=True))
    assert (state.paused, state.quiet_since) == (True, None)
    state, _entries = live(model, act(0), mark(1, pauses=False))
    assert (state.paused, state.quiet_since) == (False, START)


def test_pause_can_be_switched_off():
    model = make_model(make_rule(points=90), pause_when_accepted=False)
    assert deltas(live(model, act(0), mark(1, pauses=True), until=31)[1]) == [("award", 90), ("decay", -15)]


def test_recycling_brings_the_score_down_to_the_threshold_and_no_further():
    model = make_model(make_rule(points=80), make_profile_rule())
    state, entries = live(model, profile(0), act(0), mark(1, pauses=False, score_to=50))
    assert (entries[-1].kind, entries[-1].delta, entries[-1].fit_delta, state.score) == ("recycle", -45, 0, 50)
    _state, entries = live(make_model(), act(0), mark(1, pauses=False, score_to=50))
    assert deltas(entries) == [("award", 10)]


# --- points that lapse ----------------------------------------------------------------------------


def test_award_lapses_after_its_days():
    model = make_model(inactivity=False, expiry=True)
    state, entries = live(model, act(0), act(10), until=65)
    assert [(e.kind, e.delta, e.effective_at, e.event_id) for e in entries[2:]] == [("expiry", -10, after(60), 1)]
    assert next_due(state, model) == after(70)
    assert entries[0].expires_at == after(60)


def test_rule_may_lapse_sooner_or_never():
    model = make_model(
        make_rule(1, expiry_days=5), make_rule(2, event="form.demo", expiry_days=0), inactivity=False, expiry=True
    )
    state, entries = live(model, act(0), act(0, "form.demo", number=2), until=400)
    assert [(e.delta, e.effective_at) for e in entries[2:]] == [(-10, after(5))]
    assert state.score == 10


def test_awards_without_points_and_maluses_do_not_lapse():
    model = make_model(make_rule(1), make_rule(2, points=-4, event="mail.bounced"), inactivity=False, expiry=True)
    _state, entries = live(model, act(0), act(1, "mail.bounced"), until=400)
    assert deltas(entries) == [("award", 10), ("award", -4), ("expiry", -6)]
    assert [e.expires_at is None for e in entries] == [False, True, True]


def test_both_kinds_take_their_turns_and_silence_goes_first_on_the_same_day():
    model = make_model(make_rule(points=40), expiry=True, expiry_days=30)
    _state, entries = live(model, act(0), until=400)
    assert [(e.kind, e.delta, e.effective_at) for e in entries] == [
        ("award", 40, START),
        ("decay", -15, after(30)),
        ("expiry", -25, after(30)),
    ]


def test_lapse_that_finds_nothing_is_noted_all_the_same():
    model = make_model(make_rule(points=10), expiry=True, expiry_days=40)
    assert deltas(live(model, act(0), until=400)[1]) == [("award", 10), ("decay", -10), ("expiry", 0)]


def test_once_rule_does_not_give_again_after_lapsing():
    model = make_model(make_rule(repeat="once"), inactivity=False, expiry=True)
    assert deltas(live(model, act(0), act(70))[1]) == [("award", 10), ("expiry", -10)]


def test_paused_awards_lapse_when_the_pause_ends():
    model = make_model(inactivity=False, expiry=True)
    state, entries = live(model, act(0), act(50), mark(55, pauses=True), mark(100, pauses=False), until=120)
    assert [(e.kind, e.effective_at) for e in entries[2:]] == [("expiry", after(100)), ("expiry", after(110))]
    assert state.lapses == []


@pytest.mark.parametrize(
    ("fit", "engagement", "grade"), [(20, 75, "A1"), (19, 74, "B2"), (9, 49, "C3"), (10, 50, "B2")]
)
def test_grade_has_a_letter_for_fit_and_a_digit_for_engagement(fit, engagement, grade):
    assert make_model().grade(fit=fit, engagement=engagement) == grade


def test_product_event_qualifies_only_where_a_rule_says_so():
    rule = make_rule(event="trial.started", product_qualifying=True, conditions=(Condition("plan", "equals", "pro"),))
    model = make_model(make_rule(2, event="trial.started"), rule)
    assert model.qualifies("trial.started", {"plan": "Pro"})
    assert not model.qualifies("trial.started", {"plan": "free"})
    assert not model.qualifies("page.viewed", {})


def test_step_says_what_was_due_before_the_fact():
    model, state = make_model(make_rule(points=50)), State()
    step(state, act(0), model)
    assert deltas(step(state, act(31), model)) == [("decay", -15), ("award", 50)]
    assert next_due(state, model) == after(61)
    assert model.deductions[0][0] == DAY * 30


@given(st.integers(-11_000, 40_000), st.integers(0, 86_399), st.sampled_from([UTC, ZONE]))
def test_the_day_is_the_zones_day(days, seconds, zone):
    moment = (START + timedelta(days=days, seconds=seconds)).astimezone(zone)
    assert local_day(moment) == moment.astimezone(ZONE).date()
