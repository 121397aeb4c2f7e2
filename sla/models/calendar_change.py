from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from sla.enums import CalendarPart


class CalendarChange(models.Model):
    """Who changed the working calendar, when, and from what to what.

    The newest version is the calendar in force: a running clock that was wound under an older one is wound again.
    """

    version = models.PositiveIntegerField(primary_key=True)
    part = models.CharField(_("part"), max_length=10, choices=CalendarPart)
    before = models.JSONField(default=list)
    after = models.JSONField(default=list)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"calendar {self.version}: {self.part}"
