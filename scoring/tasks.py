from celery import shared_task
from django.utils import timezone

from scoring.decay import sweep_decay as sweep


@shared_task(name="scoring.tasks.sweep_decay")
def sweep_decay() -> int:
    """Takes the points of leads that have been silent too long. Returns how many leads were due."""
    return sweep(at=timezone.now())
