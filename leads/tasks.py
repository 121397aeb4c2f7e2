"""What the beat asks of the leads room. Arguments are ids or none; running twice is harmless."""

from celery import shared_task
from django.utils import timezone

from core import due
from core.hints import wake
from leads.assigning import handback
from leads.assignment import drain_pool as drain
from leads.custom_indexes import TASK as INDEX_FIELDS
from leads.custom_indexes import keep_indexed
from leads.export_files import forget_exports as forget
from leads.intake import retry
from leads.jobs import RUN_JOBS, run_due
from leads.merging.finding import scan
from leads.models import Submission
from leads.reminders import sweep_reminders
from leads.requests import falling_due


@shared_task(name="leads.tasks.drain_submissions")
def drain_submissions() -> int:
    """Takes up stored submissions whose first processing failed or whose process died. Returns how many."""
    at = timezone.now()
    claimed = due.claim(Submission.objects.all(), at=at, limit=200)
    retry(claimed, at=at)
    return len(claimed)


@shared_task(name="leads.tasks.recall_untouched")
def recall_untouched() -> int:
    """Takes hand-offs away from reps who did not touch them in time. Returns how many."""
    return handback.recall_untouched(at=timezone.now())


@shared_task(name="leads.tasks.drain_pool")
def drain_pool() -> int:
    """Deals waiting hand-offs out to whoever has become free. Returns how many found an owner."""
    return drain(at=timezone.now())


@shared_task(name="leads.tasks.remind")
def remind() -> int:
    """Tells owners of call-backs, appointments and ended care that have fallen due. Returns how many."""
    return sweep_reminders(at=timezone.now())


@shared_task(name=RUN_JOBS)
def run_jobs() -> int:
    """Goes on with one background job for up to half a minute. Returns how many wait after that."""
    waiting = run_due(clock=timezone.now)
    if waiting:
        wake(RUN_JOBS)
    return waiting


@shared_task(name=INDEX_FIELDS)
def index_fields() -> int:
    """Makes the index of one of the administrator's own fields that lacks it. Returns how many wait after that."""
    waiting = keep_indexed()
    if waiting:
        wake(INDEX_FIELDS)
    return waiting


@shared_task(name="leads.tasks.forget_exports")
def forget_exports() -> int:
    """Deletes exported files whose seven days are over. Returns how many."""
    return forget(at=timezone.now())


@shared_task(name="leads.tasks.scan_duplicates")
def scan_duplicates() -> int:
    """Looks for leads that may be one person among those the log has spoken of since. Returns how many it looked at."""
    return scan(at=timezone.now())


@shared_task(name="leads.tasks.tell_of_requests")
def tell_of_requests() -> int:
    """Tells the administrators of requests whose day by law comes near or is over. Returns how many."""
    return falling_due.tell_of_requests(at=timezone.now())
