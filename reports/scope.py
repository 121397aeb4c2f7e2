"""What a report is about: a period, seen at a moment, for everybody or one team, source or person."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from leads.models import Handoff, Standing
from reports.periods import Period, Span
from sla.enums import Promise
from sla.models import Clock


@dataclass(frozen=True, slots=True)
class Scope:
    """The rows a report reads. `at` is the moment it is read; live figures and running periods end there.

    Leads are counted for the team and person that have them now, hand-offs for those that had them, promises for
    those that answer for them.
    """

    period: Period
    at: datetime
    team: int | None = None
    owner: int | None = None
    source: str = ""

    @property
    def now(self) -> Span:
        return self.period.span

    @property
    def before(self) -> Span:
        return self.period.before(at=self.at)

    def everywhere(self) -> bool:
        """Whether nothing is left out: only then do the targets of the whole company apply."""
        return self.team is None and self.owner is None and not self.source

    def standings(self) -> QuerySet[Standing]:
        return Standing.objects.filter(self._narrow())

    def handoffs(self) -> QuerySet[Handoff]:
        return Handoff.objects.filter(self._narrow())

    def clocks(self) -> QuerySet[Clock]:
        """Promises, each under whoever answers for it: who let it break, or else who has it."""
        answering = Q()
        if self.team is not None:
            answering &= Q(breach_team=self.team) | Q(breached_at=None, team=self.team)
        if self.owner is not None:
            answering &= Q(breach_owner=self.owner) | Q(breached_at=None, owner=self.owner)
        if self.source:
            answering &= Q(handoff__source=self.source)
        return Clock.objects.filter(answering, promise=Promise.FIRST_TOUCH)

    def _narrow(self) -> Q:
        wanted = {"team": self.team, "owner": self.owner, "source": self.source or None}
        return Q(**{name: value for name, value in wanted.items() if value is not None})
