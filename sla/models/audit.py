from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AuditDraw(models.Model):
    """The sample of one week: seed and size are kept, so that anybody can draw it again."""

    week = models.DateField(unique=True, help_text="The Monday.")
    seed = models.CharField(max_length=32)
    per_rep = models.PositiveSmallIntegerField()
    last_call = models.PositiveBigIntegerField(help_text="The newest call known then: later ones are not drawn from.")
    drawn_at = models.DateTimeField()

    class Meta:
        ordering = ["-week"]

    def __str__(self) -> str:
        return f"audit of {self.week}"


class AuditedCall(models.Model):
    """One logged call that a reviewer listens to: was it logged as it was?"""

    told_as = _("Calls that were checked")

    draw = models.ForeignKey(AuditDraw, on_delete=models.CASCADE, related_name="calls")
    call = models.OneToOneField("leads.Call", on_delete=models.CASCADE, related_name="+")
    rep = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    right = models.BooleanField(_("logged right"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True, default="")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["draw", "rep", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(right=None, reviewed_at=None, reviewer=None)
                | Q(right__isnull=False, reviewed_at__isnull=False, reviewer__isnull=False),
                name="audit_scored_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(right=False) | ~Q(note=""), name="audit_wrong_has_a_note"),
        ]

    def __str__(self) -> str:
        return f"audit of call {self.call_id}"
