from typing import TYPE_CHECKING

from django.db import models

from notifications.enums import Channel

if TYPE_CHECKING:
    from accounts.models import User
    from notifications.models import Delivery  # noqa: F401 - named in strings


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def shown_to(self, user: "User") -> "DeliveryQuerySet":
        """What the app shows this person."""
        return self.filter(channel=Channel.APP, recipient=user)

    def unread(self) -> "DeliveryQuerySet":
        return self.filter(channel=Channel.APP, read_at=None)

    def mails(self) -> "DeliveryQuerySet":
        return self.filter(channel=Channel.EMAIL)

    def with_subject(self) -> "DeliveryQuerySet":
        """With everything a row, a toast or an e-mail says, in one query."""
        return self.select_related("event", "lead__standing", "notice", "recipient")
