from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Attachment(models.Model):
    """A file kept with a lead, under a random name outside every web root. `kind` is told from its content."""

    told_as = _("Files")

    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="attachments", db_index=False)
    name = models.CharField(_("file"), max_length=200)
    stored = models.FileField(upload_to="leads/%Y/%m", max_length=200)
    kind = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("file")
        indexes = [models.Index(fields=["lead", "-at"], name="attachment_by_lead")]

    def __str__(self) -> str:
        return f"{self.name} of {self.lead_id}"

    @property
    def key(self) -> str:
        """The id as text, for names on a page."""
        return str(self.pk)
