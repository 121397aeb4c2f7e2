from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Policy(models.Model):
    """How Sales works a hand-off (DOMAIN 3): one row, changed by the administrator."""

    bant_minimum = models.PositiveSmallIntegerField(
        _("BANT needed to accept"), default=60, validators=[MaxValueValidator(100)]
    )
    attempts = models.PositiveSmallIntegerField(_("attempts before giving up"), default=3)
    retry_hours = models.PositiveSmallIntegerField(_("business hours until the second attempt"), default=4)
    recall_hours = models.PositiveSmallIntegerField(_("business hours until an untouched lead is recalled"), default=8)
    recalls = models.PositiveSmallIntegerField(_("recalls before the manager decides"), default=2)
    sql_rule = models.CharField(_("what makes an SQL"), max_length=14, default="bant")

    care_days = models.PositiveSmallIntegerField(_("days of care without progress until the rep decides"), default=30)
    quiet_days = models.PositiveSmallIntegerField(_("days without a touch until a lead counts as quiet"), default=14)
    reminder_minutes = models.PositiveSmallIntegerField(_("minutes before an appointment to remind"), default=30)
    access_days = models.PositiveSmallIntegerField(_("days to show a person the data"), default=10)
    correct_days = models.PositiveSmallIntegerField(_("days to correct the data"), default=10)
    object_days = models.PositiveSmallIntegerField(_("days to heed an objection"), default=15)
    erasure_days = models.PositiveSmallIntegerField(
        _("days within which a person is erased"),
        default=20,
        help_text=_("From the day of the request: Decree 356/2025/NĐ-CP allows 20."),
    )
    call_address = models.CharField(
        _("address that calls"),
        max_length=300,
        default="tel:{phone}",
        help_text=_("{phone} is the number as +84912345678, {local} as 0912345678."),
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="policy_one_row")]

    def __str__(self) -> str:
        return "policy"

    @property
    def bant_needed(self) -> int:
        """BANT points without which nothing is accepted; none where the score alone makes an SQL."""
        return 0 if self.sql_rule == "score" else self.bant_minimum

    @property
    def score_needed(self) -> bool:
        """Whether the score must have reached the SQL line."""
        return self.sql_rule != "bant"

    @classmethod
    def current(cls) -> "Policy":
        """The policy in force; the defaults of DOMAIN 3 until somebody changes them."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
