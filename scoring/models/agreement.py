from django.conf import settings
from django.db import models

from accounts.enums import Side
from scoring.enums import Handovers, PublishedAs
from scoring.models.rules import ScoringModel


class Signature(models.Model):
    """One side agrees to exactly one revision of a draft. An edit makes a new revision, which nobody has signed."""

    model = models.ForeignKey(ScoringModel, on_delete=models.CASCADE, related_name="signatures")
    revision = models.PositiveIntegerField()
    side = models.CharField(max_length=10, choices=Side)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["model", "revision", "side"], name="signature_once_per_side"),
        ]

    def __str__(self) -> str:
        return f"{self.side}: {self.model_id} r{self.revision}"


class Publication(models.Model):
    """A model was put in force: who, when, in the place of which. Append-only."""

    model = models.ForeignKey(ScoringModel, on_delete=models.PROTECT, related_name="publications")
    replaced = models.ForeignKey(ScoringModel, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=PublishedAs)
    handovers = models.CharField(max_length=12, choices=Handovers, default=Handovers.LATER)
    reason = models.CharField(max_length=500, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.model_id} at {self.at:%Y-%m-%d %H:%M}"
