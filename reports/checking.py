"""The check of the books as a job: what it found stays where the health page shows it."""

from collections.abc import Callable
from datetime import datetime
from itertools import islice

from django.utils import timezone

from leads.models import JobRun
from reports.invariants import violations
from reports.sql import snapshot

JOB = "check_invariants"
KEPT = 50  # lines


def take(period: str, *, at: datetime) -> JobRun | None:
    """Takes the period's check; None when somebody has it already."""
    run, created = JobRun.objects.get_or_create(job=JOB, period=period, defaults={"started_at": at})
    return run if created else None


def nightly(*, at: datetime) -> str:
    """The period of the local day."""
    return timezone.localtime(at).date().isoformat()


def asked(*, at: datetime) -> str:
    """The period of a check somebody asked for: one a minute is enough."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def check(run: JobRun, *, at: datetime, clock: Callable[[], datetime]) -> JobRun:
    """Proves the invariants and stores the first 50 lines of what is wrong.

    Reads one snapshot of the database, so that work going on meanwhile is not mistaken for a contradiction.
    """
    with snapshot():
        found = list(islice(violations(at=at), KEPT))
    run.result = {"violations": found}
    run.finished_at = clock()
    run.save(update_fields=["result", "finished_at"])
    return run
