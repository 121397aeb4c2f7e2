from celery import shared_task
from django.utils import timezone

from api.idempotency import forget


@shared_task(name="api.tasks.forget_idempotency")
def forget_idempotency() -> int:
    """Deletes kept answers older than seven days. Returns how many."""
    return forget(at=timezone.now())
