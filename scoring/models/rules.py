import secrets

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from scoring.enums import Category, Decay, Mode, ModelState, Repeat, RuleKind


def default_steps() -> list[dict[str, int]]:
    """30/60/90 days of silence take 15/30/50 points (DOMAIN 2)."""
    return [{"days": 30, "points": 15}, {"days": 60, "points": 30}, {"days": 90, "points": 50}]


def new_code() -> str:
    """A name for a rule that it keeps from version to version."""
    return secrets.token_hex(5)


class ScoringModel(models.Model):
    """One version of how leads are scored. Thresholds are derived from the offers unless overridden (DOMAIN 2).

    `revision` counts the edits of a draft: a signature is worth something for exactly one. `rescored_since`: leads
    that were there at that moment have older rows than this model's, summed up by a `rescore` row.
    """

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
    steps = models.JSONField(_("steps of silence"), default=default_steps, blank=True)
    expiry_days = models.PositiveSmallIntegerField(_("awards lapse after days"), default=60)
    pause_when_accepted = models.BooleanField(_("no decay while Sales works the lead"), default=True)
    fit_a = models.PositiveSmallIntegerField(_("fit A from"), default=20)
    fit_b = models.PositiveSmallIntegerField(_("fit B from"), default=10)
    engagement_1 = models.PositiveSmallIntegerField(_("engagement 1 from"), default=75)
    engagement_2 = models.PositiveSmallIntegerField(_("engagement 2 from"), default=50)
    published_at = models.DateTimeField(null=True, blank=True)
    rescored_since = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    based_on = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(null=True, blank=True)

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

    @property
    def is_draft(self) -> bool:
        return self.state == ModelState.DRAFT


class Rule(models.Model):
    """One reason for points: an action, or something true of the person. `code` is the same in every version."""

    code = models.CharField(max_length=20, default=new_code, editable=False)
    model = models.ForeignKey(ScoringModel, on_delete=models.CASCADE, related_name="rules")
    position = models.PositiveSmallIntegerField(default=0)
    label_vi = models.CharField(_("name in Vietnamese"), max_length=120)
    label_en = models.CharField(_("name in English"), max_length=120)
    kind = models.CharField(_("looks at"), max_length=10, choices=RuleKind, default=RuleKind.BEHAVIOUR)
    event_kind = models.CharField(_("event"), max_length=60, blank=True, default="")
    conditions = models.JSONField(_("conditions"), default=list, blank=True)
    points = models.SmallIntegerField(_("points"))
    repeat = models.CharField(_("repeats"), max_length=10, choices=Repeat, default=Repeat.EVERY)
    repeat_property = models.CharField(_("per value of"), max_length=120, blank=True, default="")
    cap_per_day = models.PositiveSmallIntegerField(
        _("at most per day"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    cap_per_lead = models.PositiveSmallIntegerField(
        _("at most per lead"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    mode = models.CharField(_("effect"), max_length=10, choices=Mode, default=Mode.ADD)
    category = models.CharField(_("counts as"), max_length=10, choices=Category, default=Category.ENGAGEMENT)
    product_qualifying = models.BooleanField(_("makes a PQL"), default=False)
    expiry_days = models.PositiveSmallIntegerField(_("lapses after days"), null=True, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

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
            models.UniqueConstraint(fields=["model", "code"], name="rule_code_once"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What the rule is called, in the reader's language."""
        return self.label_en if translation.get_language() == "en" else self.label_vi
