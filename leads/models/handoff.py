from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leads.enums import HandoffKind, Outcome, Reason
from leads.querysets import HandoffQuerySet


class Handoff(models.Model):
    """The unit of the contract between the teams: one crossing of the MQL line, and what came of it.

    Every figure on conversion, speed and responsibility is read from here. Money is in whole VND.
    """

    told_as = _("Hand-offs to Sales")

    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="handoffs", db_index=False)
    cycle = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=3, choices=HandoffKind)
    score = models.IntegerField(_("score"))
    model_version = models.PositiveIntegerField()
    source = models.CharField(_("source"), max_length=120, blank=True, default="")
    campaign = models.CharField(_("campaign"), max_length=120, blank=True, default="")
    offered_at = models.DateTimeField(_("offered at"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    team = models.ForeignKey(
        "accounts.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    assigned_at = models.DateTimeField(null=True, blank=True)
    first_touch_at = models.DateTimeField(_("first touch"), null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, default=Outcome.OPEN)
    reason = models.CharField(_("reason"), max_length=14, choices=Reason, blank=True, default="")
    note = models.TextField(_("note on quality"), blank=True, default="")
    care_until = models.DateTimeField(_("cared for until"), null=True, blank=True)
    won_at = models.DateTimeField(null=True, blank=True)
    revenue = models.BigIntegerField(_("revenue"), null=True, blank=True)

    objects = HandoffQuerySet.as_manager()

    class Meta:
        verbose_name = _("hand-off")
        constraints = [
            models.UniqueConstraint(fields=["lead"], condition=Q(outcome=Outcome.OPEN), name="handoff_one_open"),
            models.UniqueConstraint(fields=["lead", "cycle"], name="handoff_cycle_once"),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.OPEN, decided_at=None)
                | ~Q(outcome=Outcome.OPEN) & Q(decided_at__isnull=False),
                name="handoff_decided_has_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=[Outcome.RECYCLED, Outcome.DISCARDED]) | ~Q(reason=""),
                name="handoff_refusal_has_reason",
            ),
            models.CheckConstraint(
                # 0 is an imported contract whose amount nobody knows any more; people have to say more than 0.
                condition=Q(won_at=None, revenue=None)
                | Q(won_at__isnull=False, revenue__gte=0, outcome=Outcome.ACCEPTED),
                name="handoff_won_has_revenue",
            ),
            models.CheckConstraint(
                condition=Q(owner=None, assigned_at=None) | Q(owner__isnull=False, assigned_at__isnull=False),
                name="handoff_owner_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["offered_at", "id"], name="handoff_offered"),
            models.Index(fields=["owner"], condition=Q(outcome=Outcome.OPEN), name="handoff_open_by_owner"),
            models.Index(fields=["won_at"], condition=Q(won_at__isnull=False), name="handoff_won"),
            models.Index(fields=["decided_at"], condition=Q(decided_at__isnull=False), name="handoff_decided"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.lead_id}/{self.cycle}: {self.outcome}"

    @property
    def is_open(self) -> bool:
        return self.outcome == Outcome.OPEN
