from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


def words() -> "ArrayField[list[str], list[str]]":
    """A list of words somebody wrote; empty means any."""
    return ArrayField(models.CharField(max_length=120), default=list, blank=True)


class AssignmentRule(models.Model):
    """Which hand-offs go to which team or person. The first that fits, by position, decides. Empty: any."""

    position = models.PositiveIntegerField()
    name = models.CharField(_("name"), max_length=120)
    active = models.BooleanField(_("active"), default=True)
    sources = words()
    campaigns = words()
    cities = words()
    products = words()
    languages = words()
    score_min = models.PositiveIntegerField(_("score from"), null=True, blank=True)
    score_max = models.PositiveIntegerField(_("score up to"), null=True, blank=True)
    team = models.ForeignKey(
        "accounts.Team", on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("team")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person"),
    )

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(team=None, person__isnull=False) | Q(team__isnull=False, person=None),
                name="rule_leads_somewhere",
                violation_error_message=_("Choose a team or a person, one of the two."),
            ),
            models.CheckConstraint(
                condition=Q(score_min=None) | Q(score_max=None) | Q(score_max__gte=F("score_min")),
                name="rule_scores_in_order",
                violation_error_message=_("The upper score must not be below the lower one."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Speciality(models.Model):
    """What a rep is given. Empty: anything."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+")
    products = words()
    cities = words()
    languages = words()

    def __str__(self) -> str:
        return f"speciality of {self.user_id}"


class Absence(models.Model):
    """Local days on which a rep is given nothing: from `first` to `last`, both included."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="absences")
    first = models.DateField(_("from day"))
    last = models.DateField(_("to day"))
    reason = models.CharField(_("reason"), max_length=120, blank=True, default="")

    class Meta:
        ordering = ["first", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last__gte=F("first")),
                name="absence_in_order",
                violation_error_message=_("The last day must not be before the first."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} away {self.first}..{self.last}"


class Handback(models.Model):
    """A hand-off went away from a rep without a decision; it does not come back to the same rep by itself."""

    told_as = _("Hand-offs given back")

    class Kind(models.TextChoices):
        DECLINED = "declined", _("Declined")
        RECALLED = "recalled", _("Recalled")

    handoff = models.ForeignKey("leads.Handoff", on_delete=models.CASCADE, related_name="handbacks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    number = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    reason = models.CharField(_("reason"), max_length=500, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handoff", "kind", "number"], name="handback_numbered"),
            models.UniqueConstraint(fields=["handoff", "user"], condition=Q(kind="declined"), name="decline_once"),
        ]
        indexes = [models.Index(fields=["at"], name="handback_at")]

    def __str__(self) -> str:
        return f"{self.kind} {self.handoff_id} by {self.user_id}"
