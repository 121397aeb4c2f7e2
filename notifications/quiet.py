"""History is no news: what happened before a moment is marked read, and its unsent mails are called off."""

from datetime import datetime

from core.due import DueState
from notifications.enums import Channel
from notifications.models import Delivery


def hush(*, before: datetime) -> int:
    """Calls off mails not yet sent and marks messages read, for facts before `before`. Returns how many mails."""
    old = Delivery.objects.filter(created_at__lt=before)
    old.filter(channel=Channel.APP, read_at=None).update(read_at=before)
    return old.filter(channel=Channel.EMAIL, state=DueState.PENDING).update(state=DueState.DONE)
