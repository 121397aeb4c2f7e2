from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.due import DueRow
from leads.enums import Channel, Received


class Submission(DueRow):
    """What a sender sent, stored before anything else is done with it. Nothing that arrives is dropped.

    A sender's replay (same source, external id and content) meets the unique constraint and changes nothing.
    """

    told_as = _("Messages as they arrived")

    channel = models.CharField(max_length=10, choices=Channel)
    client = models.CharField(max_length=80, blank=True, default="")
    by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    source = models.CharField(max_length=120, blank=True, default="")
    external_id = models.CharField(max_length=200, null=True, blank=True)
    digest = models.BinaryField(max_length=32)
    payload = models.JSONField()
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Received, default=Received.WAITING)
    matched_by = models.CharField(max_length=12, blank=True, default="")
    warnings = models.JSONField(default=list, blank=True)
    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, null=True, blank=True, related_name="submissions")

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id", "digest"],
                condition=Q(external_id__isnull=False),
                name="submission_once",
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="pending"), name="submission_due"),
        ]

    def __str__(self) -> str:
        return f"submission {self.pk}: {self.outcome}"
