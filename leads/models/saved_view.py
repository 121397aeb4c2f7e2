from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leads.enums import Share
from leads.querysets import SavedViewQuerySet


class SavedView(models.Model):
    """A lead list somebody keeps under a name: filters, order and columns, as the address spells them."""

    name = models.CharField(_("name"), max_length=60)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    share = models.CharField(_("who may use it"), max_length=4, choices=Share, default=Share.MINE)
    team = models.ForeignKey(
        "accounts.Team", on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    query = models.CharField(max_length=2000, blank=True, default="")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_view_once"),
            models.CheckConstraint(
                condition=Q(share=Share.TEAM, team__isnull=False) | ~Q(share=Share.TEAM) & Q(team=None),
                name="saved_view_team",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ListChoice(models.Model):
    """The columns a person wants to see in the lead list. Who never chose has the defaults."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="lead_list_choice"
    )
    columns = ArrayField(models.CharField(max_length=60), default=list)

    def __str__(self) -> str:
        return f"columns of {self.user_id}"
