"""Long work somebody asked for: a row, a worker that goes through it step by step, progress, cancel.

A kind of work is registered with a generator. Each of its steps runs in one transaction together with the new
progress, so a worker that dies costs one step and nothing is done twice. Small work runs the same way, at once.
"""

import logging
from collections.abc import Callable, Collection, Generator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import User
from core import due
from core.due import DueState
from core.errors import Conflict, DomainError, NotFound
from core.hints import push, wake
from core.text import clean
from leads.enums import RowOutcome
from leads.models import Job

RUN_JOBS = "leads.tasks.run_jobs"
ABOUT = "about"  # the parameter that names the row a report is about
LEASE = timedelta(seconds=30)  # a step takes a second or two; a job whose worker died waits no longer than that
BUDGET = timedelta(seconds=30)  # then the job goes to the end of the line: the worker has other work too
Clock = Callable[[], datetime]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """How far the work has come, in absolute numbers, and where it goes on. What is None stays as it was."""

    done: int
    refused: int = 0
    position: Mapping[str, Any] | None = None
    total: int | None = None
    result: Mapping[str, Any] | None = None


Steps = Generator[Step, None, None]


@dataclass(frozen=True)
class Work:
    """A kind of work. `steps` goes on from `job.position`; what it writes before a `yield` commits with that step.

    `home` is the name of the page of one such job: it takes the job's id, or the id of what the job reports about.
    """

    name: str
    label: str | Promise
    icon: str
    steps: Callable[[Job, Clock], Steps]
    home: str = "job"
    undo: str = ""  # the kind of work that takes it back


WORKS: dict[str, Work] = {}


class LeaseLostError(Exception):
    """Another worker has taken the job over: what this one did in the step is rolled back."""


def register(work: Work) -> Work:
    """Makes the kind known. Raises ValueError when a name is used twice."""
    if work.name in WORKS:
        raise ValueError(f"work {work.name} is registered twice")
    WORKS[work.name] = work
    return work


def start(
    kind: str,
    *,
    by: User,
    at: datetime,
    title: str,
    params: Mapping[str, Any],
    total: int | None = None,
    undoes: Job | None = None,
    at_once: Clock | None = None,
) -> Job:
    """Puts the work in line and wakes a worker; returns at once.

    With `at_once` (a clock) small work is done here and now; what outlasts the budget is left to the workers.
    """
    job = Job.objects.create(
        kind=WORKS[kind].name,
        by=by,
        title=clean(title, 300),
        params=dict(params),
        total=total,
        created_at=at,
        due_at=at,
        undoes=undoes,
    )
    if at_once is None:
        wake(RUN_JOBS)
        push(f"jobs:{by.pk}")
        return job
    for mine in due.claim(Job.objects.filter(pk=job.pk), at=at, limit=1, lease=LEASE):
        run(mine, clock=at_once)
    mark_seen(by, at=at, job_ids=[job.pk])  # whoever waited for it need not be told that it has ended
    mark_read(by, at=at, job_ids=[job.pk])
    job.refresh_from_db()
    return job


def done_elsewhere(_job: Job, _clock: Clock) -> Steps:
    """The steps of work that goes through rows of its own, and only `report`s its end here."""
    yield from ()


def report(kind: str, *, about: int, by: User, began: datetime, at: datetime, title: str, done: int) -> Job:
    """Tells a person of the end of such work: once by a toast, and in the bell until they open its page."""
    job = Job.objects.create(
        kind=WORKS[kind].name,
        by=by,
        title=clean(title, 300),
        params={ABOUT: about},
        total=done,
        done=done,
        state=DueState.DONE,
        created_at=began,
        due_at=began,
        started_at=began,
        finished_at=at,
    )
    push(f"jobs:{by.pk}", f"notifications:{by.pk}")
    return job


def mark_opened(user: User, kind: str, *, about: int, at: datetime) -> None:
    """The person has the page before them that the report is about. Index: job_unread."""
    found = list(unread(user).filter(kind=kind, **{f"params__{ABOUT}": about}).values_list("pk", flat=True))
    if found:
        mark_seen(user, at=at, job_ids=found)
        mark_read(user, at=at, job_ids=found)


def run_due(*, clock: Clock) -> int:
    """Works on the job that waits longest. Returns how many are due after that; it may be among them again."""
    for job in due.claim(Job.objects.all(), at=clock(), limit=1, lease=LEASE):
        with translation.override(job.by.language):
            run(job, clock=clock)
    return Job.objects.filter(state=DueState.PENDING, due_at__lte=clock(), leased_until=None).count()


