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

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="policy_one_row")]

    def __str__(self) -> str:
        return "policy"

    @classmethod
    def current(cls) -> "Policy":
        """The policy in force; the defaults of DOMAIN 3 until somebody changes them."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
