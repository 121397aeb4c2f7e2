from datetime import date, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from sla.enums import AgreementState, SqlRule, Written

SHARE = [MaxValueValidator(100)]
SOME = [MinValueValidator(1)]


class Agreement(models.Model):
    """One version of what the two teams promise each other. Defaults: DOMAIN 5. Shares are percentages.

    A version is never changed once agreed: old periods are judged by the one that held then. A draft is agreed when
    one manager of each side has signed exactly the `revision` the other signed: an edit takes both signatures off.
    """

    version = models.PositiveIntegerField(_("version"), unique=True)
    state = models.CharField(_("state"), max_length=8, choices=AgreementState, default=AgreementState.AGREED)
    revision = models.PositiveIntegerField(default=1, help_text="Counts the edits of the draft.")
    in_force_from = models.DateField(_("in force from"), default=date(2000, 1, 1), unique=True, null=True, blank=True)
    note = models.TextField(_("what changes, and why"), blank=True, default="")
    model_version = models.PositiveIntegerField(_("scoring model that defines the MQL"), null=True, blank=True)
    sql_rule = models.CharField(_("what makes an SQL"), max_length=14, choices=SqlRule, default=SqlRule.BANT)
    bant_minimum = models.PositiveSmallIntegerField(_("BANT needed to accept"), default=60, validators=SHARE)
    hot_score = models.PositiveIntegerField(_("hot from a score of"), default=100)
    first_touch_hot_minutes = models.PositiveIntegerField(
        _("business minutes to the first touch of a hot lead"), default=15, validators=SOME
    )
    first_touch_minutes = models.PositiveIntegerField(
        _("business minutes to the first touch"), default=120, validators=SOME
    )
    decision_days = models.PositiveSmallIntegerField(_("business days to a decision"), default=3, validators=SOME)
    attempts = models.PositiveSmallIntegerField(_("attempts before giving up"), default=3, validators=SOME)
    retry_hours = models.PositiveSmallIntegerField(
        _("business hours to the second attempt"), default=4, validators=SOME
    )
    care_days = models.PositiveSmallIntegerField(_("days of care after acceptance"), default=30, validators=SOME)
    recall_hours = models.PositiveSmallIntegerField(
        _("business hours until an untouched lead is recalled"), default=8, validators=SOME
    )
    recalls = models.PositiveSmallIntegerField(_("recalls before the manager decides"), default=2, validators=SOME)
    feedback_weekday = models.PositiveSmallIntegerField(
        _("weekly feedback is due on"), default=4, choices=list(WEEKDAYS.items()), validators=[MaxValueValidator(6)]
    )
    audit_calls = models.PositiveSmallIntegerField(_("calls audited per rep and week"), default=5)
    mql_per_month = models.PositiveIntegerField(_("qualified hand-offs per month"), default=100)
    qualified_rate = models.PositiveSmallIntegerField(_("qualified at least"), default=40, validators=SHARE)
    invalid_rate = models.PositiveSmallIntegerField(_("invalid at most"), default=20, validators=SHARE)
    kept_rate = models.PositiveSmallIntegerField(_("promises kept at least"), default=90, validators=SHARE)
    won_rate = models.PositiveSmallIntegerField(
        _("accepted hand-offs won at least"), default=0, validators=SHARE, help_text=_("0: not promised.")
    )
    signed_by_marketing = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    marketing_signed_at = models.DateTimeField(null=True, blank=True)
    signed_by_sales = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sales_signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["in_force_from"]
        verbose_name = _("agreement")
        constraints = [
            models.CheckConstraint(
                condition=Q(first_touch_hot_minutes__gte=1, first_touch_minutes__gte=F("first_touch_hot_minutes")),
                name="agreement_hot_is_quicker",
                violation_error_message=_("A hot lead can't be promised more time than the others."),
            ),
            models.CheckConstraint(
                condition=Q(qualified_rate__lte=100, invalid_rate__lte=100, kept_rate__lte=100),
                name="agreement_shares_are_percentages",
            ),
            models.CheckConstraint(
                condition=Q(state=AgreementState.DRAFT) | Q(in_force_from__isnull=False),
                name="agreement_agreed_has_a_date",
            ),
            models.UniqueConstraint(
                fields=["state"], condition=Q(state=AgreementState.DRAFT), name="agreement_one_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.version}"

    def first_touch(self, score: int) -> timedelta:
        """The business time Sales has until the first touch of a lead handed over with this score."""
        hot = score >= self.hot_score
        return timedelta(minutes=self.first_touch_hot_minutes if hot else self.first_touch_minutes)

    @property
    def is_draft(self) -> bool:
        return self.state == AgreementState.DRAFT


class AgreementEntry(models.Model):
    """Who did what to which revision of the agreement; `changes` holds field: [before, after]. By nobody: by a key."""

    version = models.PositiveIntegerField()
    revision = models.PositiveIntegerField()
    what = models.CharField(max_length=8, choices=Written)
    changes = models.JSONField(default=dict, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"v{self.version}.{self.revision} {self.what}"
