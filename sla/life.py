"""The life of one clock: what it says by a moment, what a hand-over, an attempt or a decision does to it.

Pure: these change the row in memory and return the facts that follow. Whoever changes a clock settles first what
fell due before, so the facts are the same however late or often the sweep comes by.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from core.business_time import Calendar
from leads.events import Fact
from sla.enums import Segment, StopReason
from sla.kinds import SLA_BREACHED, SLA_MOVED, SLA_RETRACTED, SLA_WARNED
from sla.models import Clock

HALF, MOST = 50, 80  # warnings, percent of the promised time


def wind(clock: Clock, *, hours: Calendar) -> Clock:
    """Sets the due time and the warnings from start, promise and calendar."""
    clock.warn50_at = hours.add(clock.started_at, clock.promised * HALF / 100)
    clock.warn80_at = hours.add(clock.started_at, clock.promised * MOST / 100)
    clock.due_at = hours.add(clock.started_at, clock.promised)
    clock.next_at = _next(clock)
    return clock


def settle(clock: Clock, *, at: datetime) -> Iterator[Fact]:
    """What has fallen due by `at`: the breach, or else the latest warning. A warning missed altogether is skipped."""
    if clock.next_at is None or clock.next_at > at:
        return
    if clock.due_at <= at:
        yield _breach(clock)
        return
    clock.warned = MOST if clock.warn80_at <= at else HALF
    clock.next_at = _next(clock)
    moment = clock.warn80_at if clock.warned == MOST else clock.warn50_at
    yield Fact(clock.lead_id, SLA_WARNED, moment, properties={**_about(clock), "level": clock.warned})


def hand(clock: Clock, *, owner_id: int | None, team_id: int | None, at: datetime) -> Iterator[Fact]:
    """Somebody else is responsible from `at` on; what broke until then stays with whoever had it."""
    if clock.stopped_at is not None:
        return
    if clock.breached_at is None and clock.due_at <= at:
        yield _breach(clock)
    clock.owner_id, clock.team_id = owner_id, team_id


def stop(clock: Clock, *, at: datetime, reason: StopReason) -> Iterator[Fact]:
    """Ends the clock at `at`, not before its start. The earliest end wins, whichever is told first.

    An attempt that was made in time but logged after the due time takes the breach back.
    """
    moment = max(at, clock.started_at)
    if clock.stopped_at is not None and clock.stopped_at <= moment:
        return
    if clock.breached_at is None and clock.due_at < moment:
        yield _breach(clock)
    elif clock.breached_at and moment <= clock.due_at:
        clock.breached_at = clock.breach_owner_id = clock.breach_team_id = None
        clock.breach_segment = ""
        yield Fact(clock.lead_id, SLA_RETRACTED, moment, properties=_about(clock))
    clock.stopped_at, clock.stop_reason, clock.next_at = moment, reason, None


def rewind(clock: Clock, *, hours: Calendar, at: datetime, by_id: int | None) -> Iterator[Fact]:
    """Follows a changed calendar. Warnings given stay given; a change never makes a promise overdue by itself."""
    before = (clock.warn50_at, clock.warn80_at, clock.due_at, clock.next_at)
    wind(clock, hours=hours)
    if clock.due_at <= at:
        clock.warn50_at, clock.warn80_at, clock.due_at, clock.next_at = before
    elif clock.due_at != before[2]:
        properties = {**_about(clock), "from": before[2].isoformat()}
        yield Fact(clock.lead_id, SLA_MOVED, at, by_id, properties=properties)


def _next(clock: Clock) -> datetime:
    return {0: clock.warn50_at, HALF: clock.warn80_at, MOST: clock.due_at}[clock.warned]


def _breach(clock: Clock) -> Fact:
    clock.breached_at, clock.next_at = clock.due_at, None
    clock.breach_owner_id, clock.breach_team_id = clock.owner_id, clock.team_id
    clock.breach_segment = Segment.REP if clock.owner_id else Segment.QUEUE
    return Fact(clock.lead_id, SLA_BREACHED, clock.due_at, properties=_about(clock))


def _about(clock: Clock) -> dict[str, Any]:
    return {
        "handoff": clock.handoff_id,
        "promise": clock.promise,
        "minutes": clock.minutes,
        "due_at": clock.due_at.isoformat(),
        "owner": clock.owner_id,
        "team": clock.team_id,
        "segment": Segment.REP if clock.owner_id else Segment.QUEUE,
    }
