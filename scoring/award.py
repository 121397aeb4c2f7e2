"""Scoring as facts arrive: a batch at a time, in the transaction that records them.

Facts in order are scored on top of what is known (one query, one insert). A lead whose facts come late, or who has
something overdue, is derived anew from its history: same engine, same result.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from leads.arrival import profile_of
from leads.events import Batch, record
from leads.events import Fact as Said
from leads.handoffs import follow_scores
from leads.models import Lead, Standing
from leads.standing import Standings
from leads.thresholds import ScoreChange
from scoring import ledger
from scoring.engine import Entry, Fact, ModelSpec, State, next_due
from scoring.kinds import SCORE_REDERIVED
from scoring.published import published
from scoring.replay import as_fact, fold, replay_many

Life = tuple[State, list[Entry]]


def score(batch: Batch) -> None:
    """Books what the batch earns, moves the scores, and lets stages and hand-offs follow."""
    facts = _facts_by_lead(batch)
    if not facts:
        return
    model = published()
    before = {lead_id: batch.rows[lead_id].score for lead_id in facts}
    lives, late = _live(facts, batch.rows, model)
    ledger.book({lead_id: entries for lead_id, (_s, entries) in lives.items()}, version=model.version, at=batch.at)
    states = {lead_id: state for lead_id, (state, _e) in lives.items()}
    states |= rederive(late, model, at=batch.at, rows=batch.rows)
    for lead_id, state in states.items():
        show(lead_id, state, model, rows=batch.rows)
    changes = [
        ScoreChange(i, before[i], states[i].score, _qualifies(facts[i], model), model.version) for i in sorted(states)
    ]
    follow_scores(changes, thresholds=model.thresholds, at=batch.at, rows=batch.rows)


def rederive(lead_ids: Sequence[int], model: ModelSpec, *, at: datetime, rows: Standings) -> dict[int, State]:
    """Makes the ledger of these leads what their history says by `at`; tells the log where the past changed."""
    if not lead_ids:
        return {}
    lives = replay_many(lead_ids, model, at=at)
    rewritten = ledger.rewrite({i: life.entries for i, life in lives.items()}, version=model.version, at=at)
    facts = [
        Said(i, SCORE_REDERIVED, at, properties={"before": rows[i].score, "after": lives[i].state.score})
        for i in sorted(rewritten)
    ]
    record(facts, at=at, rows=rows)
    return {lead_id: life.state for lead_id, life in lives.items()}


def show(lead_id: int, state: State, model: ModelSpec, *, rows: Standings) -> None:
    """Writes a state on the lead's standing."""
    grade = model.grade(fit=state.fit, engagement=state.engagement)
    rows.set_score(lead_id, score=state.score, fit=state.fit, grade=grade)
    rows.set_activity(
        lead_id,
        last_activity_at=state.last_action,
        quiet_since=state.quiet_since,
        next_decay_at=next_due(state, model),
    )


def _facts_by_lead(batch: Batch) -> dict[int, list[Fact]]:
    facts: dict[int, list[Fact]] = defaultdict(list)
    for event in batch.events:
        if fact := as_fact(event):
            facts[event.lead_id].append(fact)
    for of_lead in facts.values():
        of_lead.sort(key=lambda fact: (fact.at, fact.event_id))
    return facts


def _live(facts: Mapping[int, Sequence[Fact]], rows: Standings, model: ModelSpec) -> tuple[dict[int, Life], list[int]]:
    """Scored on top of what is known; and the leads for whom that would not be right."""
    known = [lead_id for lead_id in facts if not rows.is_new(lead_id)]
    if model.expiry:
        return {}, list(facts)
    history = _history(known)
    profiles = _profiles([i for i in known if any(fact.profile is not None for fact in facts[i])])
    lives, late = {}, []
    for lead_id, of_lead in facts.items():
        row = rows[lead_id]
        state, horizon = _state(row, history.get(lead_id, ()), model)
        state.profile = profiles.get(lead_id, {})
        if _is_late(row, of_lead[0], horizon):
            late.append(lead_id)
        else:
            lives[lead_id] = (state, fold(state, of_lead, model))
    return lives, late


def _history(lead_ids: Iterable[int]) -> dict[int, list[tuple[Any, ...]]]:
    rows: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    wanted = list(lead_ids)
    for lead_id, *row in ledger.history(wanted) if wanted else ():
        rows[lead_id].append(tuple(row))
    return rows


def _is_late(row: Standing, first: Fact, horizon: datetime | None) -> bool:
    overdue = row.next_decay_at is not None and row.next_decay_at <= first.at
    return overdue or (horizon is not None and first.at < horizon)


def _state(row: Standing, history: Iterable[tuple[Any, ...]], model: ModelSpec) -> tuple[State, datetime | None]:
    """The engine's state from the standing and the ledger's summary, and how far the ledger reaches."""
    state = State(
        fit=row.fit,
        engagement=row.engagement,
        last_action=row.last_activity_at,
        quiet_since=row.quiet_since,
        paused=row.quiet_since is None and row.last_activity_at is not None,
        steps_done=_steps_done(row, model),
    )
    horizon = row.last_activity_at
    for kind, rule_id, key, day, times, points, latest in history:
        horizon = max(horizon, latest) if horizon else latest
        if kind == "award":
            state.times[rule_id] += times
            state.times_a_day[rule_id, day] += times
            state.once |= {(rule_id, key)} if key else set()
        elif kind == "profile":
            _toggle(state.profile_points, rule_id, points)
    return state, horizon


def _toggle(held: dict[int, int], rule_id: int, points: int) -> None:
    """Profile entries of one rule alternate: given, taken back, given again."""
    if rule_id in held:
        del held[rule_id]
    else:
        held[rule_id] = points


def _steps_done(row: Standing, model: ModelSpec) -> int:
    """How many steps of the current quiet spell have fired: those before the one that is due next."""
    if row.quiet_since is None:
        return 0
    since, due = row.quiet_since, row.next_decay_at
    return sum(1 for days, _points in model.deductions if due is None or since + days < due)


def _profiles(lead_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The profiles as they are now, that is after the change that is being recorded."""
    return {lead.pk: profile_of(lead) for lead in Lead.objects.filter(pk__in=lead_ids)} if lead_ids else {}


def _qualifies(facts: Iterable[Fact], model: ModelSpec) -> bool:
    return any(fact.action and model.qualifies(fact.kind, fact.properties) for fact in facts)
