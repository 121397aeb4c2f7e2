from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Feedback(models.Model):
    """One sales team's word on the leads of one week, and Marketing's answer. Being late is a fact with its time."""

    team = models.ForeignKey("accounts.Team", on_delete=models.PROTECT, related_name="+")
    week = models.DateField(_("week from"), help_text="The Monday.")
    due_at = models.DateTimeField(_("due"))
    good = models.TextField(_("What was good"), blank=True, default="")
    stop = models.TextField(_("What to stop"), blank=True, default="")
    given_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    breached_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(_("Marketing's answer"), blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["-week", "team"]
        constraints = [
            models.UniqueConstraint(fields=["team", "week"], name="feedback_once_a_week"),
            models.CheckConstraint(condition=Q(breached_at=None) | Q(breached_at=F("due_at")), name="feedback_breach"),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(given_at__isnull=False), name="feedback_answer_needs_feedback"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(given_at=None, breached_at=None), name="feedback_waiting")
        ]

    def __str__(self) -> str:
        return f"feedback of {self.team_id}, week {self.week}"
