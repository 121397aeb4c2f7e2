"""The clocks that begin later: the next attempt after a miss, and the care of an accepted lead."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef

from leads.enums import MISSED, CallOutcome, Direction, Stage, Status
from leads.events import Batch, Fact
from leads.kinds import (
    CALL_LOGGED,
    CARE_EXTENDED,
    HANDOFF_ACCEPTED,
    LEAD_ASSIGNED,
    LEAD_MERGED,
    LEAD_RELEASED,
    STATUS_MOVED,
)
from leads.models import Call, Event, Handoff
from leads.standing import Standings
from sla import life
from sla.agreements import Measures, in_force, measures
from sla.clocks import save, show
from sla.enums import Promise, StopReason
from sla.models import Agreement, Clock

OVER = {Status.WON, Status.WRONG_TARGET}


def expect_next_attempt(batch: Batch) -> None:
    """After a missed outgoing call on an open hand-off nobody has reached: the next one within the agreed time.

    The second after some business hours, every later one on the next business day; none after the last agreed.
    """
    missed = {
        event.properties["handoff"]: event
        for event in batch.of(CALL_LOGGED)
        if event.properties.get("human")
        and event.properties.get("handoff")
        and event.properties.get("outcome") in MISSED
        and event.properties.get("direction") == Direction.OUTBOUND
        and batch.rows[event.lead_id].handoff_open
    }
    if not missed:
        return
    counts, now = _misses(missed), measures()
    for handoff_id, event in missed.items():
        agreement, count = in_force(now.known, at=event.occurred_at), counts.get(handoff_id, 0)
        if 0 < count < agreement.attempts:
            promised = {"minutes": agreement.retry_hours * 60} if count == 1 else {"minutes": 0, "days": 1}
            _start(Promise.NEXT_ATTEMPT, event, handoff_id, agreement, promised, now, rows=batch.rows)


def follow_care(batch: Batch) -> None:
    """Care begins with the acceptance, and anew with every step forward; it ends when the lead is won or lost."""
    moved = [e for e in batch.of(STATUS_MOVED, CARE_EXTENDED) if batch.rows[e.lead_id].stage in {Stage.SQL, *_ENDED}]
    _end_care(moved, batch)
    accepted = batch.of(HANDOFF_ACCEPTED)
    if not (moved or accepted):
        return
    now = measures()
    for event in [*accepted, *moved]:
        handoff_id, goes_on = batch.rows[event.lead_id].handoff_id, event.properties.get("to") not in OVER
        running = Clock.objects.running().filter(lead=event.lead_id, promise=Promise.CARE)
        if handoff_id and goes_on and batch.rows[event.lead_id].stage == Stage.SQL and not running.exists():
            agreement = in_force(now.known, at=event.occurred_at)
            promised = {"minutes": 0, "days": agreement.care_days}
            _start(Promise.CARE, event, handoff_id, agreement, promised, now, rows=batch.rows)


def hand_over_care(batch: Batch) -> None:
    """An accepted lead has no open hand-off to be handed over with: its care goes with the lead."""
    handed = [e for e in batch.of(LEAD_ASSIGNED, LEAD_RELEASED) if not e.properties.get("handoff")]

    def hand(clock: Clock, event: Event) -> Iterator[Fact]:
        owner_id, team_id = event.properties.get("owner"), event.properties.get("team")
        return life.hand(clock, owner_id=owner_id, team_id=team_id, at=event.occurred_at)

    _change_care(handed, hand, batch)


def end_care_of_merged(batch: Batch) -> None:
    """Of two leads that were both looked after only the work that goes on keeps its care."""

    def end(clock: Clock, event: Event) -> Iterator[Fact]:
        if clock.handoff_id != batch.rows[event.lead_id].handoff_id:
            yield from life.stop(clock, at=event.occurred_at, reason=StopReason.WITHDRAWN)

    _change_care(batch.of(LEAD_MERGED), end, batch)


_ENDED = (Stage.CUSTOMER, Stage.DISQUALIFIED)


def _end_care(events: Iterable[Event], batch: Batch) -> None:
    def end(clock: Clock, event: Event) -> Iterator[Fact]:
        if event.occurred_at > clock.started_at:  # the steps of the acceptance itself are no progress yet
            yield from life.stop(clock, at=event.occurred_at, reason=StopReason.DECIDED)

    _change_care(events, end, batch)


def _change_care(events: Iterable[Event], act: Any, batch: Batch) -> None:
    by_lead: dict[int, list[Event]] = {}
    for event in events:
        by_lead.setdefault(event.lead_id, []).append(event)
    if not by_lead:
        return
    clocks = list(Clock.objects.running().filter(lead__in=by_lead, promise=Promise.CARE).order_by("pk"))
    facts = [fact for clock in clocks for event in by_lead[clock.lead_id] for fact in act(clock, event)]
    save(clocks, facts, at=batch.at, rows=batch.rows)


def _misses(handoffs: Iterable[int]) -> dict[int, int]:
    """Outgoing misses per hand-off; those where somebody was reached are left out."""
    reached = Call.objects.filter(handoff=OuterRef("pk"), outcome=CallOutcome.REACHED)
    rows = Handoff.objects.filter(pk__in=list(handoffs)).exclude(Exists(reached))
    calls = Call.objects.filter(handoff__in=rows, outcome__in=MISSED, direction=Direction.OUTBOUND)
    return dict(calls.values_list("handoff").annotate(n=Count("pk")).order_by())


def _start(
    promise: Promise,
    event: Event,
    handoff_id: int,
    agreement: Agreement,
    promised: Mapping[str, int],
    now: Measures,
    *,
    rows: Standings,
) -> None:
    row, at = rows[event.lead_id], event.occurred_at
    clock = Clock(
        handoff_id=handoff_id,
        lead_id=event.lead_id,
        promise=promise,
        agreement=agreement,
        started_at=at,
        calendar_version=now.calendar_version,
        owner_id=row.owner_id,
        team_id=row.team_id,
        **promised,
    )
    _written(life.wind(clock, hours=now.office.around(at)), at=at, rows=rows)


def _written(clock: Clock, *, at: datetime, rows: Standings) -> None:
    """A call told twice, or earlier than one already told, starts no second clock."""
    others = Clock.objects.filter(handoff=clock.handoff_id, promise=clock.promise)
    if not others.filter(started_at__gte=at).exists() and not others.running().exists():
        clock.save(force_insert=True)
        show([clock], rows=rows)
