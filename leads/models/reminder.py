from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leads.enums import ReminderKind


class Reminder(models.Model):
    """A moment at which somebody is to be told about a lead, once. Swept by due time; `subject` is what it is about.

    What it says is checked again when it falls due, so nobody need take it back when plans change.
    """

    told_as = _("Reminders about you")

    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=ReminderKind)
    subject = models.BigIntegerField(default=0, help_text="Id of the appointment or hand-off; 0 for a call.")
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lead", "kind", "subject"], name="reminder_once")]
        indexes = [models.Index(fields=["due_at"], condition=Q(done_at=None), name="reminder_due")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.lead_id} at {self.due_at:%Y-%m-%d %H:%M}"
