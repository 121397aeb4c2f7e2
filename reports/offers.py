"""What the filters offer: the sources, campaigns, products and cities leads have come with, busiest first."""

from collections.abc import Mapping

from django.core.cache import cache
from django.utils.translation import gettext as _

from reports.address import TEXTS, as_param
from reports.measures import CREATED
from reports.patience import StillCounting, within_patience
from reports.periods import named
from reports.reading import grouped
from reports.scope import Scope

OFFERED = "reports:offers"
KEPT_FOR = 300  # seconds
MOST = 200
Choices = list[tuple[str, str]]


def offers(scope: Scope) -> Mapping[str, Choices]:
    """The values of the last twelve months, as parameters and as words. Read at most every five minutes.

    While the days of the year are still being counted there is nothing to offer but what is chosen.
    """
    found = cache.get(OFFERED) or _read(Scope(named("12m", at=scope.at), scope.at))
    if found is None:
        found = {name: [str(scope.chosen[name])] if name in scope.chosen else [] for name in TEXTS}
    return {name: [(as_param(value), value or _("(none)")) for value in values] for name, values in found.items()}


def _read(year: Scope) -> Mapping[str, list[str]] | None:
    try:
        with within_patience(year):
            found = {name: _busiest(year, name) for name in TEXTS}
    except StillCounting:
        return None
    cache.set(OFFERED, found, KEPT_FOR)
    return found


def _busiest(year: Scope, name: str) -> list[str]:
    counts = grouped(year, CREATED, ["leads"], by=name)
    return sorted(counts, key=lambda value: (-counts[value]["leads"], value))[:MOST]
