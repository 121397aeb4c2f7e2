from datetime import date

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from sla.enums import BonusKind

SHARE = [MaxValueValidator(10_000)]


class BonusPlan(models.Model):
    """One version of rates and penalties. Amounts in whole VND; shares of revenue in hundredths of a percent.

    A version is never changed once a statement uses it: the next one begins with a later month.
    """

    first_month = models.DateField(_("from month"), unique=True, default=date(2000, 1, 1))
    per_accepted = models.PositiveIntegerField(_("per accepted hand-off, to the rep"), default=50_000)
    revenue_sales = models.PositiveIntegerField(_("of revenue, to the rep (1/100 %)"), default=200, validators=SHARE)
    per_qualified = models.PositiveIntegerField(_("per qualified hand-off, to Marketing"), default=30_000)
    revenue_marketing = models.PositiveIntegerField(
        _("of revenue, to Marketing (1/100 %)"), default=50, validators=SHARE
    )
    penalty_breach = models.PositiveIntegerField(_("off per broken promise of the rep"), default=20_000)
    penalty_invalid = models.PositiveIntegerField(_("off per invalid lead, from Marketing"), default=10_000)
    penalty_audit = models.PositiveIntegerField(_("off per call logged wrongly"), default=20_000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-first_month"]

    def __str__(self) -> str:
        return f"{self.first_month:%m/%Y}"


class BonusStatement(models.Model):
    """One person's bonus for one month, frozen when approved; corrections come as lines of their own."""

    month = models.DateField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(BonusPlan, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()

    class Meta:
        ordering = ["-month", "person"]
        constraints = [models.UniqueConstraint(fields=["month", "person"], name="bonus_once_a_month")]

    def __str__(self) -> str:
        return f"bonus of {self.person_id} for {self.month:%Y-%m}"


class BonusLine(models.Model):
    """One amount and the hand-off it comes from. Append-only. `base` is the revenue or 0; `shared_by` who share it."""

    statement = models.ForeignKey(BonusStatement, on_delete=models.PROTECT, related_name="lines")
    kind = models.CharField(max_length=10, choices=BonusKind)
    handoff = models.ForeignKey("leads.Handoff", on_delete=models.PROTECT, related_name="+")
    subject = models.PositiveBigIntegerField(help_text="The hand-off, clock or audited call that the line is about.")
    base = models.BigIntegerField(default=0)
    shared_by = models.PositiveSmallIntegerField(default=1)
    amount = models.BigIntegerField()
    correction = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ["correction", "kind", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
