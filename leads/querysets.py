"""What a person may see, and the few words lists are made of. Time is an argument."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case, Q, Value, When

from accounts.enums import Role
from leads.enums import Outcome, Share

if TYPE_CHECKING:
    from accounts.models import User
    from leads.models import Appointment, Handoff, Lead, SavedView, Standing  # noqa: F401 - the rows of the querysets below


def visible(user: "User", prefix: str = "") -> Q:
    """The leads a person may see, as a condition on Standing reached by `prefix`.

    Marketing and managers: all. A team lead: the team's and the pool's. A rep: own and the pool's
    (handed over, but nobody's yet).
    """
    if not user.is_active:
        return Q(pk__in=[])
    if user.role not in {Role.REP, Role.TEAM_LEAD}:
        return Q()
    pool = Q(**{f"{prefix}owner": None, f"{prefix}outcome": Outcome.OPEN})
    own = Q(**{f"{prefix}team": user.team_id}) if user.role == Role.TEAM_LEAD else Q(**{f"{prefix}owner": user.pk})
    return own | pool


class LeadQuerySet(models.QuerySet["Lead"]):
    def live(self) -> "LeadQuerySet":
        """Not merged into another lead."""
        return self.filter(merged_into=None)

    def visible_to(self, user: "User") -> "LeadQuerySet":
        return self.filter(visible(user, "standing__"))


class StandingQuerySet(models.QuerySet["Standing"]):
    def visible_to(self, user: "User") -> "StandingQuerySet":
        return self.filter(visible(user))

    def sla(self, state: str, *, at: datetime) -> "StandingQuerySet":
        """Open promises in state ok, warning or breached at the given moment."""
        running = self.filter(sla_due_at__isnull=False)
        return {
            "breached": running.filter(sla_due_at__lte=at),
            "warning": running.filter(sla_due_at__gt=at, sla_warn_at__lte=at),
            "ok": running.filter(sla_due_at__gt=at, sla_warn_at__gt=at),
        }[state]


class HandoffQuerySet(models.QuerySet["Handoff"]):
    def open(self) -> "HandoffQuerySet":
        return self.filter(outcome=Outcome.OPEN)

    def pool(self) -> "HandoffQuerySet":
        """Open and nobody's: waiting for a rep to become free."""
        return self.open().filter(owner=None)

    def visible_to(self, user: "User") -> "HandoffQuerySet":
        """A hand-off is visible with its lead, and to the rep who had it."""
        condition = visible(user, "lead__standing__")
        return self.filter(condition | Q(owner=user)) if condition else self

    def with_reach(self, user: "User") -> "HandoffQuerySet":
        """Says of each (`reachable`) whether the person may open the lead's page: it may be somebody else's by now."""
        condition = visible(user, "lead__standing__")
        seen = Case(When(condition, then=True), default=False) if condition else Value(True)
        return self.annotate(reachable=seen)


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def usable_by(self, user: "User") -> "SavedViewQuerySet":
        """One's own, the team's, and everybody's."""
        team = Q(share=Share.TEAM, team=user.team_id) if user.team_id else Q(pk__in=[])
        return self.filter(Q(owner=user) | Q(share=Share.ALL) | team)


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def visible_to(self, user: "User") -> "AppointmentQuerySet":
        """One's own, and those with leads one may see."""
        condition = visible(user, "lead__standing__")
        return self.filter(condition | Q(owner=user)) if condition else self

    def between(self, first: datetime, last: datetime) -> "AppointmentQuerySet":
        """Beginning in [first, last)."""
        return self.filter(starts_at__gte=first, starts_at__lt=last)
