from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leads.enums import ErasureGround


class Erasure(models.Model):
    """A person's request to be erased, and the proof that it was done. Of the person it knows the lead's number alone.

    There is no free text on purpose: it would say again what was to be forgotten. `held` is how many rows of each kind
    there were. `done_at` is set once the files are gone too.
    """

    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="+")
    ground = models.CharField(_("why"), max_length=10, choices=ErasureGround)
    asked_on = models.DateField(_("asked on"))
    due_on = models.DateField(_("due by law"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    done_at = models.DateTimeField(null=True, blank=True)
    held = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("erasure")
        constraints = [
            models.UniqueConstraint(fields=["lead"], condition=Q(done_at=None), name="erasure_open_once"),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(done_by__isnull=False), name="erasure_done_has_person"
            ),
        ]
        indexes = [models.Index(fields=["-at", "-id"], name="erasure_newest")]

    def __str__(self) -> str:
        return f"erasure {self.pk} of lead {self.lead_id}"
