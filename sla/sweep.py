"""The sweep: says what has fallen due. When it comes, how often, and how many at once changes no fact."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from accounts.availability import office_hours
from core import failpoints
from core.business_time import Calendar
from core.statements import array
from leads.events import Fact
from leads.rows import row_of
from leads.sql import run
from leads.standing import claim
from sla import life, sql
from sla.agreements import calendar_version
from sla.clocks import show, tell, write, write_said
from sla.kinds import SLA_BREACHED, SLA_ESCALATED, SLA_MOVED, SLA_WARNED
from sla.models import CalendarChange, Clock, EscalationStep

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
    concerned: str
    change: Callable[[Clock], Iterator[Fact]]
    moves: bool = False  # whether due times may move: then the standings follow


def sweep(*, at: datetime, chunk: int = CHUNK) -> Swept:
    """Records every breach due by `at`, with its due time, and the latest warning of each clock still in time.

    Follows a changed calendar first. A breach takes the steps of its escalation that are due as well in the same go.
    Works in transactions of at most `chunk` clocks, so it can be killed anywhere and resumed; leads that somebody else
    is changing right now are left to the next sweep.
    """
    moved, said = follow_calendar(at=at, chunk=chunk), _say_due(at=at, chunk=chunk)
    return Swept(moved, said[SLA_WARNED], said[SLA_BREACHED], said[SLA_ESCALATED])


def escalate(*, at: datetime, chunk: int = CHUNK) -> int:
    """Takes the steps of the escalation that have fallen due on promises broken earlier. Returns how many."""
    due = Work(sql.CLAIM_ESCALATIONS, at, sql.ESCALATES, _taking(at=at))
    return _work_off(due, at=at, chunk=chunk)[SLA_ESCALATED]


def _say_due(*, at: datetime, chunk: int) -> Counter[str]:
    take = _taking(at=at)

    def settle(clock: Clock) -> Iterator[Fact]:
        yield from life.settle(clock, at=at)
        if clock.escalate_at:
            yield from take(clock)

    said = _work_off(Work(sql.CLAIM_DUE, at, sql.IS_DUE, settle), at=at, chunk=chunk)
    said[SLA_ESCALATED] += escalate(at=at, chunk=chunk)
    return said


def _taking(*, at: datetime) -> Callable[[Clock], Iterator[Fact]]:
    """What escalates one clock; steps and hours are asked for when the first is due, and once."""
    rules, office = cache(steps), cache(office_hours)

    @cache
    def hours(year: int) -> Calendar:
        return office().around(datetime(year, 1, 1, tzinfo=UTC))

    def take(clock: Clock) -> Iterator[Fact]:
        return life.escalate(clock, steps=rules().get(clock.promise, ()), hours=hours(clock.due_at.year), at=at)

    return take


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

    stale = Work(sql.CLAIM_STALE, version, sql.IS_STALE, rewind, moves=True)
    return _work_off(stale, at=at, chunk=chunk)[SLA_MOVED]


def _work_off(work: Work, *, at: datetime, chunk: int) -> Counter[str]:
    """Chunk after chunk until nothing is left that could be locked. Returns what was said, by kind."""
    said: Counter[str] = Counter()
    while (facts := _one_chunk(work, at, chunk)) is not None:
        said.update(fact.kind for fact in facts)
    return said


def _one_chunk(work: Work, at: datetime, limit: int) -> list[Fact] | None:
    with claim(work.claim, [work.key, limit]) as rows:
        if not rows:
            return None
        found = run(sql.CONCERNED.format(concerned=work.concerned), array(rows), work.key)
        clocks = [row_of(Clock, dict(zip(sql.ATTNAMES.values(), values, strict=True))) for values in found]
        facts = [fact for clock in clocks for fact in work.change(clock)]
        if work.moves:
            write(clocks)
            show(clocks, rows=rows)
        else:
            write_said(clocks)
        tell(facts, at=at, rows=rows)
        failpoints.reach("sweep_chunk")
    return facts
