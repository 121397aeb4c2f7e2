"""Scoring as facts arrive: a batch at a time, in the transaction that records them.

Facts that come in order are scored on top of what is known: one query, one insert. A lead whose facts come late is
derived anew from its history: same engine, same result.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from leads.events import Batch, record
from leads.events import Fact as Said
from leads.handoffs import follow_scores
from leads.standing import Standings
from leads.thresholds import ScoreChange
from scoring import ledger
from scoring.engine import Entry, Fact, State, advance, fold, next_due
from scoring.kinds import SCORE_REDERIVED
from scoring.known import recall
from scoring.published import published
from scoring.replay import as_fact, replay_many
from scoring.spec import ModelSpec


def score(batch: Batch) -> None:
    """Books what the batch earns, moves the scores, and lets stages and hand-offs follow."""
    facts = _facts_by_lead(batch)
    if not facts:
        return
    model = published()
    before = {lead_id: batch.rows[lead_id].score for lead_id in facts}
    entries: dict[int, list[Entry]] = {}
    states: dict[int, State] = {}
    late: dict[int, datetime] = {}
    for lead_id, known in recall(facts, rows=batch.rows, model=model).items():
        if known.reach and facts[lead_id][0].at < known.reach:
            late[lead_id] = max(batch.at, known.reach)
        else:
            entries[lead_id] = fold(known.state, facts[lead_id], model) + advance(known.state, batch.at, model)
            states[lead_id] = known.state
    ledger.book(entries, version=model.version, at=batch.at)
    states |= rederive(late, model, at=batch.at, rows=batch.rows)
    for lead_id, state in states.items():
        show(lead_id, state, model, rows=batch.rows)
    changes = [
        ScoreChange(i, before[i], states[i].score, _qualifies(facts[i], model), model.version) for i in sorted(states)
    ]
    follow_scores(changes, thresholds=model.thresholds, at=batch.at, rows=batch.rows)


def rederive(moments: Mapping[int, datetime], model: ModelSpec, *, at: datetime, rows: Standings) -> dict[int, State]:
    """Makes the ledger of each lead what its history says by its moment; tells the log where the past changed.

    The caller holds the leads locked, and shows the states.
    """
    if not moments:
        return {}
    lives = replay_many(moments, model)
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


def _facts_by_lead(batch: Batch) -> dict[int, Sequence[Fact]]:
    facts: dict[int, list[Fact]] = defaultdict(list)
    for event in batch.events:
        if fact := as_fact(event.pk, event.kind, event.occurred_at, event.properties):
            facts[event.lead_id].append(fact)
    return {i: sorted(of_lead, key=lambda fact: (fact.at, fact.event_id)) for i, of_lead in facts.items()}


def _qualifies(facts: Iterable[Fact], model: ModelSpec) -> bool:
    return any(fact.action and model.qualifies(fact.kind, fact.properties) for fact in facts)
