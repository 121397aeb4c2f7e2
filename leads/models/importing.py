from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leads.enums import ImportKind, ImportPhase, RowFate


class Import(models.Model):
    """One file of leads, history or spend: how it was read, what its columns mean, and what came of its rows.

    `shape` tells files with the same headers; `mapping` goes from the column's number (as text, JSON keys are) to the
    target. The file itself goes away once its rows are staged.
    """

    kind = models.CharField(_("what the file holds"), max_length=8, choices=ImportKind, default=ImportKind.LEADS)
    phase = models.CharField(max_length=10, choices=ImportPhase, default=ImportPhase.MAPPING)
    name = models.CharField(_("file"), max_length=200)
    path = models.CharField(max_length=300, blank=True, default="")
    size = models.PositiveBigIntegerField(default=0)
    shape = models.CharField(max_length=64)
    format = models.CharField(max_length=80)
    header = ArrayField(models.CharField(max_length=200))
    sample = models.JSONField(default=list, blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    options = models.JSONField(default=dict, blank=True)
    staged = models.BooleanField(default=False)
    rows = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    matched = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    warned = models.PositiveIntegerField(default=0)
    check_result = models.JSONField(default=dict, blank=True)
    undo_result = models.JSONField(default=dict, blank=True)
    job = models.ForeignKey("leads.Job", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        indexes = [
            models.Index(fields=["-at", "-id"], name="import_newest"),
            models.Index(fields=["shape", "kind", "-at"], name="import_shape"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.phase})"

    @property
    def has_leads(self) -> bool:
        """Whether leads came of its lines that are there still."""
        return self.kind != ImportKind.SPEND and self.phase != ImportPhase.UNDONE

    @property
    def is_busy(self) -> bool:
        """Whether a worker is, or soon will be, at it."""
        return self.phase in {ImportPhase.CHECKING, ImportPhase.RUNNING, ImportPhase.UNDOING}


class ImportRow(models.Model):
    """One line of the file on its way in: what it said, then what became of it.

    The cells of a line that came in are forgotten, so that the person is stored once. `at` is when its facts were
    recorded; `before` is what stood there before, for the undo. `lead_id` is no foreign key: the lead may be gone.
    """

    told_as = _("Lines of imported files")

    job = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="lines", db_index=False)
    number = models.PositiveIntegerField()
    cells = ArrayField(models.TextField())
    fate = models.CharField(max_length=8, choices=RowFate, default=RowFate.WAITING)
    lead_id = models.BigIntegerField(null=True, blank=True)
    submission_id = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField(null=True, blank=True)
    problems = models.JSONField(default=list, blank=True)
    before = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="import_row_once")]
        indexes = [
            models.Index(fields=["job", "number"], condition=~Q(problems=[]), name="import_row_problems"),
        ]

    def __str__(self) -> str:
        return f"{self.job_id}/{self.number}: {self.fate}"
