"""Campaigns and who answers for them: what leads and spend name, and the marketer of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from accounts.models import User
from core.errors import NotFound
from core.hints import push
from core.text import clean
from leads.models import Spend
from reports import periods
from reports.measures import CREATED
from reports.models import Campaign
from reports.reading import grouped
from reports.scope import BETWEEN, PAIR, Scope

KNOWN = 300  # shown, those with most leads first


@dataclass(frozen=True, slots=True)
class Named:
    """A campaign of a source: the leads it brought in the last twelve months, and its marketer if it has one."""

    source: str
    name: str
    leads: int
    owner: User | None

    @property
    def asked(self) -> str:
        """It, as the parameters of an address."""
        return urlencode({"source": self.source, "name": self.name})


def set_owner(*, source: str, name: str, owner: User | None, by: User, at: datetime) -> None:
    """Gives a campaign to a marketer, or (None) to nobody. All its leads, of the past too, count for the new one.

    Raises NotFound for a campaign without a name.
    """
    source, name = clean(source, 120), clean(name, 120)
    if not name:
        raise NotFound
    if owner is None:
        Campaign.objects.filter(source=source, name=name).delete()
    else:
        said = {"owner": owner, "by": by, "at": at}
        Campaign.objects.update_or_create(source=source, name=name, defaults=said)
    push("dashboard")


def named(*, at: datetime) -> Sequence[Named]:
    """What leads and spend have named in the last twelve months, and what has a marketer. Four queries."""
    scope = Scope(periods.named("12m", at=at), at)
    brought = grouped(scope, CREATED, ["leads"], by=PAIR)
    leads: dict[tuple[str, str], int] = {_pair(key): found["leads"] for key, found in brought.items()}
    owners = {(row.source, row.name): row.owner for row in Campaign.objects.select_related("owner")}
    spent = Spend.objects.filter(day__gte=scope.period.first).order_by().values_list("source", "campaign").distinct()
    known = {(source, name) for source, name in [*leads, *owners, *spent] if name}
    found = [Named(source, name, leads.get((source, name), 0), owners.get((source, name))) for source, name in known]
    return sorted(found, key=lambda one: (one.owner is not None, -one.leads, one.source, one.name))


def _pair(key: str) -> tuple[str, str]:
    source, _between, name = key.partition(BETWEEN)
    return source, name
