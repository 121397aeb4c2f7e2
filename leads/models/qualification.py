from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leads.enums import Authority, Budget, Need, Timing


class Qualification(models.Model):
    """Sales' answers on one hand-off: the three checks, BANT, ICP. A draft until the hand-off is decided."""

    told_as = _("What Sales noted of your need")

    handoff = models.OneToOneField("leads.Handoff", on_delete=models.CASCADE, related_name="qualification")
    right_phone = models.BooleanField(_("right phone"), null=True, blank=True)
    right_name = models.BooleanField(_("right name"), null=True, blank=True)
    right_need = models.BooleanField(_("right need"), null=True, blank=True)
    icp_fit = models.BooleanField(_("fits the ideal customer"), null=True, blank=True)
    agreed_to_talk = models.BooleanField(_("agreed to talk with Sales"), null=True, blank=True)
    budget = models.CharField(_("budget"), max_length=12, choices=Budget, default=Budget.UNKNOWN)
    budget_amount = models.BigIntegerField(_("budget in VND"), null=True, blank=True)
    budget_note = models.TextField(blank=True, default="")
    authority = models.CharField(_("authority"), max_length=16, choices=Authority, default=Authority.UNKNOWN)
    authority_note = models.TextField(blank=True, default="")
    need = models.CharField(_("need"), max_length=12, choices=Need, default=Need.UNKNOWN)
    need_note = models.TextField(blank=True, default="")
    timing = models.CharField(_("timing"), max_length=16, choices=Timing, default=Timing.UNKNOWN)
    timing_note = models.TextField(blank=True, default="")
    bant = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(100)])
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(bant__lte=100), name="qualification_bant_range"),
            models.CheckConstraint(
                condition=Q(budget_amount=None) | Q(budget_amount__gte=0),
                name="qualification_budget_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"BANT {self.bant} of hand-off {self.handoff_id}"
