"""The sweep: says what has fallen due. When it comes, how often, and how many at once changes no fact."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db import connection, transaction

from accounts.availability import office_hours
from core import failpoints
from leads.events import Fact
from leads.standing import lock
from sla import life, sql
from sla.agreements import calendar_version
from sla.clocks import show, tell, write
from sla.kinds import SLA_BREACHED, SLA_ESCALATED, SLA_MOVED, SLA_WARNED
from sla.models import CalendarChange, Clock, EscalationStep
from sla.querysets import ClockQuerySet

CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Swept:
    """How many due times one sweep moved, and how many warnings and breaches it recorded."""

    moved: int
    warned: int
    breached: int
    escalated: int = 0


@dataclass(frozen=True, slots=True)
class Work:
    """One kind of work on clocks: which leads to claim, which of their clocks it concerns, what is done to each."""

    claim: str
    key: datetime | int
    concerned: ClockQuerySet
    change: Callable[[Clock], Iterator[Fact]]


def sweep(*, at: datetime, chunk: int = CHUNK) -> Swept:
    """Records every breach due by `at`, with its due time, and the latest warning of each clock still in time.

    Follows a changed calendar first. Works in transactions of at most `chunk` clocks, so it can be killed anywhere
    and resumed; leads that somebody else is changing right now are left to the next sweep.
    """
    moved = follow_calendar(at=at, chunk=chunk)
    due = Work(sql.CLAIM_DUE, at, Clock.objects.due(at=at), lambda clock: life.settle(clock, at=at))
    said = _work_off(due, at=at, chunk=chunk)
    return Swept(moved, said[SLA_WARNED], said[SLA_BREACHED], escalate(at=at, chunk=chunk))


def escalate(*, at: datetime, chunk: int = CHUNK) -> int:
    """Takes the steps of the escalation that have fallen due on broken promises still open. Returns how many."""
    rules, office = cache(steps), cache(office_hours)  # asked only when something is due

    def take(clock: Clock) -> Iterator[Fact]:
        return life.escalate(clock, steps=rules().get(clock.promise, ()), hours=office().around(clock.due_at), at=at)

    due = Work(sql.CLAIM_ESCALATIONS, at, Clock.objects.filter(escalate_at__lte=at), take)
    return _work_off(due, at=at, chunk=chunk)[SLA_ESCALATED]


def steps() -> dict[str, list[EscalationStep]]:
    """The steps of each promise, the first one first."""
    found: dict[str, list[EscalationStep]] = {}
    for step in EscalationStep.objects.order_by("after_minutes", "pk"):
        found.setdefault(step.promise, []).append(step)
    return found


def follow_calendar(*, at: datetime, chunk: int = CHUNK) -> int:
    """Winds the clocks still in time again that an older calendar wound. Returns how many due times moved."""
    version = calendar_version()
    if not version:
        return 0
    newest, office = CalendarChange.objects.get(pk=version), office_hours()

    def rewind(clock: Clock) -> Iterator[Fact]:
        clock.calendar_version = version
        return life.rewind(clock, hours=office.around(clock.started_at), at=at, by_id=newest.by_id)

    stale = Work(sql.CLAIM_STALE, version, Clock.objects.stale(version=version), rewind)
    return _work_off(stale, at=at, chunk=chunk)[SLA_MOVED]


def _work_off(work: Work, *, at: datetime, chunk: int) -> Counter[str]:
    """Chunk after chunk until nothing is left that could be locked. Returns what was said, by kind."""
    said: Counter[str] = Counter()
    while (facts := _one_chunk(work, at, chunk)) is not None:
        said.update(fact.kind for fact in facts)
    return said


@transaction.atomic
def _one_chunk(work: Work, at: datetime, limit: int) -> list[Fact] | None:
    with connection.cursor() as cursor:
        cursor.execute(work.claim, [work.key, limit])
        lead_ids = [lead_id for (lead_id,) in cursor.fetchall()]
    if not lead_ids:
        return None
    with lock(lead_ids) as rows:
        # Asked again under the lock: another sweep may have been here between the claim's snapshot and its lock.
        clocks = list(work.concerned.filter(lead__in=lead_ids).order_by("due_at", "pk"))
        facts = [fact for clock in clocks for fact in work.change(clock)]
        write(clocks)
        show(clocks, rows=rows)
        tell(facts, at=at, rows=rows)
        failpoints.reach("sweep_chunk")
    return facts
