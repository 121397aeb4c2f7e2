"""Whose campaign it is: leads and spend carry its name, this says who answers for it."""

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _


class Campaign(models.Model):
    """A campaign of a source and its marketer. Named so once it has one; leads of others have nobody's."""

    source = models.CharField(_("source"), max_length=120)
    name = models.CharField(_("campaign"), max_length=120)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("marketer")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ["source", "name"]
        verbose_name = _("campaign")
        constraints = [models.UniqueConstraint(fields=["source", "name"], name="campaign_once")]

    def __str__(self) -> str:
        return f"{self.source}/{self.name}"

    @staticmethod
    def marketer() -> Subquery:
        """Who answers for a row that has a source and a campaign. Index used: campaign_once."""
        found = Campaign.objects.filter(source=OuterRef("source"), name=OuterRef("campaign"))
        return Subquery(found.order_by().values(found=F("owner"))[:1])
