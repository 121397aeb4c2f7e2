"""Marks notifications as read."""

from datetime import datetime

from accounts.models import User
from core import hints
from leads import jobs
from notifications.models import Delivery


def mark_read(pk: int, *, by: User, at: datetime) -> Delivery | None:
    """Marks one notification of this person as read (the first time counts). None when it is not theirs."""
    delivery = Delivery.objects.shown_to(by).with_subject().filter(pk=pk).first()
    if delivery is not None:
        _mark([pk], by=by, at=at)
    return delivery


def mark_all_read(*, by: User, at: datetime) -> int:
    """Marks everything this person has been told so far. Returns how many were unread."""
    marked = Delivery.objects.shown_to(by).unread().filter(created_at__lte=at).update(read_at=at)
    jobs.mark_read(by, at=at)
    hints.push(f"notifications:{by.pk}")
    return marked


def _mark(pks: list[int], *, by: User, at: datetime) -> None:
    if Delivery.objects.shown_to(by).unread().filter(pk__in=pks).update(read_at=at):
        hints.push(f"notifications:{by.pk}")
