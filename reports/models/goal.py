from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Measured(models.TextChoices):
    """What a target can be set for: figures that add up, so that the month's parts make the whole."""

    LEADS = "leads", _("Leads received")
    MQL = "mql", _("MQL handed over")
    SQL = "sql", _("SQL accepted")
    WON = "won", _("Contracts won")
    REVENUE = "revenue", _("Revenue")


class Goal(models.Model):
    """What is to be reached in a month: by everybody, or by one team, person or source. Revenue in whole VND."""

    month = models.DateField(_("month"), help_text=_("Its first day."))
    kpi = models.CharField(_("figure"), max_length=10, choices=Measured)
    team = models.ForeignKey("accounts.Team", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    source = models.CharField(_("source"), max_length=120, blank=True, default="")
    value = models.BigIntegerField(_("target"), validators=[MinValueValidator(1)])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ["month", "kpi", "pk"]
        verbose_name = _("target")
        constraints = [
            models.UniqueConstraint(
                fields=["month", "kpi", "team", "owner", "source"], name="goal_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(value__gt=0), name="goal_positive"),
            models.CheckConstraint(condition=Q(month__day=1), name="goal_month_is_its_first_day"),
            models.CheckConstraint(
                condition=Q(team=None, owner=None) | Q(team=None, source="") | Q(owner=None, source=""),
                name="goal_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kpi} {self.month:%Y-%m}: {self.value}"
