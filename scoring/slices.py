"""Long work over all leads in slices, each a row that any worker may take: progress, pause, cancel, resume.

A slice is claimed, worked and finished by itself; a worker that dies costs its lease and one slice, and two
processes, or two machines, share a job without knowing of each other.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from core import due
from core.due import DueState
from core.hints import wake
from leads import sql as leads_sql
from scoring import sql
from scoring.enums import JobState
from scoring.models import Backtest, Listed, Rescoring, Slice

WORK = "scoring.tasks.work"
SIZE = 4000  # leads: about a second of work, so that progress moves and other tasks get their turn
LEASE = timedelta(minutes=2)
BUDGET = timedelta(seconds=8)
Clock = Callable[[], datetime]
Doing = Callable[[Slice, Clock], Mapping[str, Any]]
Ending = Callable[[int, datetime], None]
log = logging.getLogger(__name__)


def cut(job: Backtest | Rescoring, *, born_by: datetime, at: datetime, size: int = SIZE) -> None:
    """Divides the leads that were there at `born_by` into slices, due now, and wakes a worker."""
    owner = {"backtest": job} if isinstance(job, Backtest) else {"rescoring": job}
    spans = leads_sql.run(sql.SPANS, size, born_by)
    Slice.objects.bulk_create(
        [Slice(first=first, last=last, leads=leads, due_at=at, **owner) for first, last, leads in spans]
    )
    type(job)._default_manager.filter(pk=job.pk).update(total=sum(leads for _first, _last, leads in spans))
    wake(WORK)


def work(does: Mapping[str, Doing], ends: Mapping[str, Ending], *, clock: Clock, budget: timedelta = BUDGET) -> int:
    """Works on slices until none is due or the budget is used up. Returns how many it did.

    `does` and `ends` say, for `backtest` and `rescoring`, what is done with a slice, and with a job without slices.
    """
    began, done = clock(), 0
    for name, end in ends.items():
        _end_what_is_done(name, end, at=began)
    while clock() - began < budget and (claimed := _claim(at=clock())):
        name = "backtest" if claimed.backtest_id else "rescoring"
        if _do(claimed, name, does[name], clock=clock):
            done += 1
        _end_what_is_done(name, ends[name], at=clock())
    if done and _running().exists():
        wake(WORK)
    return done


def steer(job: Backtest | Rescoring, act: str, *, at: datetime) -> None:
    """`pause`, `resume` or `cancel`; what is over stays as it is. Raises KeyError for another word."""
    acts: dict[str, Callable[[Backtest | Rescoring], None]]
    acts = {"pause": pause, "resume": resume, "cancel": partial(cancel, at=at)}
    acts[act](job)


def pause(job: Backtest | Rescoring) -> None:
    """No slice is taken up any more; those in work are finished."""
    type(job)._default_manager.filter(pk=job.pk, state=JobState.RUNNING).update(state=JobState.PAUSED)


def resume(job: Backtest | Rescoring) -> None:
    type(job)._default_manager.filter(pk=job.pk, state=JobState.PAUSED).update(state=JobState.RUNNING)
    wake(WORK)


def cancel(job: Backtest | Rescoring, *, at: datetime) -> None:
    """Nothing more is done, and nothing of it is kept; a slice in work writes no result."""
    with transaction.atomic():
        open_jobs = type(job)._default_manager.filter(pk=job.pk, state__in=[JobState.RUNNING, JobState.PAUSED])
        if open_jobs.update(state=JobState.CANCELLED, finished_at=at):
            job.slices.all().delete()
            job.lists.all().delete()


def _running() -> Any:
    ours = Q(backtest__state=JobState.RUNNING) | Q(rescoring__state=JobState.RUNNING)
    return Slice.objects.filter(ours, state=DueState.PENDING)


def _claim(*, at: datetime) -> Slice | None:
    return next(iter(due.claim(_running(), at=at, limit=1, lease=LEASE)), None)


def _do(claimed: Slice, name: str, doing: Doing, *, clock: Clock) -> bool:
    """One slice; what goes wrong puts it back with a pause, and after the last attempt on the health page."""
    try:
        result = dict(doing(claimed, clock))
    except Exception as error:
        log.exception("slice %s failed", claimed.pk)
        due.fail(claimed, at=clock(), error=type(error).__name__)
        return False
    lists = result.pop("lists", {})
    with transaction.atomic():
        finished = due.finish([claimed], result=result)
        if finished:
            _keep(claimed, lists)
            table = Backtest if name == "backtest" else Rescoring
            table._default_manager.filter(pk=_job_id(claimed)).update(done=F("done") + claimed.leads)
    return bool(finished)


def _keep(claimed: Slice, lists: Mapping[str, Mapping[str, list[int]]]) -> None:
    """Which leads are behind the numbers of this slice."""
    job = {"backtest_id": claimed.backtest_id, "rescoring_id": claimed.rescoring_id}
    Listed.objects.bulk_create(
        Listed(name=name, part=part, first=claimed.first, count=len(leads), leads=leads, **job)
        for name, parts in lists.items()
        for part, leads in parts.items()
    )


def _job_id(claimed: Slice) -> int:
    return claimed.backtest_id or claimed.rescoring_id or 0


def _end_what_is_done(name: str, end: Ending, *, at: datetime) -> None:
    """Ends jobs of which every slice is done. Two workers at once do no harm: the second finds nothing to end."""
    table = Backtest if name == "backtest" else Rescoring
    for pk in table._default_manager.filter(state=JobState.RUNNING).values_list("pk", flat=True):
        with transaction.atomic():
            job = table._default_manager.select_for_update(skip_locked=True).filter(pk=pk, state=JobState.RUNNING)
            if job.exists() and not Slice.objects.filter(**{name: pk}).exclude(state=DueState.DONE).exists():
                end(pk, at)
                Slice.objects.filter(**{name: pk}).delete()
