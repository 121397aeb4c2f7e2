"""How an act goes through its leads: a hundred at a time, and what became of each is kept."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.errors import DomainError
from leads.bulk.selection import from_params
from leads.enums import RowOutcome
from leads.erasure.people import GONE, erased_among
from leads.jobs import Clock, Step, Steps
from leads.models import Job, JobRow

CHUNK = 100


@dataclass(frozen=True)
class Result:
    """What became of one lead; `before` is what an undo brings back."""

    lead_id: int
    outcome: RowOutcome
    reason: str = ""
    before: Any = None


Act = Callable[[Sequence[int], Job, datetime], Iterable[Result]]


def changed(lead_id: int, before: Any = None) -> Result:
    return Result(lead_id, RowOutcome.DONE, before=before)


def same(lead_id: int) -> Result:
    return Result(lead_id, RowOutcome.SAME)


def refused(lead_id: int, why: DomainError | str) -> Result:
    return Result(lead_id, RowOutcome.REFUSED, str(why)[:500])


def through(act: Act, chunks: Callable[[Job, int], Iterator[list[int]]] | None = None) -> Callable[[Job, Clock], Steps]:
    """The steps of a job that does `act` to its selection, or to what `chunks` brings after a lead's id."""
    bring = chunks or _selected

    def steps(job: Job, clock: Clock) -> Steps:
        done, no = job.done, job.refused
        for ids in bring(job, job.position.get("last", 0)):
            results = list(_done(act, ids, job, clock()))
            JobRow.objects.bulk_create([_row(job, result) for result in results])
            no += sum(result.outcome == RowOutcome.REFUSED for result in results)
            done += sum(result.outcome != RowOutcome.REFUSED for result in results)
            yield Step(done, no, position={"last": ids[-1]})

    return steps


def _done(act: Act, ids: Sequence[int], job: Job, at: datetime) -> Iterator[Result]:
    """The act on all but those who have been erased, whatever it is: there is nobody to work on."""
    gone = erased_among(ids)
    yield from (refused(lead_id, str(GONE)) for lead_id in ids if lead_id in gone)
    if left := [lead_id for lead_id in ids if lead_id not in gone]:
        yield from act(left, job, at)


def _selected(job: Job, last: int) -> Iterator[list[int]]:
    """The leads of the selection in the order of their ids; who may see them is asked anew for every chunk."""
    selection = from_params(job.params["selection"])
    while True:
        rows = selection.rows(job.by).filter(lead__gt=last).order_by("lead")
        ids = list(rows.values_list("lead", flat=True)[:CHUNK])
        if not ids:
            return
        last = ids[-1]
        yield ids


def _row(job: Job, result: Result) -> JobRow:
    return JobRow(job=job, lead_id=result.lead_id, outcome=result.outcome, reason=result.reason, before=result.before)
