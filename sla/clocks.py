"""The clocks of the hand-offs: started, handed over and stopped by what the log says, in its transaction."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from accounts.models import User
from core import failpoints
from core.statements import array
from leads.events import Batch, Fact, record
from leads.kinds import (
    CALL_LOGGED,
    HANDOFF_ACCEPTED,
    HANDOFF_DISCARDED,
    HANDOFF_OPENED,
    HANDOFF_POOLED,
    HANDOFF_RECYCLED,
    HANDOFF_WITHDRAWN,
    LEAD_ASSIGNED,
)
from leads.models import Event
from leads.sql import as_json, run
from leads.standing import Standings
from sla import life, sql
from sla.agreements import Measures, in_force, measures
from sla.enums import Promise, StopReason
from sla.models import Clock

FROM_THE_OFFER = (Promise.FIRST_TOUCH, Promise.DECISION)
SHOWN = ("stopped_at", "paused_at", "due_at", "warn80_at")  # what the standing shows follows from these
DECISIONS = (HANDOFF_ACCEPTED, HANDOFF_RECYCLED, HANDOFF_DISCARDED, HANDOFF_WITHDRAWN)

Change = Callable[[Clock, Event], Iterator[Fact]]


def start_clocks(batch: Batch) -> None:
    """Every hand-off opened starts the clocks of its first touch and its decision.

    They are the queue's, and their owner's from the moment the batch says so.
    """
    opened = batch.of(HANDOFF_OPENED)
    if not opened:
        return
    now = measures()
    clocks = [clock for event in opened for clock in _wound(event, now)]
    handed = _by_handoff(batch.of(LEAD_ASSIGNED, HANDOFF_POOLED))
    facts = [fact for clock in clocks for event in handed.get(clock.handoff_id, ()) for fact in _hand(clock, event)]
    run(sql.START_CLOCKS, as_json([_columns(clock) for clock in clocks]))
    failpoints.reach("clock_started")
    _show_first(clocks, rows=batch.rows)
    tell(facts, at=batch.at, rows=batch.rows)


def _wound(opened: Event, now: Measures) -> Iterator[Clock]:
    """The clocks of one hand-off, running and nobody's."""
    at = opened.occurred_at
    agreement, hours = in_force(now.known, at=at), now.office.around(at)
    common = {
        "handoff_id": opened.properties["handoff"],
        "lead_id": opened.lead_id,
        "agreement": agreement,
        "started_at": at,
        "calendar_version": now.calendar_version,
    }
    minutes = agreement.first_touch(opened.properties["score"]) // timedelta(minutes=1)
    yield life.wind(Clock(minutes=minutes, **common), hours=hours)
    yield life.wind(Clock(promise=Promise.DECISION, minutes=0, days=agreement.decision_days, **common), hours=hours)


def hand_over(batch: Batch) -> None:
    """The clocks are their owner's from the moment of the hand-over, and the queue's while nobody has the lead.

    Those that start in this batch know it already.
    """
    started = {event.properties["handoff"] for event in batch.of(HANDOFF_OPENED)}
    handed = [e for e in batch.of(LEAD_ASSIGNED, HANDOFF_POOLED) if e.properties.get("handoff") not in started]
    change(handed, _hand, batch)


def stop_clocks(batch: Batch) -> None:
    """An attempt by a person stops the clocks that wait for one; a decision ends what is still running."""
    attempts = [event for event in batch.of(CALL_LOGGED) if event.properties.get("human")]
    change(attempts, _touch, batch)
    change(batch.of(*DECISIONS), _decide, batch)


def write(clocks: Iterable[Clock]) -> None:
    """Writes changed clocks in one statement. The caller holds the standings of their leads."""
    if given := [_columns(clock) for clock in clocks]:
        run(sql.WRITE_CLOCKS, as_json(given))


def write_said(clocks: Sequence[Clock]) -> None:
    """The same for clocks that neither moved nor ended: writes what a sweep says of them alone."""
    if clocks:
        given = [vars(clock) for clock in clocks]
        run(sql.WRITE_SAID, *(array(values[name] for values in given) for name in ("id", *sql.SAID)))


