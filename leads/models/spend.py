from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Spend(models.Model):
    """What was paid for one campaign of one source on one day, in whole VND: the cost side of every report."""

    day = models.DateField(_("day"))
    source = models.CharField(_("source"), max_length=120)
    campaign = models.CharField(_("campaign"), max_length=120, blank=True, default="")
    amount = models.BigIntegerField(_("amount in VND"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("spend")
        constraints = [
            models.UniqueConstraint(fields=["day", "source", "campaign"], name="spend_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="spend_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.source}/{self.campaign}: {self.amount}"