def run(job: Job, *, clock: Clock) -> None:
    """Works on a claimed job until it ends, is cancelled, or has used up its time.

    A DomainError ends the job as failed, with its words; any other error puts it back to be tried again.
    """
    began = clock()
    Job.objects.filter(pk=job.pk, started_at=None).update(started_at=began)
    steps = WORKS[job.kind].steps(job, clock)
    try:
        while _step(job, steps, at=clock()):
            if clock() - began >= BUDGET:
                steps.close()  # whatever runs beside it has ended before another worker may take over
                _release(job, at=clock())
                break
    except LeaseLostError:
        log.warning("job %s went to another worker", job.pk)
    except DomainError as error:
        due.fail(job, at=clock(), error=str(error), back_off=())
    except Exception as error:
        log.exception("job %s failed", job.pk)
        due.fail(job, at=clock(), error=type(error).__name__)
    finally:
        steps.close()
        push(f"jobs:{job.by_id}", f"notifications:{job.by_id}")


def _step(job: Job, steps: Steps, *, at: datetime) -> bool:
    """One step with its progress in one transaction; False when the work is at its end."""
    if Job.objects.filter(pk=job.pk, cancel_asked_at__isnull=False).exists():
        steps.close()
        _finish(job, at=at, cancelled=True)
        return False
    with transaction.atomic():
        step = next(steps, None)
        if step is not None:
            _keep(job, step, at=at)
    if step is None:
        _finish(job, at=at, cancelled=False)
    return step is not None


def _keep(job: Job, step: Step, *, at: datetime) -> None:
    job.done, job.refused = step.done, step.refused
    columns: dict[str, Any] = {"done": step.done, "refused": step.refused, "leased_until": at + LEASE}
    columns |= {"attempts": 1, "last_error": ""}
    for name in ("position", "total", "result"):
        if (value := getattr(step, name)) is not None:
            columns[name] = value
            setattr(job, name, value)
    _write(job, columns)
    job.leased_until = at + LEASE
    push(f"jobs:{job.by_id}")


def _finish(job: Job, *, at: datetime, cancelled: bool) -> None:
    end = {"state": DueState.DONE, "leased_until": None, "finished_at": at, "cancelled": cancelled, "last_error": ""}
    _write(job, {**end, "read_at": at} if cancelled else end)  # who stopped it knows


def _release(job: Job, *, at: datetime) -> None:
    """Behind the others that wait; asked for again at once."""
    _write(job, {"leased_until": None, "due_at": at, "attempts": 0})
    wake(RUN_JOBS)


def _write(job: Job, columns: Mapping[str, Any]) -> None:
    if not Job.objects.filter(pk=job.pk, leased_until=job.leased_until).update(**columns):
        raise LeaseLostError


def jobs_of(user: User) -> QuerySet[Job]:
    """The jobs a person asked for, newest first."""
    return Job.objects.filter(by=user).order_by("-created_at", "-pk")


def job_of(user: User, job_id: int) -> Job:
    """One of the person's own jobs. Raises NotFound."""
    job = Job.objects.filter(by=user, pk=job_id).select_related("by", "undone_by").first()
    if job is None:
        raise NotFound
    return job


def row_counts(job: Job) -> dict[str, int]:
    """How many leads of each outcome; every outcome is there. Index: job_row_outcome."""
    found = dict(job.rows.order_by().values_list("outcome").annotate(n=Count("pk")))
    return {str(outcome): found.get(outcome, 0) for outcome in RowOutcome.values}


def cancel(job: Job, *, at: datetime) -> None:
    """Asks the worker to stop after the step it is at; what is done stays done. Raises Conflict when it has ended."""
    waiting = Job.objects.filter(pk=job.pk, state=DueState.PENDING)
    if not waiting.update(cancel_asked_at=at):
        raise Conflict(_("This work has already ended."), code="job_ended")
    wake(RUN_JOBS)
    push(f"jobs:{job.by_id}")


def unseen(user: User) -> list[Job]:
    """The person's jobs that ended and were not looked at yet, newest first; at most five."""
    ended = jobs_of(user).filter(seen_at=None).exclude(state=DueState.PENDING)
    return list(ended[:5])


def mark_seen(user: User, *, at: datetime, job_ids: list[int]) -> None:
    Job.objects.filter(by=user, pk__in=job_ids, seen_at=None).exclude(state=DueState.PENDING).update(seen_at=at)


def unread(user: User) -> QuerySet[Job]:
    """The person's jobs that ended and whose result they have not opened, newest first. Index: job_unread."""
    return Job.objects.filter(by=user, read_at=None).exclude(state=DueState.PENDING).order_by("-pk")


def mark_read(user: User, *, at: datetime, job_ids: Collection[int] | None = None) -> None:
    """Takes the end of these jobs, or of all, out of the person's bell."""
    ended = unread(user) if job_ids is None else unread(user).filter(pk__in=job_ids)
    if ended.update(read_at=at):
        push(f"notifications:{user.pk}")
