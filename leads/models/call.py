from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leads.enums import CallOutcome, Direction


class Call(models.Model):
    """One contact attempt by a person. Durations in seconds."""

    told_as = _("Calls")

    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="calls", db_index=False)
    handoff = models.ForeignKey("leads.Handoff", on_delete=models.CASCADE, null=True, blank=True, related_name="calls")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    attempt = models.PositiveSmallIntegerField()
    direction = models.CharField(_("direction"), max_length=8, choices=Direction, default=Direction.OUTBOUND)
    outcome = models.CharField(_("outcome"), max_length=12, choices=CallOutcome)
    occurred_at = models.DateTimeField()
    duration_seconds = models.PositiveIntegerField(default=0)
    note = models.TextField(_("note"), blank=True, default="")
    callback_at = models.DateTimeField(_("call back at"), null=True, blank=True)
    recording_url = models.URLField(_("recording"), max_length=500, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["lead", "-occurred_at"], name="call_by_lead")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome=CallOutcome.CALLBACK) | Q(callback_at__isnull=False),
                name="call_back_has_time",
            )
        ]

    def __str__(self) -> str:
        return f"call {self.attempt} to {self.lead_id}: {self.outcome}"
