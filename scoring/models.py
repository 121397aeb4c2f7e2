from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from scoring.enums import Category, Decay, EntryKind, Mode, ModelState, Repeat, RuleKind


def default_steps() -> list[dict[str, int]]:
    """30/60/90 days of silence take 15/30/50 points (DOMAIN 2)."""
    return [{"days": 30, "points": 15}, {"days": 60, "points": 30}, {"days": 90, "points": 50}]


class ScoringModel(models.Model):
    """One version of how leads are scored. Thresholds are derived from the offers unless overridden (DOMAIN 2)."""

    version = models.PositiveIntegerField(_("version"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    state = models.CharField(_("state"), max_length=10, choices=ModelState, default=ModelState.DRAFT)
    offers = models.PositiveSmallIntegerField(_("free offers"), default=5)
    prospect = models.PositiveIntegerField(_("prospect threshold"), null=True, blank=True)
    lead = models.PositiveIntegerField(_("lead threshold"), null=True, blank=True)
    mql = models.PositiveIntegerField(_("MQL threshold"), null=True, blank=True)
    sql_ready = models.PositiveIntegerField(_("threshold for Sales first"), null=True, blank=True)
    decay = models.CharField(_("points go away"), max_length=10, choices=Decay, default=Decay.INACTIVITY)
    cumulative = models.BooleanField(_("each step deducts its own amount"), default=True)
    steps = models.JSONField(_("steps of silence"), default=default_steps)
    expiry_days = models.PositiveSmallIntegerField(_("awards lapse after days"), default=60)
    pause_when_accepted = models.BooleanField(_("no decay while Sales works the lead"), default=True)
    fit_a = models.PositiveSmallIntegerField(default=20)
    fit_b = models.PositiveSmallIntegerField(default=10)
    engagement_1 = models.PositiveSmallIntegerField(default=75)
    engagement_2 = models.PositiveSmallIntegerField(default=50)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-version"]
        verbose_name = _("scoring model")
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state=ModelState.PUBLISHED), name="model_one_published"
            ),
            models.CheckConstraint(
                condition=~Q(state=ModelState.PUBLISHED) | Q(published_at__isnull=False),
                name="model_published_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


class Rule(models.Model):
    """One reason for points: an action, or something true of the person."""

    model = models.ForeignKey(ScoringModel, on_delete=models.CASCADE, related_name="rules")
    position = models.PositiveSmallIntegerField(default=0)
    label_vi = models.CharField(max_length=120)
    label_en = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=RuleKind, default=RuleKind.BEHAVIOUR)
    event_kind = models.CharField(max_length=60, blank=True, default="")
    conditions = models.JSONField(default=list, blank=True)
    points = models.SmallIntegerField(_("points"))
    repeat = models.CharField(_("repeats"), max_length=10, choices=Repeat, default=Repeat.EVERY)
    repeat_property = models.CharField(max_length=120, blank=True, default="")
    cap_per_day = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])
    cap_per_lead = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.ADD)
    category = models.CharField(max_length=10, choices=Category, default=Category.ENGAGEMENT)
    product_qualifying = models.BooleanField(default=False)
    expiry_days = models.PositiveSmallIntegerField(null=True, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("rule")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=RuleKind.PROFILE, event_kind="") | Q(kind=RuleKind.BEHAVIOUR) & ~Q(event_kind=""),
                name="rule_behaviour_has_event",
            ),
            models.CheckConstraint(
                condition=~Q(repeat=Repeat.PROPERTY) | ~Q(repeat_property=""), name="rule_repeat_has_property"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What the rule is called, in the reader's language."""
        return self.label_en if translation.get_language() == "en" else self.label_vi


class LedgerEntry(models.Model):
    """One change of one lead's score. `effective_at` is when it was due, not when a job got to it.

    `fit_delta` is the part of `delta` that went to fit. `step` is the days of silence, `spell` since when it was
    silent, `repeat_key` what a once-rule has been used up for, `expires_at` when an award lapses.
    Written only by `scoring/ledger.py` and the sweep.
    """

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
