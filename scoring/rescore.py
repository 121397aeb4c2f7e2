"""Everybody's score made what a newly published model says, in slices, while the house goes on working.

The rows of the older models stay. One `rescore` row, of the moment of publication, says what the new model makes of
them; what happened since is booked by the new model's rules. Doing it twice changes nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction

from core import failpoints
from core.hints import push
from leads import sql as leads_sql
from leads.enums import SCORED_STAGES, HandoffKind, Stage
from leads.handoffs import Crossing, cools, open_handoffs
from leads.standing import lock, restate
from scoring import ledger, sql
from scoring.engine import Fact, next_due
from scoring.enums import Handovers, JobState
from scoring.history import read_histories
from scoring.models import Rescoring, Slice
from scoring.published import spec_of
from scoring.replay import Life
from scoring.slices import Clock
from scoring.spec import ModelSpec
from scoring.tally import Lists
from scoring.telling import tell_rescoring

CHUNK = 500  # leads locked at a time: some tens of milliseconds

Row = tuple[Any, ...]  # as LOCK_SPAN gives it, and `restate` takes it


def rescore_slice(piece: Slice, clock: Clock) -> Mapping[str, Any]:
    """Re-scores the leads of one slice, some hundred at a time."""
    job = Rescoring.objects.select_related("publication__model").get(slices=piece)
    model, now = spec_of(job.publication.model), job.publication.handovers == Handovers.NOW
    changed, lists = 0, Lists()
    for first, last in _spans(piece):
        with transaction.atomic():
            rows = leads_sql.run(sql.LOCK_SPAN, first, last, model.since)
            at = clock()
            found = _rescore(rows, model, at=at)
            changed += sum(row != before for row, before in zip(found, rows, strict=True))
            over = [row for row in found if _is_over(row, model)]
            handed = _hand_over(over, model, at=at) if now else set()
            _list(lists, rows, found, over=[row[0] for row in over], handed=handed)
            failpoints.reach("rescore_chunk")
    return {"changed": changed, "handed_over": len(lists.get("handed", {}).get("", [])), "lists": lists}


def end_rescoring(pk: int, at: datetime) -> None:
    """Adds up what was done. The caller holds the job locked."""
    results = list(Slice.objects.filter(rescoring=pk).values_list("result", flat=True))
    Rescoring.objects.filter(pk=pk).update(
        state=JobState.DONE,
        finished_at=at,
        changed=sum(result.get("changed", 0) for result in results),
        handed_over=sum(result.get("handed_over", 0) for result in results),
    )
    push("leads", "dashboard")
    tell_rescoring(Rescoring.objects.select_related("publication__model", "publication__by").get(pk=pk), at=at)


def _list(lists: Lists, rows: Sequence[Row], found: Sequence[Row], *, over: Sequence[int], handed: set[int]) -> None:
    """Which leads went up, down, to another stage; and of those over the line, who was handed over and who was not."""
    for (lead_id, before, _fit, _grade, stage, *_rest), row in zip(rows, found, strict=True):
        if row[1] != before:
            _add(lists, "up" if row[1] > before else "down", "", lead_id)
        if row[4] != stage:
            _add(lists, "stage", f"{stage}.{row[4]}", lead_id)
    for lead_id in over:
        _add(lists, "handed" if lead_id in handed else "withheld", "", lead_id)


def _add(lists: Lists, name: str, part: str, lead_id: int) -> None:
    lists.setdefault(name, {}).setdefault(part, []).append(lead_id)


def _spans(piece: Slice) -> Iterator[tuple[int, int]]:
    ids = (i for (i,) in leads_sql.run(sql.IDS_OF_SPAN, piece.first, piece.last))
    while part := list(islice(ids, CHUNK)):
        yield part[0], part[-1]


def _rescore(rows: Sequence[Row], model: ModelSpec, *, at: datetime) -> list[Row]:
    """Ledger and standing of these locked leads; the standings as they are now."""
    if not rows:
        return []
    at = max(at, model.since or at)
    lives = _lives(rows, model, at=at)
    ledger.rewrite(lives, version=model.version, at=at)
    found = [_restated(row, lives[row[0]], model) for row in rows]
    restate([row for row, before in zip(found, rows, strict=True) if row != before])
    return found


def _lives(rows: Sequence[Row], model: ModelSpec, *, at: datetime) -> dict[int, Life]:
    """The lives by the new model, each to the end: another machine's clock may be ahead of ours."""
    lives = {row[0]: Life(since=model.since) for row in rows}
    ends = dict.fromkeys(lives, at)
    told: Iterator[tuple[int, list[Fact]]] = read_histories(rows[0][0], rows[-1][0], models=[model])
    for lead_id, facts in told:
        if life := lives.get(lead_id):
            ends[lead_id] = max(at, facts[-1].at)
            for fact in facts:
                life.live(fact, model)
    for lead_id, life in lives.items():
        life.finish(ends[lead_id], model)
    return lives


def _restated(row: Row, life: Life, model: ModelSpec) -> Row:
    lead_id, _score, _fit, _grade, stage, *_rest = row
    state, limits = life.state, model.thresholds
    grade = model.grade(fit=state.fit, engagement=state.engagement)
    if stage in SCORED_STAGES:
        stage, cooling = str(limits.stage(state.score)), False
    else:
        cooling = cools(Stage(stage), state.score, limits)
    return lead_id, state.score, state.fit, grade, stage, cooling, state.quiet_since, next_due(state, model)


def _is_over(row: Row, model: ModelSpec) -> bool:
    return row[4] in SCORED_STAGES and row[1] >= model.thresholds.mql


def _hand_over(over: Sequence[Row], model: ModelSpec, *, at: datetime) -> set[int]:
    """The leads that were handed over."""
    if not over:
        return set()
    with lock([row[0] for row in over]) as rows:
        crossings = [Crossing(row[0], HandoffKind.MQL, model.version) for row in over]
        return {handoff.lead_id for handoff in open_handoffs(crossings, at=at, rows=rows)}
