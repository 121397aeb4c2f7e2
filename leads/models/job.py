from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.due import DueRow, DueState
from leads.enums import JobPhase, RowOutcome


class Job(DueRow):
    """Long work somebody asked for: claimed by a worker, done step by step, and shown to whoever asked.

    `position` says where the next step goes on, so that a worker that dies costs one step. Written by leads/jobs.py.
    """

    kind = models.CharField(max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    title = models.CharField(max_length=300)
    params = models.JSONField(default=dict, blank=True)
    total = models.PositiveIntegerField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    position = models.JSONField(default=dict, blank=True)
    result = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    cancel_asked_at = models.DateTimeField(null=True, blank=True)
    cancelled = models.BooleanField(default=False)
    seen_at = models.DateTimeField(null=True, blank=True)  # a toast has told of the end
    read_at = models.DateTimeField(null=True, blank=True)  # the person has looked at what came of it
    undoes = models.OneToOneField("self", on_delete=models.CASCADE, null=True, blank=True, related_name="undone_by")

    class Meta:
        verbose_name = _("background job")
        constraints = [
            models.CheckConstraint(
                condition=Q(state=DueState.DONE, finished_at__isnull=False)
                | ~Q(state=DueState.DONE) & Q(finished_at=None, cancelled=False),
                name="job_done_has_end",
            ),
            models.CheckConstraint(
                condition=Q(cancelled=False) | Q(cancel_asked_at__isnull=False), name="job_cancelled_was_asked"
            ),
        ]
        indexes = [
            models.Index(fields=["by", "-created_at", "-id"], name="job_of_person"),
            models.Index(fields=["kind", "-created_at", "-id"], name="job_of_kind"),
            models.Index(fields=["due_at"], condition=Q(state=DueState.PENDING), name="job_due"),
            models.Index(fields=["by", "-id"], condition=Q(read_at=None), name="job_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}: {self.phase}"

    def get_absolute_url(self) -> str:
        return reverse("job", args=[self.pk])

    @property
    def phase(self) -> JobPhase:
        if self.cancelled:
            return JobPhase.CANCELLED
        if self.state == DueState.PENDING:
            return JobPhase.RUNNING if self.started_at else JobPhase.WAITING
        return JobPhase.DONE if self.state == DueState.DONE else JobPhase.FAILED

    @property
    def is_open(self) -> bool:
        """Whether there is still work to do."""
        return self.state == DueState.PENDING

    @property
    def retry_at(self) -> datetime | None:
        """When the work goes on by itself after an error, in UTC; None while nothing has gone wrong."""
        waits = self.is_open and self.leased_until is None and self.last_error
        return self.due_at if waits else None

    @property
    def why(self) -> str:
        """What went wrong, in words. An error that is ours goes by its name, as System health shows it."""
        if not self.last_error.isidentifier():
            return self.last_error
        return _("An error of LeadFlow's own (%(name)s): an administrator sees it under System health.") % {
            "name": self.last_error
        }

    @property
    def share(self) -> float | None:
        """How much is done, of 1; None while nobody knows how much there is."""
        if not self.total:
            return None
        return min(1.0, (self.done + self.refused) / self.total)


class JobRow(models.Model):
    """What a job did to one lead, and what stood there before, to be brought back by an undo."""

    untold = "what a bulk change did to many; the change itself stands in the log"

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="rows", db_index=False)
    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="+")
    outcome = models.CharField(max_length=8, choices=RowOutcome)
    reason = models.CharField(max_length=500, blank=True, default="")
    before = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "lead"], name="job_row_once")]
        indexes = [models.Index(fields=["job", "outcome", "id"], name="job_row_outcome")]

    def __str__(self) -> str:
        return f"{self.job_id}/{self.lead_id}: {self.outcome}"
