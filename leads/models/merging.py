from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from leads.enums import DuplicateReason, DuplicateState


class Duplicate(models.Model):
    """Two leads that may be one person, with why and how surely (1-100). `one` is the older of the two."""

    untold = "it names somebody else who may be the same person"

    one = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=8, choices=DuplicateReason)
    confidence = models.PositiveSmallIntegerField(_("confidence"))
    state = models.CharField(max_length=9, choices=DuplicateState, default=DuplicateState.OPEN)
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = _("probable duplicate")
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="duplicate_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="duplicate_older_first"),
            models.CheckConstraint(
                condition=Q(state=DuplicateState.OPEN, settled_at=None)
                | ~Q(state=DuplicateState.OPEN) & Q(settled_at__isnull=False),
                name="duplicate_settled_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["-confidence", "-id"], condition=Q(state=DuplicateState.OPEN), name="duplicate_open")
        ]

    def __str__(self) -> str:
        return f"{self.one_id} ~ {self.other_id}: {self.reason}"


class DuplicateKey(models.Model):
    """What makes a lead look like others, hashed: leads that share a key are compared. Written by the scan alone."""

    untold = "a hash, made anew from the profile"

    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lead", "key"], name="duplicate_key_once")]
        indexes = [models.Index(fields=["key", "lead"], name="duplicate_key")]

    def __str__(self) -> str:
        return f"{self.lead_id}: {self.key}"


class Merge(models.Model):
    """One lead taken up by another. `moved` and `before` are what an undo needs to bring both back as they were."""

    untold = "a copy for the undo; the profile that was merged is told itself"

    survivor = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    moved = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = _("merge")
        constraints = [
            models.UniqueConstraint(fields=["other"], condition=Q(undone_at=None), name="merge_once"),
            models.CheckConstraint(condition=~Q(survivor=F("other")), name="merge_two_leads"),
        ]

    def __str__(self) -> str:
        return f"{self.other_id} into {self.survivor_id}"
