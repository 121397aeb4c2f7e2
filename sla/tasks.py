"""What the beat asks of the agreement. No arguments; running twice, late or at the same time is harmless."""

from dataclasses import asdict

from celery import shared_task
from django.utils import timezone

from sla.agreements import put_in_force
from sla.sweep import sweep


@shared_task(name="sla.tasks.sweep_clocks")
def sweep_clocks() -> dict[str, int]:
    """Warns, breaches and escalates what is due by now. Returns how many of each."""
    at = timezone.now()
    put_in_force(at=at)
    swept = sweep(at=at)
    return asdict(swept)
