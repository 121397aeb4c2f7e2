from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.due import DueRow


class Rhythm(models.TextChoices):
    NEVER = "", _("Not by e-mail")
    DAILY = "daily", _("Every day")
    WEEKLY = "weekly", _("Every Monday")
    MONTHLY = "monthly", _("On the first of the month")


class SavedReport(models.Model):
    """A report page with its filters, under a name. Shared ones are everybody's who may see reports."""

    name = models.CharField(_("name"), max_length=80)
    page = models.SlugField(max_length=20)
    query = models.CharField(max_length=1000, blank=True, default="")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    shared = models.BooleanField(_("shared with everybody who sees reports"), default=False)
    rhythm = models.CharField(_("send by e-mail"), max_length=8, choices=Rhythm, blank=True, default=Rhythm.NEVER)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("saved report")
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="saved_report_name_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """Where it opens."""
        path = reverse("overview") if self.page == "overview" else reverse("report", args=[self.page])
        return f"{path}?{self.query}"


class Mailing(DueRow):
    """One saved report to one person for one day, week or month: sent once, whoever asks how often."""

    report = models.ForeignKey(SavedReport, models.CASCADE, related_name="mailings")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    period = models.CharField(max_length=10)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("report by e-mail")
        constraints = [
            models.UniqueConstraint(fields=["report", "recipient", "period"], name="mailing_once"),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="pending"), name="mailing_due")]

    def __str__(self) -> str:
        return f"{self.report_id} for {self.recipient_id}, {self.period}"
