"""What the beat asks of the agreement. No arguments; running twice, late or at the same time is harmless."""

import secrets
from dataclasses import asdict

from celery import shared_task
from django.utils import timezone

from sla.agreements import put_in_force
from sla.audits import draw_last_week
from sla.feedback import ask_for_feedback, note_late
from sla.news import say_feedback_due, say_in_force
from sla.responsibility import close_month
from sla.sweep import sweep


@shared_task(name="sla.tasks.sweep_clocks")
def sweep_clocks() -> dict[str, int]:
    """Warns, breaches and escalates what is due by now, of hand-offs and of weeks. Returns how many of each."""
    at = timezone.now()
    put_in_force(at=at)
    swept = sweep(at=at)
    note_late(at=at)
    say_in_force(at=at)
    say_feedback_due(at=at)
    return asdict(swept)


@shared_task(name="sla.tasks.keep_the_weeks")
def keep_the_weeks() -> dict[str, int]:
    """Asks for this week's feedback, draws last week's audits, closes last month's verdicts: each once."""
    at = timezone.now()
    asked, closed = ask_for_feedback(at=at), close_month(at=at)
    draw = draw_last_week(seed=secrets.token_hex(8), at=at)
    return {"asked": asked, "closed": closed, "audited": draw.calls.count() if draw else 0}
