"""History is no news: what happened before a moment is marked read, and its unsent mails are called off."""

from datetime import datetime

from core.due import DueState
from notifications.enums import Channel
from notifications.models import Delivery


def hush(*, before: datetime, unread_since: datetime | None = None) -> int:
    """Calls off the mails not yet sent for facts before `before`, and marks their messages read.

    Messages since `unread_since` stay unread. Returns how many mails were called off.
    """
    old = Delivery.objects.filter(created_at__lt=before)
    messages = old.filter(channel=Channel.APP, read_at=None, created_at__lt=unread_since or before)
    messages.update(read_at=before)
    return old.filter(channel=Channel.EMAIL, state=DueState.PENDING).update(state=DueState.DONE)
