"""Which leads an act is meant for: the rows that were ticked, or all that match the list's filters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.dateparse import parse_datetime

from accounts.models import User
from leads.filters import filter_standings
from leads.models import Standing
from leads.queries import lead_rows

MOST_TICKED = 1000


@dataclass(frozen=True)
class Selection:
    """`ids` are ticked rows; None means all that match `filters`, as they stood at `at`, up to the lead `newest`.

    The bound keeps leads out that come in while the work goes on.
    """

    at: datetime
    ids: tuple[int, ...] | None = None
    filters: Mapping[str, str] = field(default_factory=dict)
    newest: int = 0

    def rows(self, user: User) -> QuerySet[Standing]:
        """The rows among them that this person may see now."""
        rows = lead_rows(user)
        if self.ids is not None:
            return rows.filter(lead__in=self.ids)
        return filter_standings(rows.filter(lead__lte=self.newest), self.filters, at=self.at)

    def as_params(self) -> dict[str, Any]:
        """As a job keeps it."""
        return {
            "ids": None if self.ids is None else list(self.ids),
            "filters": dict(self.filters),
            "newest": self.newest,
            "at": self.at.isoformat(),
        }


def ticked(ids: list[int], *, at: datetime) -> Selection:
    return Selection(at, ids=tuple(sorted(set(ids)))[:MOST_TICKED])


def matching(user: User, filters: Mapping[str, str], *, at: datetime) -> Selection:
    """All that match now. Raises Invalid for a filter that can't be."""
    newest = filter_standings(lead_rows(user), filters, at=at).aggregate(newest=Max("lead"))["newest"]
    return Selection(at, filters=dict(filters), newest=newest or 0)


def from_params(params: Mapping[str, Any]) -> Selection:
    """The selection a job kept."""
    at = parse_datetime(params["at"])
    assert at is not None  # noqa: S101 - written by as_params
    ids = None if params["ids"] is None else tuple(params["ids"])
    return Selection(at, ids=ids, filters=params["filters"], newest=params["newest"])
