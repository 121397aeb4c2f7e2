from datetime import date, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

SHARE = [MaxValueValidator(100)]
SOME = [MinValueValidator(1)]


class Agreement(models.Model):
    """One version of what the two teams promise each other. Defaults: DOMAIN 5. Shares are percentages.

    A version is never changed once in force: old periods are judged by the one that held then.
    """

    version = models.PositiveIntegerField(_("version"), unique=True)
    in_force_from = models.DateField(_("in force from"), default=date(2000, 1, 1), unique=True)
    hot_score = models.PositiveIntegerField(_("hot from a score of"), default=100)
    first_touch_hot_minutes = models.PositiveIntegerField(
        _("business minutes to the first touch of a hot lead"), default=15, validators=SOME
    )
    first_touch_minutes = models.PositiveIntegerField(
        _("business minutes to the first touch"), default=120, validators=SOME
    )
    decision_days = models.PositiveSmallIntegerField(_("business days to a decision"), default=3, validators=SOME)
    attempts = models.PositiveSmallIntegerField(_("attempts before giving up"), default=3, validators=SOME)
    mql_per_month = models.PositiveIntegerField(_("qualified hand-offs per month"), default=100)
    qualified_rate = models.PositiveSmallIntegerField(_("qualified at least"), default=40, validators=SHARE)
    invalid_rate = models.PositiveSmallIntegerField(_("invalid at most"), default=20, validators=SHARE)
    kept_rate = models.PositiveSmallIntegerField(_("promises kept at least"), default=90, validators=SHARE)
    signed_by_marketing = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_by_sales = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["in_force_from"]
        verbose_name = _("agreement")
        constraints = [
            models.CheckConstraint(
                condition=Q(first_touch_hot_minutes__gte=1, first_touch_minutes__gte=F("first_touch_hot_minutes")),
                name="agreement_hot_is_quicker",
            ),
            models.CheckConstraint(
                condition=Q(qualified_rate__lte=100, invalid_rate__lte=100, kept_rate__lte=100),
                name="agreement_shares_are_percentages",
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.version}"

    def first_touch(self, score: int) -> timedelta:
        """The business time Sales has until the first touch of a lead handed over with this score."""
        hot = score >= self.hot_score
        return timedelta(minutes=self.first_touch_hot_minutes if hot else self.first_touch_minutes)
