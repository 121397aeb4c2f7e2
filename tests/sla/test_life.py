"""The life of one clock, without a database."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.business_time import Calendar
from sla import life
from sla.enums import State, StopReason
from sla.models import Clock, EscalationStep
from sla.sql import SAID

HOURS = Calendar(zone=ZoneInfo("Asia/Ho_Chi_Minh"))
MONDAY = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # 10:00 in Ho Chi Minh City
MINUTE = timedelta(minutes=1)


def make_clock(*, minutes: int = 60, started_at: datetime = MONDAY, owner_id: int | None = 7) -> Clock:
    clock = Clock(
        pk=1, handoff_id=2, lead_id=3, minutes=minutes, started_at=started_at, owner_id=owner_id, team_id=owner_id
    )
    return life.wind(clock, hours=HOURS)


def kinds(facts) -> list[str]:
    return [fact.kind for fact in facts]


def test_wind_counts_business_minutes():
    clock = make_clock(minutes=180)  # 10:00, lunch from 12:00 to 13:00
    assert clock.warn50_at == MONDAY + 90 * MINUTE
    assert clock.warn80_at == MONDAY + (144 + 60) * MINUTE
    assert clock.due_at == MONDAY + 240 * MINUTE
    assert clock.next_at == clock.warn50_at


def test_settle_before_the_first_warning_says_nothing():
    clock = make_clock()
    assert list(life.settle(clock, at=MONDAY + 29 * MINUTE)) == []
    assert clock.warned == 0


def test_settle_warns_once_at_each_mark_and_then_breaches():
    clock = make_clock()
    said = [
        (fact.kind, fact.occurred_at, fact.properties.get("level"))
        for minute in range(90)
        for fact in life.settle(clock, at=MONDAY + minute * MINUTE)
    ]
    assert said == [
        ("sla.warned", MONDAY + 30 * MINUTE, 50),
        ("sla.warned", MONDAY + 48 * MINUTE, 80),
        ("sla.breached", MONDAY + 60 * MINUTE, None),
    ]
    assert clock.next_at is None


def test_settle_late_skips_the_first_warning():
    clock = make_clock()
    facts = list(life.settle(clock, at=MONDAY + 50 * MINUTE))
    assert [(f.properties["level"], f.occurred_at) for f in facts] == [(80, MONDAY + 48 * MINUTE)]
    assert clock.next_at == clock.due_at


def test_settle_overdue_skips_both_warnings():
    clock = make_clock()
    assert kinds(life.settle(clock, at=MONDAY + timedelta(days=7))) == ["sla.breached"]
    assert clock.warned == 0


def test_settle_breach_names_the_rep_and_the_due_instant():
    clock = make_clock()
    (fact,) = life.settle(clock, at=MONDAY + timedelta(days=7))
    assert fact.occurred_at == clock.due_at == clock.breached_at
    assert fact.properties == {
        "handoff": 2,
        "promise": "first_touch",
        "minutes": 60,
        "due_at": "2026-11-23T04:00:00+00:00",
        "owner": 7,
        "team": 7,
        "segment": "rep",
    }
    assert (clock.breach_segment, clock.breach_owner_id, clock.breach_team_id) == ("rep", 7, 7)


def test_settle_breach_of_nobodys_clock_is_the_queues():
    clock = make_clock(owner_id=None)
    (fact,) = life.settle(clock, at=clock.due_at)
    assert (fact.properties["segment"], clock.breach_segment, clock.breach_owner_id) == ("queue", "queue", None)


def test_settle_with_the_clock_turned_back_says_nothing_again():
    clock = make_clock()
    assert kinds(life.settle(clock, at=MONDAY + 50 * MINUTE)) == ["sla.warned"]
    assert list(life.settle(clock, at=MONDAY + 31 * MINUTE)) == []
    assert list(life.settle(clock, at=MONDAY + 50 * MINUTE)) == []


def test_hand_in_time_moves_the_responsibility():
    clock = make_clock()
    assert list(life.hand(clock, owner_id=8, team_id=9, at=MONDAY + 10 * MINUTE)) == []
    list(life.settle(clock, at=clock.due_at))
    assert (clock.breach_owner_id, clock.breach_team_id) == (8, 9)


@pytest.mark.parametrize("minute", [60, 61, 5000])
def test_hand_once_due_leaves_the_breach_with_the_former_owner(minute):
    clock = make_clock()
    assert kinds(life.hand(clock, owner_id=8, team_id=9, at=MONDAY + minute * MINUTE)) == ["sla.breached"]
    assert (clock.breach_owner_id, clock.owner_id) == (7, 8)


def test_hand_after_a_breach_that_was_swept_says_nothing_twice():
    clock = make_clock()
    list(life.settle(clock, at=clock.due_at))
    assert list(life.hand(clock, owner_id=None, team_id=None, at=clock.due_at + MINUTE)) == []
    assert (clock.breach_owner_id, clock.owner_id) == (7, None)


def test_hand_of_a_stopped_clock_changes_nothing():
    clock = make_clock()
    list(life.stop(clock, at=MONDAY + MINUTE, reason=StopReason.TOUCHED))
    assert list(life.hand(clock, owner_id=8, team_id=9, at=MONDAY + timedelta(days=1))) == []
    assert clock.owner_id == 7


def test_stop_in_time_keeps_the_promise():
    clock = make_clock()
    assert list(life.stop(clock, at=clock.due_at, reason=StopReason.TOUCHED)) == []
    assert (clock.stopped_at, clock.stop_reason, clock.next_at) == (clock.due_at, "touched", None)
    assert clock.state(at=MONDAY) == State.KEPT


def test_stop_late_before_any_sweep_records_the_breach():
    clock = make_clock()
    assert kinds(life.stop(clock, at=clock.due_at + MINUTE, reason=StopReason.TOUCHED)) == ["sla.breached"]
    assert clock.state(at=MONDAY) == State.LATE


def test_stop_late_after_the_sweep_says_nothing_twice():
    clock = make_clock()
    list(life.settle(clock, at=clock.due_at + MINUTE))
    assert list(life.stop(clock, at=clock.due_at + 2 * MINUTE, reason=StopReason.TOUCHED)) == []


def test_stop_before_the_start_counts_from_the_start():
    clock = make_clock()
    list(life.stop(clock, at=MONDAY - MINUTE, reason=StopReason.TOUCHED))
    assert clock.stopped_at == MONDAY


def test_stop_told_after_the_breach_but_made_in_time_takes_it_back():
    clock = make_clock()
    list(life.settle(clock, at=clock.due_at))
    facts = list(life.stop(clock, at=MONDAY + 5 * MINUTE, reason=StopReason.TOUCHED))
    assert [(f.kind, f.occurred_at) for f in facts] == [("sla.retracted", MONDAY + 5 * MINUTE)]
    assert (clock.breached_at, clock.breach_segment, clock.breach_owner_id, clock.breach_team_id) == (
        None,
        "",
        None,
        None,
    )
    assert clock.state(at=MONDAY) == State.KEPT


def test_stop_by_a_decision_without_an_attempt_is_neither_kept_nor_broken():
    clock = make_clock()
    list(life.stop(clock, at=MONDAY + MINUTE, reason=StopReason.DECIDED))
    assert clock.state(at=MONDAY) == State.UNTOUCHED


def test_stop_by_a_late_decision_is_broken():
    clock = make_clock()
    assert kinds(life.stop(clock, at=clock.due_at + MINUTE, reason=StopReason.DECIDED)) == ["sla.breached"]
    assert clock.state(at=MONDAY) == State.LATE


def test_state_runs_from_ok_to_breached():
    clock = make_clock()
    assert [clock.state(at=MONDAY + minute * MINUTE) for minute in (0, 47, 48, 59, 60, 600)] == [
        State.OK,
        State.OK,
        State.WARNING,
        State.WARNING,
        State.BREACHED,
        State.BREACHED,
    ]


SHORT = Calendar(zone=HOURS.zone, week=(*[((time(8), time(12)),)] * 5, (), ()))


def test_rewind_moves_the_due_time_and_says_from_where():
    clock = make_clock(minutes=180)
    before = clock.due_at
    (fact,) = life.rewind(clock, hours=SHORT, at=MONDAY + MINUTE, by_id=5)
    assert (fact.kind, fact.actor_id, fact.properties["from"]) == ("sla.moved", 5, before.isoformat())
    assert clock.due_at == datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # two hours on Monday, one on Tuesday
    assert fact.properties["due_at"] == clock.due_at.isoformat()


def test_rewind_to_the_same_hours_says_nothing():
    clock = make_clock()
    assert list(life.rewind(clock, hours=HOURS, at=MONDAY, by_id=None)) == []


def test_rewind_never_makes_a_promise_overdue_by_itself():
    clock = life.wind(make_clock(minutes=180), hours=SHORT)
    list(life.settle(clock, at=clock.warn50_at))
    before = (clock.warn50_at, clock.warn80_at, clock.due_at, clock.next_at)
    assert list(life.rewind(clock, hours=HOURS, at=MONDAY + 300 * MINUTE, by_id=None)) == []
    assert (clock.warn50_at, clock.warn80_at, clock.due_at, clock.next_at) == before


def test_rewind_keeps_warnings_given():
    clock = make_clock(minutes=180)
    list(life.settle(clock, at=clock.warn50_at))
    list(life.rewind(clock, hours=SHORT, at=MONDAY + 91 * MINUTE, by_id=None))
    assert list(life.settle(clock, at=clock.warn80_at - MINUTE)) == []
    assert clock.next_at == clock.warn80_at


MOMENTS = st.integers(0, 12 * 24 * 60).map(lambda minute: MONDAY + minute * MINUTE)


@given(started=MOMENTS, minutes=st.integers(1, 3 * 510), sweeps=st.lists(MOMENTS, max_size=20), end=MOMENTS)
@settings(max_examples=150, deadline=None)
def test_breach_is_the_same_fact_whenever_sweeps_come(started, minutes, sweeps, end):
    swept, unswept = (make_clock(minutes=minutes, started_at=started) for _ in range(2))
    stop_at = max(started, end)
    facts = [fact for at in sweeps if at <= stop_at for fact in life.settle(swept, at=at)]
    facts += life.stop(swept, at=stop_at, reason=StopReason.TOUCHED)
    others = list(life.stop(unswept, at=stop_at, reason=StopReason.TOUCHED))
    # At the very due instant a sweep may say "breached" just before the attempt that keeps the promise.
    final = [fact for fact in facts if fact.kind == "sla.breached"]
    assert len(final) <= 1
    assert swept.breached_at == unswept.breached_at
    assert (swept.breached_at is not None) == (stop_at > swept.due_at)
    if stop_at != swept.due_at:
        assert final == others


@given(started=MOMENTS, minutes=st.integers(1, 600), attempts=st.permutations([5, 40, 500, 3000]), end=MOMENTS)
@settings(max_examples=60, deadline=None)
def test_attempts_in_any_order_end_the_same(started, minutes, attempts, end):
    clock = make_clock(minutes=minutes, started_at=started)
    for minute in attempts:
        list(life.stop(clock, at=started + minute * MINUTE, reason=StopReason.TOUCHED))
    assert clock.stopped_at == started + 5 * MINUTE
    assert (clock.breached_at is None) == (clock.stopped_at <= clock.due_at)


@given(started=MOMENTS, minutes=st.integers(1, 3 * 510))
@settings(max_examples=100, deadline=None)
def test_wind_orders_the_marks(started, minutes):
    clock = make_clock(minutes=minutes, started_at=started)
    assert started <= clock.warn50_at <= clock.warn80_at <= clock.due_at
    assert HOURS.elapsed(started, clock.due_at) == clock.promised


@given(seen=st.lists(st.integers(0, 900), min_size=1, max_size=6), owner=st.sampled_from([None, 7]))
def test_what_a_sweep_says_of_a_clock_is_what_it_writes(seen, owner):
    """A column changed beside those would be lost: the sweep writes no others."""
    steps = [EscalationStep(promise="first_touch", after_minutes=n, to="manager") for n in (0, 60)]
    clock = make_clock(owner_id=owner)
    before = dict(vars(clock))
    for minutes in sorted(seen):
        list(life.settle(clock, at=MONDAY + minutes * MINUTE))
        if clock.escalate_at:
            list(life.escalate(clock, steps=steps, hours=HOURS, at=MONDAY + minutes * MINUTE))
    assert {name for name, value in vars(clock).items() if before.get(name) != value} <= {*SAID, "_state"}
