from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leads.enums import Outcome, Stage, Status
from leads.querysets import StandingQuerySet


class Standing(models.Model):
    """Where a lead stands: narrow, changes often, and what every list, queue and sweep reads.

    Written only by `leads/standing.py`.
    """

    told_as = _("Where you stand with us")

    lead = models.OneToOneField("leads.Lead", on_delete=models.CASCADE, primary_key=True, related_name="standing")
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.NEW)
    status_since = models.DateTimeField()
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.CONTACT)
    score = models.IntegerField(_("score"), default=0)
    fit = models.IntegerField(_("fit"), default=0)
    engagement = models.IntegerField(_("engagement"), default=0)
    grade = models.CharField(_("grade"), max_length=2, default="C3")
    cooling = models.BooleanField(
        default=False, help_text=_("Handed over, but the score has fallen below the threshold.")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
        db_index=False,
    )
    team = models.ForeignKey(
        "accounts.Team",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("team"),
        db_index=False,
    )
    source = models.CharField(_("source"), max_length=120, blank=True, default="")
    campaign = models.CharField(_("campaign"), max_length=120, blank=True, default="")
    handoff = models.ForeignKey(
        "leads.Handoff", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    handoff_open = models.BooleanField(default=False)
    # What came of that hand-off, "" without one: kept here for the list, which asks for it beside the status.
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True, default="", db_default="")
    cycle = models.PositiveSmallIntegerField(default=0)
    mql_at = models.DateTimeField(null=True, blank=True)
    won_amount = models.BigIntegerField(_("contract amount"), null=True, blank=True)
    last_activity_at = models.DateTimeField(null=True, blank=True)
    quiet_since = models.DateTimeField(null=True, blank=True)
    next_decay_at = models.DateTimeField(null=True, blank=True)
    next_step_at = models.DateTimeField(null=True, blank=True)
    wake_on = models.DateField(null=True, blank=True)
    sla_due_at = models.DateTimeField(null=True, blank=True)
    sla_warn_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing")
        constraints = [
            models.CheckConstraint(condition=Q(score__gte=0), name="standing_score_not_negative"),
            models.CheckConstraint(
                condition=Q(score=models.F("fit") + models.F("engagement")), name="standing_score_is_sum"
            ),
            models.CheckConstraint(
                condition=Q(status=Status.WON, won_amount__gte=0, stage=Stage.CUSTOMER)
                | ~Q(status=Status.WON) & Q(won_amount=None) & ~Q(stage=Stage.CUSTOMER),
                name="standing_won_has_amount",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.WRONG_TARGET, stage=Stage.DISQUALIFIED)
                | ~Q(status=Status.WRONG_TARGET) & ~Q(stage=Stage.DISQUALIFIED),
                name="standing_wrong_target_is_disqualified",
            ),
            models.CheckConstraint(
                condition=Q(handoff_open=False) | Q(stage__in=[Stage.MQL, Stage.PQL], handoff__isnull=False),
                name="standing_open_handoff_is_mql",
            ),
            models.CheckConstraint(
                condition=Q(sla_due_at__isnull=True, sla_warn_at__isnull=True)
                | Q(sla_due_at__isnull=False, sla_warn_at__isnull=False),
                name="standing_sla_pair",
            ),
        ]
        indexes = [
            # What goes along stands in each index, so that a walk fetches only the rows that match.
            models.Index(fields=["-created_at", "-lead", "last_activity_at"], name="standing_created"),
            models.Index(
                fields=["-score", "-lead", "stage", "status", "owner", "team", "grade", "outcome"],
                name="standing_by_score",
            ),
            # Only of those handed over at least once.
            models.Index(
                fields=["-created_at", "-lead", "outcome", "stage", "status", "owner", "team", "grade"],
                condition=~Q(outcome=""),
                name="standing_outcome",
            ),
            models.Index(
                fields=["grade", "-created_at", "-lead", "stage", "status", "owner", "team"],
                condition=~Q(grade="C3"),
                name="standing_by_grade",
            ),
            models.Index(
                fields=["-created_at", "-lead", "mql_at", "stage", "status", "owner", "outcome"],
                condition=Q(mql_at__isnull=False),
                name="standing_by_mql",
            ),
            models.Index(
                fields=["status", "-created_at", "-lead", "stage", "owner", "team", "grade"], name="standing_by_status"
            ),
            models.Index(
                fields=["stage", "-created_at", "-lead", "status", "owner", "team", "grade"], name="standing_by_stage"
            ),
            models.Index(
                fields=["owner", "-created_at", "-lead", "stage", "status", "grade", "outcome"],
                name="standing_by_owner",
            ),
            models.Index(
                fields=["team", "-created_at", "-lead", "stage", "status", "grade", "outcome"], name="standing_by_team"
            ),
            models.Index(fields=["source", "-created_at", "-lead"], name="standing_source"),
            models.Index(fields=["next_decay_at"], condition=Q(next_decay_at__isnull=False), name="standing_decay_due"),
            models.Index(fields=["sla_due_at"], condition=Q(sla_due_at__isnull=False), name="standing_sla_due"),
            models.Index(
                fields=["-created_at", "-lead", "owner"], condition=Q(outcome=Outcome.OPEN), name="standing_waiting"
            ),
            # For the foreign key alone: without it each hand-off taken back with its import reads all standings.
            models.Index(fields=["handoff"], condition=Q(handoff__isnull=False), name="standing_handoff"),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id}: {self.status}/{self.stage} {self.score}"
