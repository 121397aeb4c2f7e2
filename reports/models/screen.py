from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Screen(models.Model):
    """A television that shows reports without anybody logged in. Its address is kept as a hash, as a key is."""

    name = models.CharField(_("name"), max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    team = models.ForeignKey("accounts.Team", models.CASCADE, null=True, blank=True, related_name="+", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("screen")

    def __str__(self) -> str:
        return self.name
