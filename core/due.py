"""Work to do is a row with a due time: PostgreSQL is the queue.

A worker claims due rows with SKIP LOCKED and a lease, works, and finishes them; a row whose worker died
comes back when its lease ends; a row that failed for the last time is dead: visible, and replayable by hand.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.text import clean

LEASE = timedelta(seconds=30)
# The pause before each attempt; after the last one the row is dead.
BACK_OFF = tuple(timedelta(seconds=s) for s in (0, 5, 30, 120, 600, 3600, 3 * 3600, 8 * 3600))


class DueState(models.TextChoices):
    PENDING = "pending", _("Waiting")
    DONE = "done", _("Done")
    DEAD = "dead", _("Given up")


class DueRow(models.Model):
    """One piece of work outside the database. All times are UTC."""

    state = models.CharField(max_length=8, choices=DueState, default=DueState.PENDING)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True, default="")

    class Meta:
        abstract = True


Row = TypeVar("Row", bound=DueRow)


def claim(rows: models.QuerySet[Row], *, at: datetime, limit: int, lease: timedelta = LEASE) -> list[Row]:
    """Up to `limit` due rows of the queryset, leased to the caller until `at + lease`, oldest first.

    Two workers never get the same row: the claim skips rows another claim holds locked, and counts the attempt.
    A row whose worker died at each of its attempts is buried instead: it may be what kills them.
    """
    due = rows.filter(state=DueState.PENDING, due_at__lte=at).filter(Q(leased_until=None) | Q(leased_until__lte=at))
    table = rows.model._default_manager
    with transaction.atomic():
        found = list(due.select_for_update(skip_locked=True, of=("self",)).order_by("due_at", "pk")[:limit])
        claimed = [row for row in found if row.attempts < len(BACK_OFF)]
        spent = [row.pk for row in found if row.attempts >= len(BACK_OFF)]
        table.filter(pk__in=[r.pk for r in claimed]).update(leased_until=at + lease, attempts=F("attempts") + 1)
        table.filter(pk__in=spent).update(
            state=DueState.DEAD, leased_until=None, last_error="no worker has survived this row"
        )
    for row in claimed:
        row.attempts += 1
        row.leased_until = at + lease
    return claimed


def finish(claimed: Sequence[DueRow], **also: Any) -> int:
    """Marks the rows done, and sets the columns in `also` with it. Returns how many.

    A row whose lease has gone to somebody else in the meantime is left to them.
    """
    done = {"state": DueState.DONE, "leased_until": None, "last_error": "", **also}
    return sum(_mine(row).update(**done) for row in claimed)


def fail(row: DueRow, *, at: datetime, error: str, back_off: Sequence[timedelta] = BACK_OFF) -> bool:
    """Puts the row back with the next pause, or buries it after the last one. True when it is now dead.

    Like `finish`, it leaves a row alone whose lease has gone to somebody else.
    """
    dead = row.attempts >= len(back_off)
    mine = _mine(row).update(
        state=DueState.DEAD if dead else DueState.PENDING,
        due_at=at if dead else at + back_off[row.attempts],
        leased_until=None,
        last_error=clean(error, 2000, lines=True),
    )
    return dead and bool(mine)


def replay(rows: models.QuerySet[Row], *, at: datetime) -> int:
    """Puts dead rows of the queryset back in line, due now. Returns how many."""
    return rows.filter(state=DueState.DEAD).update(
        state=DueState.PENDING, due_at=at, attempts=0, leased_until=None, last_error=""
    )


def stuck(rows: models.QuerySet[Row], *, at: datetime, after: timedelta) -> models.QuerySet[Row]:
    """Pending rows that are overdue by more than `after`: nobody seems to work."""
    return rows.filter(state=DueState.PENDING, due_at__lt=at - after)


def _mine(row: DueRow) -> "models.QuerySet[DueRow]":
    return type(row)._default_manager.filter(pk=row.pk, leased_until=row.leased_until)
