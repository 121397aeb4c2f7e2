from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scoring.enums import EntryKind
from scoring.models.rules import Rule


class LedgerEntry(models.Model):
    """One change of one lead's score. `effective_at` is when it was due, not when a job got to it.

    `fit_delta` is the part of `delta` that went to fit. `step` is the days of silence, `spell` since when it was
    silent, `repeat_key` what a once-rule has been used up for, `expires_at` when an award lapses.
    Written only by `scoring/ledger.py` and the sweep. Where a newer model was published, the rows before that stay as
    they were, and a `rescore` row of that moment says what the new model makes of them together.
    """

    told_as = _("Points of your score")

    derived_from_log = True  # never moved when leads are merged: made anew from the log instead

    # The foreign keys need no index of their own: the composite ones below begin with lead, event and rule.
    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=EntryKind)
    rule = models.ForeignKey(
        Rule, on_delete=models.PROTECT, null=True, blank=True, related_name="entries", db_index=False
    )
    model_version = models.PositiveIntegerField()
    event = models.ForeignKey(
        "leads.Event", on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    delta = models.IntegerField()
    fit_delta = models.IntegerField(default=0)
    effective_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    step = models.PositiveSmallIntegerField(null=True, blank=True)
    spell = models.DateTimeField(null=True, blank=True)
    repeat_key = models.CharField(max_length=200, blank=True, default="")
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "lead", "rule", "kind"],
                condition=Q(event__isnull=False),
                nulls_distinct=False,
                name="entry_once_per_event",
            ),
            models.UniqueConstraint(
                fields=["lead", "step", "spell"], condition=Q(step__isnull=False), name="entry_once_per_step"
            ),
            models.UniqueConstraint(
                fields=["lead", "rule", "repeat_key"],
                condition=Q(kind=EntryKind.AWARD) & ~Q(repeat_key=""),
                name="entry_once_per_key",
            ),
            models.CheckConstraint(
                # What lapses or is withdrawn may find that silence has taken it already: it is used up all the same.
                condition=~Q(delta=0) | Q(kind__in=[EntryKind.EXPIRY, EntryKind.PROFILE]),
                name="entry_changes_something",
            ),
            models.CheckConstraint(
                condition=Q(kind=EntryKind.DECAY, step__isnull=False, spell__isnull=False)
                | ~Q(kind=EntryKind.DECAY) & Q(step=None, spell=None),
                name="entry_decay_has_step",
            ),
        ]
        indexes = [
            models.Index(fields=["lead", "effective_at"], include=["delta", "fit_delta"], name="entry_history"),
            models.Index(fields=["rule", "effective_at"], name="entry_by_rule"),
            models.Index(fields=["lead", "expires_at"], condition=Q(expires_at__isnull=False), name="entry_lapses"),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id}: {self.delta:+d} {self.kind}"