def show(changed: Iterable[Clock], *, rows: Standings) -> None:
    """Puts the next promise that falls due on the standing of each lead, or takes it off."""
    lead_ids = {clock.lead_id for clock in changed}
    if not lead_ids:
        return
    running = Clock.objects.running().filter(lead__in=lead_ids, paused_at=None).order_by("-due_at")
    soonest = {pk: (due, warn) for pk, due, warn in running.values_list("lead", "due_at", "warn80_at")}
    for lead_id in lead_ids:
        due_at, warn_at = soonest.get(lead_id, (None, None))
        rows.set_sla(lead_id, due_at=due_at, warn_at=warn_at)


def _show_first(started: Sequence[Clock], *, rows: Standings) -> None:
    """The same after a start: whose lead is new has no other clocks, and nothing need be asked."""
    for clock in sorted(started, key=attrgetter("due_at"), reverse=True):
        if rows.is_new(clock.lead_id):
            rows.set_sla(clock.lead_id, due_at=clock.due_at, warn_at=clock.warn80_at)
    show([clock for clock in started if not rows.is_new(clock.lead_id)], rows=rows)


def tell(facts: Sequence[Fact], *, at: datetime, rows: Standings) -> None:
    """Records what clocks had to say, with the names of the people responsible as they are now."""
    people = {fact.properties["owner"] for fact in facts if fact.properties["owner"]}
    names = dict(User.objects.filter(pk__in=people).values_list("pk", "full_name")) if people else {}
    named = [
        Fact(
            fact.lead_id,
            fact.kind,
            fact.occurred_at,
            fact.actor_id,
            properties={**fact.properties, "owner_name": names.get(fact.properties["owner"], "")},
        )
        for fact in facts
    ]
    record(named, at=at, rows=rows)


def change(events: Iterable[Event], act: Change, batch: Batch) -> None:
    """Applies each event to the clocks of its hand-off, in order; writes once and records what follows."""
    by_handoff = _by_handoff(events)
    if not by_handoff:
        return
    facts, changed, moved = [], [], []
    for clock in Clock.objects.filter(handoff__in=by_handoff).order_by("pk"):
        before = dict(vars(clock))
        facts += [fact for event in by_handoff[clock.handoff_id] for fact in act(clock, event)]
        if vars(clock) != before:
            changed.append(clock)
        if any(getattr(clock, name) != before[name] for name in SHOWN):
            moved.append(clock)
    write(changed)
    show(moved, rows=batch.rows)
    tell(facts, at=batch.at, rows=batch.rows)


def _by_handoff(events: Iterable[Event]) -> dict[int, list[Event]]:
    found: dict[int, list[Event]] = {}
    for event in events:
        if event.properties.get("handoff"):
            found.setdefault(event.properties["handoff"], []).append(event)
    return found


def save(changed: Sequence[Clock], facts: Sequence[Fact], *, at: datetime, rows: Standings) -> None:
    """Writes the clocks, shows what is due next, and records what they had to say."""
    write(changed)
    show(changed, rows=rows)
    tell(facts, at=at, rows=rows)


def _columns(clock: Clock) -> dict[str, Any]:
    """The row as the statements of `sla/sql.py` take it; what is left out arrives as NULL."""
    values = vars(clock)
    return {column: value for column, attname in sql.ATTNAMES.items() if (value := values.get(attname)) is not None}


def _hand(clock: Clock, event: Event) -> Iterator[Fact]:
    owner_id, team_id = event.properties.get("owner"), event.properties.get("team")
    return life.hand(clock, owner_id=owner_id, team_id=team_id, at=event.occurred_at)


def _touch(clock: Clock, event: Event) -> Iterator[Fact]:
    """The earliest attempt counts for the first touch; the next attempt is whatever comes while its clock runs."""
    runs = clock.stopped_at is None
    if clock.promise == Promise.FIRST_TOUCH or (clock.promise == Promise.NEXT_ATTEMPT and runs):
        yield from life.stop(clock, at=event.occurred_at, reason=StopReason.TOUCHED)


def _decide(clock: Clock, event: Event) -> Iterator[Fact]:
    """Ends the clocks of an open hand-off; an accepted one that is given back ends its care."""
    of_care = bool(event.properties.get("after_acceptance"))
    if (clock.promise == Promise.CARE) == of_care and (clock.stopped_at is None or clock.promise in FROM_THE_OFFER):
        yield from life.stop(clock, at=event.occurred_at, reason=StopReason.DECIDED)
