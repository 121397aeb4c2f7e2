"""How long the work takes that nobody waits for at a page: sweeps, and dealing out the pool."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from statistics import median

from django.db import connection

from accounts.availability import calendar
from accounts.models import User
from bench import floors
from bench.payloads import leads
from bench.table import Figure
from leads.assignment import drain_pool
from leads.enums import Channel
from leads.intake import receive
from leads.models import Standing
from scoring.decay import sweep_decay
from sla.sweep import sweep

ROUNDS = 3
POOLED = 2000
OPEN_CLOCKS = 100_000


def assigning(*, at: datetime) -> Iterator[Figure]:
    """2,000 hand-offs that came while nobody was there, to eight reps who come back."""
    times = []
    for round_ in range(ROUNDS):
        User.objects.update(on_duty=False)
        people = leads(start=40_000_000 + round_ * POOLED + int(at.timestamp()) % 1000 * 10_000)
        booked = ({**lead, "event": {"kind": "meeting.booked"}} for lead in people)
        for _call in range(4):
            receive(list(islice(booked, POOLED // 4)), channel=Channel.API, at=at)
        User.objects.update(on_duty=True)
        times.append(_timed(partial(drain_pool, at=at, limit=POOLED)))
    yield Figure("assigning 2,000 hand-offs to 8 reps", median(times), "ms", bar=2000)


def decay() -> Iterator[Figure]:
    """Three times in a row the moment comes when points of a tenth of all leads are due."""
    total = Standing.objects.count()
    floors.copy_standings()
    floors.copy_ledger()
    times, bare = [], []
    for _round in range(ROUNDS):
        at = _when_due(total // 10)
        bare.append(floors.decay(at=at))
        times.append(_timed(partial(sweep_decay, at=at)))
    ours, floor = median(times), median(bare)
    yield Figure(f"decay sweep, {total // 10:,} leads due", ours, "ms", floor=floor, ratio_bar=2)
    nothing = median(_timed(partial(sweep_decay, at=at)) for _time in range(ROUNDS))
    yield Figure(f"decay sweep of {total:,} leads, nothing due", nothing, "ms", bar=20)


def _when_due(leads_due: int) -> datetime:
    """The moment when points of that many leads are due."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT_DECAY, [leads_due - 1])
        return datetime.fromisoformat(cursor.fetchone()[0])


def agreement(*, at: datetime) -> Iterator[Figure]:
    """In working hours, when a breach takes the first step of its escalation at once."""
    at = calendar(at=at).next_open(at + timedelta(hours=14))
    clocks = open_clocks(at=at)
    sweep(at=at)
    times = [_timed(partial(sweep, at=at + timedelta(seconds=clocks * n / 100))) for n in (1, 2, 3)]
    yield Figure(f"SLA sweep, {clocks:,} open clocks, 1 % due", median(times), "ms", bar=200)


def open_clocks(*, at: datetime) -> int:
    """Hands everybody over who can be: one clock falls due each second from `at` on. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(OPEN_HANDOFFS, {"at": at, "most": OPEN_CLOCKS})
        cursor.execute(START_CLOCKS, {"at": at})
        started = int(cursor.rowcount)
        cursor.execute("ANALYZE sla_clock, leads_standing, leads_handoff")
    return started


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


NEXT_DECAY = """
SELECT to_json(next_decay_at)#>>'{}' FROM leads_standing WHERE next_decay_at IS NOT NULL
ORDER BY next_decay_at LIMIT 1 OFFSET %s
"""
# The rows that a hundred thousand crossings of the line would leave, without their events.
OPEN_HANDOFFS = """
WITH free AS (
    SELECT s.*, u.id AS rep, u.team_id AS rep_team
    FROM (SELECT *, row_number() OVER (ORDER BY lead_id) AS n FROM leads_standing
          WHERE NOT handoff_open AND stage NOT IN ('customer', 'disqualified') LIMIT %(most)s) s
    JOIN (SELECT id, team_id, row_number() OVER (ORDER BY id) - 1 AS n, count(*) OVER () AS reps
          FROM accounts_user WHERE role = 'rep') u ON u.n = s.n %% u.reps
), opened AS (
    INSERT INTO leads_handoff (lead_id, cycle, kind, score, model_version, source, campaign, offered_at, owner_id,
                               team_id, assigned_at, outcome, reason, note)
    SELECT lead_id, cycle + 1, 'mql', score, 1, source, campaign, %(at)s, rep, rep_team, %(at)s, 'open', '', ''
    FROM free RETURNING id, lead_id, cycle, owner_id, team_id
)
UPDATE leads_standing s
SET handoff_id = o.id, handoff_open = true, outcome = 'open', cycle = o.cycle, mql_at = %(at)s, stage = 'mql',
    owner_id = o.owner_id, team_id = o.team_id
FROM opened o WHERE s.lead_id = o.lead_id
"""
START_CLOCKS = """
WITH waiting AS (
    SELECT s.lead_id, s.handoff_id, s.owner_id, s.team_id,
           %(at)s + row_number() OVER (ORDER BY s.lead_id) * interval '1 second' AS due_at
    FROM leads_standing s
    WHERE s.handoff_open AND NOT EXISTS (SELECT FROM sla_clock c WHERE c.handoff_id = s.handoff_id)
), started AS (
    INSERT INTO sla_clock (handoff_id, lead_id, promise, agreement_id, minutes, days, started_at, warn50_at, warn80_at,
                           due_at, calendar_version, next_at, warned, stop_reason, owner_id, team_id, breach_segment,
                           pause_reason, paused_minutes, escalated)
    SELECT handoff_id, lead_id, 'first_touch', (SELECT min(id) FROM sla_agreement), 240, 0, %(at)s, %(at)s, %(at)s,
           due_at, 0, due_at, 80, '', owner_id, team_id, '', '', 0, 0
    FROM waiting
    RETURNING lead_id, due_at, warn80_at
)
UPDATE leads_standing s SET sla_due_at = t.due_at, sla_warn_at = t.warn80_at FROM started t WHERE s.lead_id = t.lead_id
"""
