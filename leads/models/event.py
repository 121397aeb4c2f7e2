from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """One fact about a lead. Append-only; written only by `leads/events.py: record`."""

    told_as = _("Log of all that happened")

    # event_timeline begins with the lead, and nobody asks by actor: indexes of their own would only cost writes.
    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="events", db_index=False)
    kind = models.CharField(_("kind"), max_length=60)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    source = models.CharField(max_length=120, blank=True, default="")
    external_id = models.CharField(max_length=200, null=True, blank=True)
    properties = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"], condition=Q(external_id__isnull=False), name="event_once"
            )
        ]
        indexes = [models.Index(fields=["lead", "-occurred_at", "-id"], name="event_timeline")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.lead_id} at {self.occurred_at:%Y-%m-%d %H:%M}"
