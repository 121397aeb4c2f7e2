from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from core.due import DueRow, DueState
from scoring.enums import JobState
from scoring.models.agreement import Publication
from scoring.models.rules import ScoringModel


class SlicedJob(models.Model):
    """Long work over all leads, done in slices by whichever worker is free. Leads are counted, not slices."""

    state = models.CharField(max_length=10, choices=JobState, default=JobState.RUNNING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_over(self) -> bool:
        return self.state in {JobState.DONE, JobState.CANCELLED}

    @cached_property
    def opens(self) -> bool:
        """Whether its numbers open into their leads: those of the first jobs were only counted."""
        return Listed.objects.filter(**{self._meta.model_name or "": self}).exists()

    @property
    def share(self) -> float:
        """How much is done, 0 to 1."""
        return 1.0 if self.state == JobState.DONE else self.done / self.total if self.total else 0.0


class Backtest(SlicedJob):
    """A draft tried on history: `revision` of `model` over [since, until), beside the model then in force."""

    model = models.ForeignKey(ScoringModel, on_delete=models.CASCADE, related_name="backtests")
    revision = models.PositiveIntegerField()
    against = models.ForeignKey(ScoringModel, on_delete=models.PROTECT, related_name="+")
    months = models.PositiveSmallIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    report = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[JobState.DONE, JobState.CANCELLED], finished_at__isnull=False)
                | Q(state__in=[JobState.RUNNING, JobState.PAUSED], finished_at=None),
                name="backtest_over_has_time",
            )
        ]

    def __str__(self) -> str:
        return f"backtest {self.pk} of {self.model_id} r{self.revision}: {self.state}"


class Rescoring(SlicedJob):
    """Everybody's score made what the newly published model says."""

    publication = models.OneToOneField(Publication, on_delete=models.CASCADE, related_name="rescoring")
    changed = models.PositiveIntegerField(default=0)
    handed_over = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state=JobState.RUNNING),
                name="rescoring_one_running",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[JobState.DONE, JobState.CANCELLED], finished_at__isnull=False)
                | Q(state__in=[JobState.RUNNING, JobState.PAUSED], finished_at=None),
                name="rescoring_over_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"rescoring {self.pk}: {self.state}"


class Slice(DueRow):
    """The leads `first` to `last` of a job: claimed, done and kept by itself, so a crash costs one slice at most."""

    backtest = models.ForeignKey(Backtest, on_delete=models.CASCADE, null=True, blank=True, related_name="slices")
    rescoring = models.ForeignKey(Rescoring, on_delete=models.CASCADE, null=True, blank=True, related_name="slices")
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    leads = models.PositiveIntegerField()
    result = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(backtest=None, rescoring__isnull=False) | Q(backtest__isnull=False, rescoring=None),
                name="slice_of_one_job",
            )
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state=DueState.PENDING), name="slice_due")]

    def __str__(self) -> str:
        return f"slice {self.first}-{self.last}: {self.state}"


class Listed(models.Model):
    """The leads of one slice that a number of a job's result counts, each as often as it is counted.

    `name` and `part` say which number: "draft" and "2026-11" for the hand-offs of a month. Ids rather than rows of
    their own: a trial of a million leads leaves some thousand rows, and a lead may be erased without asking here.
    """

    backtest = models.ForeignKey(Backtest, on_delete=models.CASCADE, null=True, related_name="lists", db_index=False)
    rescoring = models.ForeignKey(Rescoring, on_delete=models.CASCADE, null=True, related_name="lists", db_index=False)
    name = models.CharField(max_length=20)
    part = models.CharField(max_length=40, blank=True, default="")
    first = models.BigIntegerField()
    count = models.PositiveIntegerField()
    leads = ArrayField(models.BigIntegerField())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(backtest=None, rescoring__isnull=False) | Q(backtest__isnull=False, rescoring=None),
                name="listed_of_one_job",
            ),
            models.UniqueConstraint(fields=["backtest", "name", "part", "first"], name="listed_once_per_backtest"),
            models.UniqueConstraint(fields=["rescoring", "name", "part", "first"], name="listed_once_per_rescoring"),
        ]

    def __str__(self) -> str:
        return f"{self.count} leads of {self.name} {self.part}"
