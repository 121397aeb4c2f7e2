from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.due import DueRow, DueState
from notifications.enums import LOOKS, OF_THE_AGREEMENT, REMINDERS, WITHOUT_LEAD, Channel, Kind, Look
from notifications.querysets import DeliveryQuerySet

if TYPE_CHECKING:
    from accounts.models import Notice
    from leads.models import Event


class Delivery(DueRow):
    """One person is told of one event of a lead, or of one notice, by one way, exactly once.

    In the app the row itself is the message, so it is done when it is born. An e-mail is due work.
    """

    told_as = _("Notices to colleagues about you")

    # delivery_once begins with the event, and the inbox has the recipient's own: indexes of theirs would cost writes.
    event = models.ForeignKey("leads.Event", on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, null=True, related_name="+")
    notice = models.ForeignKey("accounts.Notice", on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.CharField(max_length=8, choices=Channel)
    kind = models.CharField(max_length=60, choices=Kind)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [
            models.UniqueConstraint(fields=["event", "channel", "recipient"], name="delivery_once"),
            models.UniqueConstraint(
                fields=["notice", "channel", "recipient"],
                condition=Q(notice__isnull=False),
                name="delivery_notice_once",
            ),
            models.CheckConstraint(
                condition=Q(event__isnull=False, lead__isnull=False, notice=None)
                | Q(event=None, lead=None, notice__isnull=False),
                name="delivery_is_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(channel=Channel.EMAIL) | Q(state=DueState.DONE), name="delivery_app_is_done"
            ),
            models.CheckConstraint(condition=Q(channel=Channel.APP) | Q(read_at=None), name="delivery_read_in_app"),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(channel=Channel.EMAIL, state=DueState.DONE), name="delivery_sent_is_done"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state=DueState.PENDING), name="delivery_due"),
            models.Index(
                fields=["recipient", "-created_at", "-id"], condition=Q(channel=Channel.APP), name="delivery_inbox"
            ),
            models.Index(
                fields=["recipient", "-id"], condition=Q(channel=Channel.APP, read_at=None), name="delivery_unread"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient_id} by {self.channel}"

    @property
    def fact(self) -> "Event | Notice":
        """What the person is told of."""
        fact = self.event or self.notice
        assert fact is not None  # noqa: S101 - delivery_is_about_one_thing
        return fact

    @property
    def path(self) -> str:
        """The page it opens."""
        return self.notice.path if self.notice else reverse("lead", args=[self.lead_id])

    @property
    def look(self) -> Look:
        return LOOKS[self.kind]


class Preference(models.Model):
    """What a person wants beyond the app itself. Who never chose has the defaults."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="notification_preference"
    )
    email_assigned = models.BooleanField(_("a lead is given to me"), default=True)
    email_pooled = models.BooleanField(_("a lead waits because nobody is free"), default=True)
    email_warned = models.BooleanField(_("a promise falls due soon"), default=False)
    email_breached = models.BooleanField(_("a promise was not kept in time"), default=True)
    email_mentioned = models.BooleanField(_("somebody mentions me in a note"), default=True)
    email_reminders = models.BooleanField(_("a call-back, an appointment or the end of care is due"), default=False)
    email_house = models.BooleanField(
        _("the agreement, scoring rules, feedback, a verdict, an audit, my bonus or a person's request concerns me"),
        default=True,
    )
    sound = models.BooleanField(_("a short sound when a lead arrives"), default=False)

    def __str__(self) -> str:
        return f"preferences of {self.user_id}"

    def mails(self) -> frozenset[str]:
        """The kinds this person wants by e-mail."""
        return frozenset(kind.value for kind, wanted in self._wanted().items() if wanted)

    def _wanted(self) -> dict[Kind, bool]:
        return {
            Kind.ASSIGNED: self.email_assigned,
            Kind.POOLED: self.email_pooled,
            Kind.WARNED: self.email_warned,
            Kind.BREACHED: self.email_breached,
            Kind.MENTIONED: self.email_mentioned,
            **dict.fromkeys(REMINDERS, self.email_reminders),
            **dict.fromkeys(OF_THE_AGREEMENT, self.email_breached),
            **dict.fromkeys(WITHOUT_LEAD, self.email_house),
        }
