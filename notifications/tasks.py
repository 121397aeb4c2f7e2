from celery import shared_task
from django.utils import timezone

from core import hints
from notifications.deliver import deliver_due


@shared_task(name="notifications.tasks.deliver")
def deliver() -> None:
    """Sends the e-mails that are due, for at most 40 s; asks to be called again when more are waiting."""
    if deliver_due(clock=timezone.now):
        hints.wake("notifications.tasks.deliver")
