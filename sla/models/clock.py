from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sla.enums import FULFILLED_BY, EscalateTo, PauseReason, Promise, Segment, State, StopReason
from sla.querysets import ClockQuerySet


class Clock(models.Model):
    """One promise on one hand-off, measured in business time. Changed only while the lead's standing is locked.

    `next_at` is when the sweep has something to say: the next warning, then the breach, then nothing more.
    `calendar_version` is the calendar it was wound under (0: before anybody changed it).
    `breached_at` is the due instant, whenever it was noticed; who answers for it is fixed from then on. An overdue
    clock runs on until the attempt comes.
    """

    told_as = _("Promises on answering you")

    handoff = models.ForeignKey("leads.Handoff", on_delete=models.CASCADE, related_name="+")
    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="+")
    promise = models.CharField(_("promise"), max_length=12, choices=Promise, default=Promise.FIRST_TOUCH)
    agreement = models.ForeignKey("sla.Agreement", on_delete=models.PROTECT, related_name="+", db_index=False)
    minutes = models.PositiveIntegerField(_("business minutes promised"))
    days = models.PositiveSmallIntegerField(
        default=0, help_text="Promised in days instead: business days, for the end of care calendar days."
    )
    started_at = models.DateTimeField()
    warn50_at = models.DateTimeField()
    warn80_at = models.DateTimeField()
    due_at = models.DateTimeField()
    calendar_version = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    warned = models.PositiveSmallIntegerField(default=0, help_text="The last warning given: 0, 50 or 80 percent.")
    stopped_at = models.DateTimeField(null=True, blank=True)
    stop_reason = models.CharField(max_length=10, choices=StopReason, blank=True, default="")
    paused_at = models.DateTimeField(null=True, blank=True)
    pause_reason = models.CharField(max_length=12, choices=PauseReason, blank=True, default="")
    paused_minutes = models.PositiveIntegerField(default=0, help_text="Business minutes of earlier pauses.")
    escalated = models.PositiveSmallIntegerField(default=0, help_text="Steps of the escalation already taken.")
    escalate_at = models.DateTimeField(null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    team = models.ForeignKey(
        "accounts.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    breached_at = models.DateTimeField(null=True, blank=True)
    breach_segment = models.CharField(max_length=10, choices=Segment, blank=True, default="")
    breach_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    breach_team = models.ForeignKey(
        "accounts.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    objects = ClockQuerySet.as_manager()

    class Meta:
        verbose_name = _("SLA clock")
        constraints = [
            models.UniqueConstraint(fields=["handoff", "promise"], condition=Q(stopped_at=None), name="clock_one_open"),
            models.CheckConstraint(
                condition=Q(warn50_at__gte=F("started_at"), warn80_at__gte=F("warn50_at"), due_at__gte=F("warn80_at")),
                name="clock_runs_forward",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at=None, stop_reason="") | Q(stopped_at__isnull=False) & ~Q(stop_reason=""),
                name="clock_stop_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(breached_at=None, breach_segment="", breach_owner=None, breach_team=None)
                | Q(breached_at__isnull=False, breached_at=F("due_at"))
                & ~Q(breach_segment="")
                & (Q(breach_segment=Segment.REP, breach_owner__isnull=False) | ~Q(breach_segment=Segment.REP)),
                name="clock_breach_is_the_due_instant",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at=None)
                | Q(stopped_at__lte=F("due_at"), breached_at=None)
                | Q(stopped_at__gt=F("due_at"), breached_at__isnull=False),
                name="clock_late_is_breached",
            ),
            models.CheckConstraint(
                condition=Q(next_at=None, stopped_at__isnull=False)
                | Q(next_at=None, breached_at__isnull=False)
                | Q(next_at=None, paused_at__isnull=False)
                | Q(next_at__isnull=False, stopped_at=None, breached_at=None, paused_at=None),
                name="clock_waits_until_breach_stop_or_pause",
            ),
            models.CheckConstraint(
                condition=Q(paused_at=None) | Q(paused_at__isnull=False, stopped_at=None, breached_at=None),
                name="clock_paused_is_running",
            ),
            models.CheckConstraint(
                condition=Q(escalate_at=None) | Q(breached_at__isnull=False, stopped_at=None),
                name="clock_escalates_a_breach",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="clock_next"),
            models.Index(fields=["calendar_version"], condition=Q(next_at__isnull=False), name="clock_calendar"),
            models.Index(fields=["due_at"], name="clock_due"),
            models.Index(fields=["escalate_at"], condition=Q(escalate_at__isnull=False), name="clock_escalate"),
        ]

    def __str__(self) -> str:
        return f"{self.promise} of hand-off {self.handoff_id} due {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def promised(self) -> timedelta:
        """Business time from start to due."""
        return timedelta(minutes=self.minutes)

    def state(self, *, at: datetime) -> State:
        """How it stands at a moment, whether or not the sweep has been by."""
        if self.stopped_at is not None:
            if self.breached_at:
                return State.LATE
            return State.KEPT if self.stop_reason == FULFILLED_BY[Promise(self.promise)] else State.UNTOUCHED
        if self.paused_at is not None:
            return State.PAUSED
        if self.due_at <= at:
            return State.BREACHED
        return State.WARNING if self.warn80_at <= at else State.OK


class EscalationStep(models.Model):
    """Who is told of a broken promise that is still open, and after how many business minutes beyond its due time."""

    promise = models.CharField(_("promise"), max_length=12, choices=Promise)
    after_minutes = models.PositiveIntegerField(_("business minutes after the due time"), default=0)
    to = models.CharField(_("who is told"), max_length=10, choices=EscalateTo)

    class Meta:
        ordering = ["promise", "after_minutes", "pk"]
        constraints = [models.UniqueConstraint(fields=["promise", "to"], name="escalation_once")]

    def __str__(self) -> str:
        return f"{self.promise} +{self.after_minutes} -> {self.to}"
