"""What the beat asks of the reports room. No arguments; running twice is harmless."""

import logging
from dataclasses import asdict

from celery import shared_task
from django.utils import timezone

from reports import checking
from reports.mailing import queue_mails, send_mails
from reports.rollups import sweep

log = logging.getLogger(__name__)


@shared_task(name="reports.tasks.nightly_check")
def nightly_check() -> int:
    """Proves the invariants once per local day. Returns the number of violations found, 0 when taken already."""
    at = timezone.now()
    run = checking.take(checking.nightly(at=at), at=at)
    if run is None:
        return 0
    found: list[str] = checking.check(run, at=at, clock=timezone.now).result["violations"]
    if found:
        log.error("the books are wrong: %s violations, first: %s", len(found), found[0])
    return len(found)


@shared_task(name="reports.tasks.roll_up")
def roll_up() -> dict[str, int]:
    """Counts the days that are over or have changed. Returns how many were announced and counted."""
    return asdict(sweep(at=timezone.now()))


@shared_task(name="reports.tasks.mail_reports")
def mail_reports() -> int:
    """Writes the mails of the periods that have begun and sends those due. Returns how many were settled."""
    queue_mails(at=timezone.now())
    return send_mails(clock=timezone.now)
