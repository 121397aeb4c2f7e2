"""Scoring as facts arrive: a batch at a time, in the transaction that records them.

Facts that come in order are scored on top of what is known: one query, one insert. A lead whose facts come late is
derived anew from its history: same engine, same result.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from leads import sql as leads_sql
from leads.enums import SCORED_STAGES
from leads.events import Batch, record
from leads.events import Fact as Said
from leads.handoffs import follow_scores
from leads.models import Standing
from leads.standing import Standings
from leads.thresholds import ScoreChange
from scoring import ledger, sql
from scoring.engine import Entry, Fact, State, advance, fold, next_due
from scoring.kinds import SCORE_REDERIVED
from scoring.known import Known, recall
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
        if _is_late(known, facts[lead_id]) or _is_older(batch.rows[lead_id], model):
            late[lead_id] = max(batch.at, known.reach or batch.at)
        else:
            entries[lead_id] = fold(known.state, facts[lead_id], model) + advance(known.state, batch.at, model)
            states[lead_id] = known.state
    ledger.book(entries, version=model.version, at=batch.at)
    states |= rederive(late, model, at=batch.at, rows=batch.rows)
    for lead_id, state in states.items():
        show(lead_id, state, model, rows=batch.rows)
    if batch.past:
        return  # who imports a history says itself how far the lead has come
    changes = [
        ScoreChange(
            i,
            _from(batch.rows[i], before[i], states[i].score, model),
            states[i].score,
            _qualifies(facts[i], model),
            model.version,
        )
        for i in sorted(states)
    ]
    follow_scores(changes, thresholds=model.thresholds, at=batch.at, rows=batch.rows)


def _from(row: Standing, before: int, after: int, model: ModelSpec) -> int:
    """Where the score came from.

    A new model lifted some leads over the line without a hand-off: their next points count as the crossing.
    """
    lifted = before >= model.thresholds.mql and row.stage in SCORED_STAGES
    return model.thresholds.mql - 1 if lifted and after > before else before


def rederive(moments: Mapping[int, datetime], model: ModelSpec, *, at: datetime, rows: Standings) -> dict[int, State]:
    """Makes the ledger of each lead what its history says by its moment; tells the log where the past changed.

    The caller holds the leads locked, and shows the states.
    """
    if not moments:
        return {}
    lives = replay_many(moments, model)
    rewritten = ledger.rewrite(lives, version=model.version, at=at)
    facts = [
        Said(i, SCORE_REDERIVED, at, properties={"before": rows[i].score, "after": lives[i].state.score})
        for i in sorted(rewritten)
    ]
    record(facts, at=at, rows=rows)
    return {lead_id: life.state for lead_id, life in lives.items()}


def derive_anew(lead_ids: Sequence[int], *, at: datetime, rows: Standings) -> list[ScoreChange]:
    """Ledger and score of these leads from their logs as they are now; nothing is recorded, no stage follows."""
    model = published()
    # A sweep that began before the last action of a lead must not forget that action.
    moments = {i: max(at, reach or at) for i, reach in leads_sql.run(sql.REACHES, list(lead_ids))}
    lives = replay_many(moments, model)
    ledger.rewrite(lives, version=model.version, at=at)
    before = {i: rows[i].score for i in lives}
    for lead_id, life in lives.items():
        show(lead_id, life.state, model, rows=rows)
    return [ScoreChange(i, before[i], life.state.score, False, model.version) for i, life in lives.items()]


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


def _is_late(known: Known, facts: Sequence[Fact]) -> bool:
    return known.reach is not None and facts[0].at < known.reach


def _is_older(row: Standing, model: ModelSpec) -> bool:
    """Whether the lead came before the model: its ledger does not say what this model's rules have given it."""
    return model.since is not None and row.created_at <= model.since


def _facts_by_lead(batch: Batch) -> dict[int, Sequence[Fact]]:
    facts: dict[int, list[Fact]] = defaultdict(list)
    for event in batch.events:
        if fact := as_fact(event.pk, event.kind, event.occurred_at, event.properties):
            facts[event.lead_id].append(fact)
    return {i: sorted(of_lead, key=lambda fact: (fact.at, fact.event_id)) for i, of_lead in facts.items()}


def _qualifies(facts: Iterable[Fact], model: ModelSpec) -> bool:
    return any(fact.action and model.qualifies(fact.kind, fact.properties) for fact in facts)
