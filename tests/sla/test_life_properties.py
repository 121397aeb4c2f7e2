"""A clock over Tết, make-up Saturdays, the leap day and clock changes, handed over in the middle."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.business_time import Calendar
from sla import life
from sla.models import Clock
from tests.core.test_business_time import CALENDARS, INSTANTS

MINUTE = timedelta(minutes=1)
FIRST, SECOND, THIRD = 7, 8, 9


def wound(hours: Calendar, start: datetime, minutes: int) -> Clock:
    clock = Clock(pk=1, handoff_id=2, lead_id=3, minutes=minutes, started_at=start, owner_id=FIRST, team_id=FIRST)
    return life.wind(clock, hours=hours)


@given(CALENDARS, INSTANTS, st.integers(1, 3000))
def test_a_clock_measures_exactly_what_was_promised_in_any_calendar(hours, start, minutes):
    clock = wound(hours, start, minutes)
    assert hours.elapsed(start, clock.due_at) == minutes * MINUTE
    assert start <= clock.warn50_at <= clock.warn80_at <= clock.due_at
    assert hours.elapsed(start, clock.warn80_at) * 5 == minutes * MINUTE * 4
    assert clock.due_at.tzinfo is UTC


@given(CALENDARS, INSTANTS, st.integers(1, 3000), st.floats(0, 2), st.floats(0, 2))
def test_whoever_had_it_at_the_due_instant_answers_however_it_was_handed_on(hours, start, minutes, one, other):
    clock = wound(hours, start, minutes)
    due, span = clock.due_at, clock.due_at - start
    moments = sorted(start + span * share for share in (one, other))
    said = []
    for moment, owner in zip(moments, (SECOND, THIRD), strict=True):
        said += life.hand(clock, owner_id=owner, team_id=owner, at=moment)
    said += life.settle(clock, at=due + timedelta(days=30))
    assert (clock.due_at, clock.breached_at) == (due, due)
    assert [fact.kind for fact in said].count("sla.breached") == 1
    held = [FIRST, SECOND, THIRD][sum(moment < due for moment in moments)]
    assert (clock.breach_owner_id, clock.owner_id) == (held, THIRD)


@given(CALENDARS, INSTANTS, st.integers(1, 3000), st.integers(0, 5000), st.integers(0, 5000))
def test_a_pause_moves_the_due_time_by_the_business_time_it_stood_still(hours, start, minutes, before, stood):
    clock = wound(hours, start, minutes)
    at = min(start + before * MINUTE, clock.due_at - timedelta(seconds=1))
    at = max(at, start)
    until = at + stood * MINUTE
    list(life.pause(clock, at=at, reason="outage", by_id=None))
    list(life.resume(clock, hours=hours, at=until, by_id=None))
    lost = hours.elapsed(at, until) // MINUTE
    assert clock.paused_minutes == lost
    assert hours.elapsed(start, clock.due_at) == (minutes + lost) * MINUTE
