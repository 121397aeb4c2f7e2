"""Whether LeadFlow's own parts work: what the system health page shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.models import Count, Min, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import heartbeat
from core.due import DueRow, DueState, replay
from core.errors import NotFound
from leads.models import JobRun

DEAD_SHOWN = 20
RUNS_SHOWN = 10
QUEUES = {
    "leads.job": _("Background jobs"),
    "leads.submission": _("Leads sent in"),
    "notifications.delivery": _("E-mails"),
    "reports.mailing": _("Reports by e-mail"),
    "scoring.slice": _("Parts of trials and re-scorings"),
}
PROBE = "health:probe"


@dataclass(frozen=True)
class Part:
    """One process or service, and what its silence means."""

    key: str
    label: str | Promise
    alive: bool
    meaning: str | Promise


@dataclass(frozen=True)
class Queue:
    """One kind of work that waits in the database. `overdue`: due, and nobody has begun it."""

    key: str
    label: str | Promise
    waiting: int
    overdue: int
    dead: int
    oldest: datetime | None
    buried: list[DueRow]


def parts() -> list[Part]:
    """The database, Valkey, and the two processes nobody talks to. Never raises."""
    valkey = _valkey_answers()
    return [
        Part("database", _("Database"), _database_answers(), _("Nothing works without it.")),
        Part("valkey", _("Valkey"), valkey, _("Pages keep working, but nothing moves by itself.")),
        Part("worker", _("Worker"), valkey and heartbeat.alive("worker"), _("E-mails wait and clocks are not swept.")),
        Part("beat", _("Beat"), valkey and heartbeat.alive("beat"), _("Nothing happens by the clock.")),
    ]


def queues(*, at: datetime) -> list[Queue]:
    """Every kind of due row there is, with its newest dead rows. Two queries each."""
    return [_queue(model, at=at) for model in kinds()]


def kinds() -> Iterator[type[DueRow]]:
    """The concrete due rows of every room, by name."""
    yield from sorted((m for m in DueRow.__subclasses__() if not m._meta.abstract), key=lambda m: m._meta.label_lower)


def replay_dead(key: str, *, at: datetime, pk: int | None = None) -> int:
    """Puts the dead rows of one kind, or one of them, back in line. Returns how many. Raises NotFound."""
    model = next((m for m in kinds() if m._meta.label_lower == key), None)
    if model is None:
        raise NotFound
    rows = model._default_manager.all()
    return replay(rows if pk is None else rows.filter(pk=pk), at=at)


def job_runs() -> list[JobRun]:
    """The last runs of the periodic jobs, newest first."""
    return list(JobRun.objects.order_by("-started_at", "-pk")[:RUNS_SHOWN])


def last_check(job: str) -> JobRun | None:
    """The last finished run of a job."""
    return JobRun.objects.filter(job=job, finished_at__isnull=False).order_by("-finished_at").first()


def _queue(model: type[DueRow], *, at: datetime) -> Queue:
    rows = model._default_manager.all()
    pending = Q(state=DueState.PENDING)
    free = Q(leased_until=None) | Q(leased_until__lte=at)
    found = rows.exclude(state=DueState.DONE).aggregate(
        waiting=Count("pk", filter=pending),
        overdue=Count("pk", filter=pending & Q(due_at__lte=at) & free),
        oldest=Min("due_at", filter=pending & Q(due_at__lte=at) & free),
        dead=Count("pk", filter=Q(state=DueState.DEAD)),
    )
    buried = list(rows.filter(state=DueState.DEAD).order_by("-due_at", "-pk")[:DEAD_SHOWN])
    key = model._meta.label_lower
    return Queue(key, QUEUES[key], buried=buried, **found)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _valkey_answers() -> bool:
    cache.set(PROBE, 1, 10)
    return cache.get(PROBE) is not None
