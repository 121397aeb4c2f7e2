"""The life of one clock: what it says by a moment, what a hand-over, an attempt or a decision does to it.

Pure: these change the row in memory and return the facts that follow. Whoever changes a clock settles first what
fell due before, so the facts are the same however late or often the sweep comes by.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from core.business_time import Calendar
from leads.events import Fact
from sla.enums import Promise, Segment, StopReason
from sla.kinds import SLA_BREACHED, SLA_ESCALATED, SLA_MOVED, SLA_PAUSED, SLA_RESUMED, SLA_RETRACTED, SLA_WARNED
from sla.models import Clock, EscalationStep

HALF, MOST = 50, 80  # warnings, percent of the promised time
MINUTE = timedelta(minutes=1)


def wind(clock: Clock, *, hours: Calendar) -> Clock:
    """Sets the due time and the warnings from start, promise, pauses and calendar."""
    if clock.promise == Promise.CARE:
        clock.warn50_at, clock.warn80_at, clock.due_at = _in_days(clock)
    elif clock.days:
        total = hours.elapsed(clock.started_at, hours.add_days(clock.started_at, clock.days))
        clock.minutes = total // MINUTE
        clock.warn50_at, clock.warn80_at = (hours.add(clock.started_at, total * n / 100) for n in (HALF, MOST))
        clock.due_at = hours.add_days(clock.started_at, clock.days)
    else:
        clock.warn50_at = hours.add(clock.started_at, clock.promised * HALF / 100)
        clock.warn80_at = hours.add(clock.started_at, clock.promised * MOST / 100)
        clock.due_at = hours.add(clock.started_at, clock.promised)
    if clock.paused_minutes:
        _shift(clock, hours)
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
    if clock.breached_at is None and clock.paused_at is None and clock.due_at <= at:
        yield _breach(clock)
    clock.owner_id, clock.team_id = owner_id, team_id


def stop(clock: Clock, *, at: datetime, reason: StopReason) -> Iterator[Fact]:
    """Ends the clock at `at`, not before its start. The earliest end wins, whichever is told first.

    An attempt that was made in time but logged after the due time takes the breach back.
    """
    moment = max(at, clock.started_at)
    if clock.stopped_at is not None and clock.stopped_at <= moment:
        return
    if clock.paused_at is not None:  # what stands still can't be late
        clock.due_at = max(clock.due_at, clock.due_at + (moment - clock.paused_at))
        clock.paused_at, clock.pause_reason = None, ""
    if clock.breached_at is None and clock.due_at < moment:
        yield _breach(clock)
    elif clock.breached_at and moment <= clock.due_at:
        clock.breached_at = clock.breach_owner_id = clock.breach_team_id = None
        clock.escalated = 0
        clock.breach_segment = ""
        yield Fact(clock.lead_id, SLA_RETRACTED, moment, properties=_about(clock))
    clock.stopped_at, clock.stop_reason = moment, reason
    clock.next_at = clock.escalate_at = None


def pause(clock: Clock, *, at: datetime, reason: str, by_id: int | None) -> Iterator[Fact]:
    """The clock stands still from `at`. The caller has settled it: a broken promise is not paused any more."""
    clock.paused_at, clock.pause_reason, clock.next_at = at, reason, None
    yield Fact(clock.lead_id, SLA_PAUSED, at, by_id, properties={**_about(clock), "reason": reason})


def resume(clock: Clock, *, hours: Calendar, at: datetime, by_id: int | None) -> Iterator[Fact]:
    """The clock goes on; its due time moves by as much business time (for the end of care: time) as it stood still."""
    if clock.paused_at is None:
        return
    stood = at - clock.paused_at if clock.promise == Promise.CARE else hours.elapsed(clock.paused_at, at)
    clock.paused_minutes += stood // MINUTE
    clock.paused_at, clock.pause_reason = None, ""
    wind(clock, hours=hours)
    yield Fact(clock.lead_id, SLA_RESUMED, at, by_id, properties=_about(clock))


def escalate(clock: Clock, *, steps: Sequence[EscalationStep], hours: Calendar, at: datetime) -> Iterator[Fact]:
    """The steps that have fallen due by `at`, each once, in order; then when to look again."""
    moments = [hours.add(clock.due_at, step.after_minutes * MINUTE) for step in steps]
    while clock.escalated < len(steps) and moments[clock.escalated] <= at:
        step, moment = steps[clock.escalated], moments[clock.escalated]
        clock.escalated += 1
        properties = {**_about(clock), "to": step.to, "owner": clock.breach_owner_id, "team": clock.breach_team_id}
        properties["segment"] = clock.breach_segment
        yield Fact(clock.lead_id, SLA_ESCALATED, moment, properties=properties)
    clock.escalate_at = moments[clock.escalated] if clock.escalated < len(steps) else None


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


def _in_days(clock: Clock) -> tuple[datetime, datetime, datetime]:
    half, most, due = (clock.started_at + timedelta(days=clock.days) * n / 100 for n in (HALF, MOST, 100))
    return half, most, due


def _shift(clock: Clock, hours: Calendar) -> None:
    """Everything later by the pauses; a warning that was given already stays where it was."""
    stood = clock.paused_minutes * MINUTE
    if clock.promise == Promise.CARE:
        moved = [t + stood for t in (clock.warn50_at, clock.warn80_at, clock.due_at)]
    else:
        moved = [hours.add(t, stood) for t in (clock.warn50_at, clock.warn80_at, clock.due_at)]
    clock.warn50_at, clock.warn80_at, clock.due_at = moved


def _breach(clock: Clock) -> Fact:
    clock.breached_at, clock.next_at, clock.escalate_at = clock.due_at, None, clock.due_at
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
