"""What a report is about: a period, seen at a moment, for everybody or narrowed by some of the dimensions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from leads.models import Handoff, Standing
from reports.periods import Period, Span
from sla.enums import Promise
from sla.models import Clock

DIMENSIONS = ("team", "owner", "source", "campaign", "product", "city")
# Asked for by reports, never a filter of theirs: source and campaign in one, and who answers for that campaign.
PAIR, MARKETER = "pair", "marketer"
BETWEEN = "\x1f"  # source and campaign of a pair
OF_STANDING = {name: name for name in DIMENSIONS[:4]} | {"product": "lead__product", "city": "lead__city"}
OF_HANDOFF = OF_STANDING
OF_CLOCK = {
    "source": "handoff__source",
    "campaign": "handoff__campaign",
    "product": "lead__product",
    "city": "lead__city",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """The rows a report reads. `at` is the moment it is read; live figures and running periods end there.

    Leads are counted for the team and person that have them now, hand-offs for those that had them, promises for
    those that answer for them. An empty source, campaign, product or city means those without any.
    """

    period: Period
    at: datetime
    team: int | None = None
    owner: int | None = None
    source: str | None = None
    campaign: str | None = None
    product: str | None = None
    city: str | None = None
    ranked_in: int | None = None  # the team whose ranking a rep may see beside the own figures
    # What has been read for this scope already: the blocks of a page share it.
    memo: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def now(self) -> Span:
        return self.period.span

    @property
    def before(self) -> Span:
        return self.period.before(at=self.at)

    @property
    def chosen(self) -> dict[str, int | str]:
        """The dimensions it is narrowed by."""
        return {name: value for name in DIMENSIONS if (value := getattr(self, name)) is not None}

    def everywhere(self) -> bool:
        """Whether nothing is left out: only then do the targets of the whole company apply."""
        return not self.chosen

    def standings(self) -> QuerySet[Standing]:
        return Standing.objects.filter(self._narrow(OF_STANDING))

    def handoffs(self) -> QuerySet[Handoff]:
        return Handoff.objects.filter(self._narrow(OF_HANDOFF))

    def clocks(self) -> QuerySet[Clock]:
        """Promises, each under whoever answers for it: who let it break, or else who has it."""
        answering = self._narrow(OF_CLOCK)
        if self.team is not None:
            answering &= Q(breach_team=self.team) | Q(breached_at=None, team=self.team)
        if self.owner is not None:
            answering &= Q(breach_owner=self.owner) | Q(breached_at=None, owner=self.owner)
        return Clock.objects.filter(answering, promise=Promise.FIRST_TOUCH)

    def _narrow(self, lookups: Mapping[str, str]) -> Q:
        return Q(**{lookups[name]: value for name, value in self.chosen.items() if name in lookups})
