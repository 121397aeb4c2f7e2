"""Sends the e-mails that are due.

1. What nobody sent for a day is closed unsent: an alert that late is noise, and the app still shows it.
2. One row at a time is claimed under a lease, sent, and marked done with the time it was sent.
3. A failure puts the row back with a longer pause; after the last attempt it is dead, and can be replayed.
A worker that dies between sending and marking leaves the row to the next one: the message may go out a
second time, under the same Message-ID.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from core import failpoints
from core.due import DueState, claim, fail, finish
from notifications.mail import compose
from notifications.models import Delivery
from notifications.queries import last_action

BUDGET = timedelta(seconds=40)  # of one run; below the soft time limit of a task
STALE = timedelta(days=1)
PATIENCE = 3  # failures in a row after which the mail server is left alone until the next run


def deliver_due(*, clock: Callable[[], datetime]) -> bool:
    """Sends until nothing is due, the mail server keeps failing, or 40 s are over. True when time ran out."""
    until = clock() + BUDGET
    drop_stale(at=clock())
    mailer = get_connection()
    failures = 0
    try:
        while failures < PATIENCE and clock() < until:
            claimed = claim(Delivery.objects.mails().with_subject(), at=clock(), limit=1)
            if not claimed:
                return False
            failpoints.reach("delivery_leased")
            failures = 0 if _send(claimed[0], mailer, clock=clock) else failures + 1
    finally:
        mailer.close()
    return failures < PATIENCE


def drop_stale(*, at: datetime) -> int:
    """Closes e-mails that have been due for more than a day, unsent. Returns how many. Also for demo data."""
    late = Delivery.objects.mails().filter(state=DueState.PENDING, due_at__lt=at - STALE)
    return late.update(state=DueState.DONE, leased_until=None, last_error="too late to be of use")


def _send(delivery: Delivery, mailer: BaseEmailBackend, *, clock: Callable[[], datetime]) -> bool:
    if not delivery.recipient.is_active:
        finish([delivery], last_error="the recipient has left")
        return True
    try:
        message = compose(delivery, last_action=last_action(delivery))
        mailer.open()
        mailer.send_messages([message])
        failpoints.reach("delivery_sent")
    except Exception as error:  # noqa: BLE001 - whatever a mail backend throws, the row must go back in line
        fail(delivery, at=clock(), error=f"{type(error).__name__}: {error}")
        mailer.close()
        return False
    finish([delivery], sent_at=clock())
    return True
