"""Calls: logging one drives the next step (DOMAIN 3)."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from accounts.availability import calendar
from accounts.models import User
from core.errors import Invalid
from core.text import clean
from leads.appointments import checked_link
from leads.assignment import take
from leads.decisions import recycle
from leads.enums import MISSED, CallOutcome, Direction, Outcome, Reason, ReminderKind, Status
from leads.events import Fact, record
from leads.kinds import CALL_LOGGED
from leads.lifecycle import Move, shift
from leads.models import Call, Handoff, Policy
from leads.objections import refuse_call
from leads.reminders import remind
from leads.standing import Standings, lock

LONGEST_CALL = 24 * 3600


def log_call(
    lead_id: int,
    *,
    by: User | None,
    at: datetime,
    outcome: str,
    duration_seconds: int = 0,
    occurred_at: datetime | None = None,
    note: str = "",
    callback_at: datetime | None = None,
    direction: str = Direction.OUTBOUND,
    recording_url: str = "",
) -> Call:
    """Logs one contact attempt, made at `occurred_at` (default `at`).

    Reached: `new` and `unreachable` become `researched`. Missed: the next attempt falls due, 4 business hours after
    the first miss, on the next business day after the second; after the last one the lead becomes unreachable and is
    recycled. A rep who calls a lead of the pool takes it. Raises Invalid for input that can't be, Conflict for an
    outgoing call to somebody who objects to calls.
    """
    moment = min(occurred_at or at, at)
    recording_url = checked_link(recording_url, field="recording_url")
    _check(outcome, direction, duration_seconds, callback_at, moment)
    with lock([lead_id]) as rows:
        if direction == Direction.OUTBOUND:
            refuse_call(lead_id, at=moment)
        if by and by.is_seller and rows[lead_id].handoff_open and rows[lead_id].owner_id is None:
            take(lead_id, by=by, at=at, rows=rows)
        handoff = rows[lead_id].handoff
        call = Call.objects.create(
            lead_id=lead_id,
            handoff=handoff,
            by=by,
            attempt=Call.objects.filter(lead=lead_id, handoff=handoff).count() + 1,
            direction=direction,
            outcome=outcome,
            occurred_at=moment,
            duration_seconds=duration_seconds,
            note=clean(note, 5000, lines=True),
            callback_at=callback_at if outcome == CallOutcome.CALLBACK else None,
            recording_url=recording_url,
        )
        _touch(handoff, at=moment)
        record([_logged(call)], at=at, rows=rows)
        _follow_up(call, handoff, by=by, at=at, rows=rows)
    return call


def _check(outcome: str, direction: str, duration: int, callback_at: datetime | None, moment: datetime) -> None:
    if outcome not in CallOutcome.values:
        raise Invalid(_("Choose how the call went."), code="invalid_choice", field="outcome")
    if direction not in Direction.values:
        raise Invalid(_("A call is incoming or outgoing."), code="invalid_choice", field="direction")
    if not 0 <= duration <= LONGEST_CALL:
        raise Invalid(_("A call lasts between 0 seconds and 24 hours."), code="invalid", field="duration_seconds")
    if outcome == CallOutcome.CALLBACK and (callback_at is None or callback_at <= moment):
        raise Invalid(_("Say when to call back; the time must lie ahead."), code="required", field="callback_at")


def _touch(handoff: Handoff | None, *, at: datetime) -> None:
    """The first human attempt on a hand-off, never before it was offered, whichever is told first."""
    if handoff and handoff.is_open:
        moment = max(at, handoff.offered_at)
        if handoff.first_touch_at is None or moment < handoff.first_touch_at:
            handoff.first_touch_at = moment
            handoff.save(update_fields=["first_touch_at"])


def _logged(call: Call) -> Fact:
    properties = {
        "call": call.pk,
        "handoff": call.handoff_id,
        "outcome": call.outcome,
        "direction": call.direction,
        "attempt": call.attempt,
        "seconds": call.duration_seconds,
        "note": call.note,
        "human": True,
    }
    if call.recording_url:
        properties["recording"] = call.recording_url
    if call.callback_at:
        properties["callback_at"] = call.callback_at.isoformat()
    return Fact(call.lead_id, CALL_LOGGED, call.occurred_at, call.by_id, properties=properties)


def _follow_up(call: Call, handoff: Handoff | None, *, by: User | None, at: datetime, rows: Standings) -> None:
    lead_id = call.lead_id
    if call.outcome == CallOutcome.CALLBACK:
        _next_at(lead_id, call.callback_at or at, rows)
    elif call.outcome == CallOutcome.REACHED:
        rows.set_next_step(lead_id, at=None)
        if rows[lead_id].status in {Status.NEW, Status.UNREACHABLE}:
            shift([Move(lead_id, Status.RESEARCHED, extra={"why": "reached"})], by=by, at=at, rows=rows)
    elif handoff and handoff.outcome in {Outcome.OPEN, Outcome.ACCEPTED} and call.direction == Direction.OUTBOUND:
        _after_miss(call, handoff, by=by, at=at, rows=rows)


def _after_miss(call: Call, handoff: Handoff, *, by: User | None, at: datetime, rows: Standings) -> None:
    policy = Policy.current()
    misses = Call.objects.filter(handoff=handoff, outcome__in=MISSED, direction=Direction.OUTBOUND)
    count = misses.count()
    reached = Call.objects.filter(handoff=handoff, outcome=CallOutcome.REACHED).exists()
    if count >= policy.attempts and handoff.is_open and not reached:
        _give_up(handoff, by=by, at=at, rows=rows)
        return
    hours = calendar(at=call.occurred_at)
    if count == 1:
        due = hours.add(call.occurred_at, timedelta(hours=policy.retry_hours))
    else:
        due = hours.add_days(call.occurred_at, 1)
    _next_at(call.lead_id, due, rows)


def _next_at(lead_id: int, due: datetime, rows: Standings) -> None:
    """When to call again; the owner is reminded then."""
    rows.set_next_step(lead_id, at=due)
    remind(lead_id, ReminderKind.CALL, due_at=due)


def _give_up(handoff: Handoff, *, by: User | None, at: datetime, rows: Standings) -> None:
    """Unreachable, and back to Marketing."""
    if rows[handoff.lead_id].status in {Status.NEW, Status.RESEARCHED}:
        shift([Move(handoff.lead_id, Status.UNREACHABLE, extra={"why": "attempts"})], by=by, at=at, rows=rows)
    recycle(handoff, by=by, at=at, rows=rows, reason=Reason.UNREACHABLE)
