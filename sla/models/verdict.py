from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sla.enums import Answers, DisputeState


class Verdict(models.Model):
    """Who answered for a month, as it stood when the month was closed: for all, for one team, or for one source."""

    month = models.DateField(help_text="The first day.")
    team = models.ForeignKey("accounts.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=120, blank=True, default="")
    who = models.CharField(max_length=10, choices=Answers)
    findings = models.JSONField(default=list)
    closed_at = models.DateTimeField()

    class Meta:
        ordering = ["-month", "team", "source"]
        constraints = [
            models.UniqueConstraint(fields=["month", "team", "source"], nulls_distinct=False, name="verdict_once")
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}: {self.who}"


class Dispute(models.Model):
    """Somebody does not agree with a breach or a verdict; a manager who did not raise it decides."""

    told_as = _("Disputes about a promise")

    clock = models.ForeignKey("sla.Clock", on_delete=models.CASCADE, null=True, blank=True, related_name="disputes")
    verdict = models.ForeignKey(Verdict, on_delete=models.CASCADE, null=True, blank=True, related_name="disputes")
    reason = models.TextField(_("reason"))
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=DisputeState, default=DisputeState.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(_("why it was decided so"), blank=True, default="")

    class Meta:
        ordering = ["-raised_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(clock=None, verdict__isnull=False) | Q(clock__isnull=False, verdict=None),
                name="dispute_is_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(state=DisputeState.OPEN, decided_at=None, decided_by=None)
                | ~Q(state=DisputeState.OPEN) & Q(decided_at__isnull=False, decided_by__isnull=False),
                name="dispute_decided_has_a_judge",
            ),
            models.UniqueConstraint(fields=["clock"], condition=~Q(state="rejected"), name="dispute_breach_once"),
            models.UniqueConstraint(fields=["verdict"], condition=~Q(state="rejected"), name="dispute_verdict_once"),
        ]

    def __str__(self) -> str:
        return f"dispute {self.pk}: {self.state}"
