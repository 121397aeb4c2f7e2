"""Points that go away with time: one set-based sweep, at the exact moments they were due.

However often, however late, on however many machines it runs: the same rows.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from core import failpoints
from core.hints import push
from leads import sql as leads_sql
from leads.handoffs import follow_scores
from leads.models import Standing
from leads.standing import lock
from scoring import sql
from scoring.award import derive_anew
from scoring.published import published
from scoring.spec import ModelSpec

CHUNK = 10_000


def sweep_decay(*, at: datetime, chunk: int = CHUNK) -> int:
    """Takes what silence and lapsing take by `at`. Returns how many leads were due.

    Works in transactions of `chunk` leads, so it can be killed anywhere and resumed; leads that somebody else is
    changing right now are left to the next sweep.
    """
    model = published()
    total = 0
    while done := _one_chunk(model, at=at, limit=chunk):
        failpoints.reach("sweep_chunk")
        total += done
    return total


@transaction.atomic
def _one_chunk(model: ModelSpec, *, at: datetime, limit: int) -> int:
    due = [lead_id for (lead_id,) in leads_sql.run(sql.CLAIM_DUE, at, limit)]
    if due:
        older = _older(due, model)
        _derive(older, model, at=at)
        leads_sql.run_named(sql.SWEEP, {**_parameters(model), "leads": sorted({*due} - {*older}), "at": at})
        push("leads", "dashboard")
    return len(due)


def _older(due: Sequence[int], model: ModelSpec) -> list[int]:
    """Leads whose awards under this model are not rows of the ledger, so that only a replay knows when they lapse."""
    if model.since is None or not model.expiry:
        return []
    return list(Standing.objects.filter(pk__in=due, created_at__lte=model.since).values_list("pk", flat=True))


def _derive(lead_ids: Sequence[int], model: ModelSpec, *, at: datetime) -> None:
    if lead_ids:
        with lock(lead_ids) as rows:
            changes = derive_anew(lead_ids, at=at, rows=rows)
            follow_scores(changes, thresholds=model.thresholds, at=at, rows=rows)


def _parameters(model: ModelSpec) -> dict[str, object]:
    steps = [{"days": silence // timedelta(days=1), "points": points} for silence, points in model.deductions]
    return {
        "steps": leads_sql.as_json(steps),
        "expiry": model.expiry,
        "version": model.version,
        "fit_a": model.fit_bounds[0],
        "fit_b": model.fit_bounds[1],
        "engagement_1": model.engagement_bounds[0],
        "engagement_2": model.engagement_bounds[1],
        "prospect": model.thresholds.prospect,
        "lead": model.thresholds.lead,
        "mql": model.thresholds.mql,
    }
