"""Points that go away in silence: one set-based sweep, at the exact moments they were due.

However often, however late, on however many machines it runs: the same rows.
"""

from datetime import datetime

from django.db import transaction

from core import failpoints
from leads import sql as leads_sql
from leads.handoffs import follow_scores
from leads.standing import lock
from leads.thresholds import ScoreChange
from scoring import sql
from scoring.award import rederive, show
from scoring.engine import ModelSpec
from scoring.published import published

CHUNK = 20_000
CHUNK_DERIVED = 500


def sweep_decay(*, at: datetime) -> int:
    """Takes what silence and lapsing take by `at`. Returns how many leads were due. Resumable: a chunk, a commit."""
    model = published()
    total = 0
    while done := _lapse_chunk(model, at=at) if model.expiry else _silence_chunk(model, at=at):
        failpoints.reach("sweep_chunk")
        total += done
    return total


def _silence_chunk(model: ModelSpec, *, at: datetime) -> int:
    """The common case, inactivity alone, entirely in the database."""
    steps = [
        {"step": number, "days": days.days, "points": points} for number, (days, points) in enumerate(model.deductions)
    ]
    parameters = {
        "steps": leads_sql.as_json(steps),
        "at": at,
        "limit": CHUNK,
        "version": model.version,
        "fit_a": model.fit_bounds[0],
        "fit_b": model.fit_bounds[1],
        "engagement_1": model.engagement_bounds[0],
        "engagement_2": model.engagement_bounds[1],
        "prospect": model.thresholds.prospect,
        "lead": model.thresholds.lead,
        "mql": model.thresholds.mql,
    }
    with transaction.atomic():
        return len(leads_sql.run_named(sql.SWEEP_INACTIVITY, parameters))


def _lapse_chunk(model: ModelSpec, *, at: datetime) -> int:
    """Awards that lapse one by one: the leads that are due are derived anew."""
    with transaction.atomic():
        due = [lead_id for (lead_id,) in leads_sql.run(sql.DUE_LEADS, at, CHUNK_DERIVED)]
        with lock(due) as rows:
            before = {lead_id: rows[lead_id].score for lead_id in due}
            states = rederive(due, model, at=at, rows=rows)
            for lead_id, state in states.items():
                show(lead_id, state, model, rows=rows)
            changes = [
                ScoreChange(i, before[i], state.score, product_qualified=False, model_version=model.version)
                for i, state in states.items()
            ]
            follow_scores(changes, thresholds=model.thresholds, at=at, rows=rows)
    return len(due)
