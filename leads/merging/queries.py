"""What the duplicates pages show."""

from dataclasses import dataclass
from typing import Any

from accounts.models import User
from core import figures
from leads.merging.joining import FIELDS
from leads.models import Lead, Merge, Standing

LATEST = 20


@dataclass(frozen=True, slots=True)
class Side:
    """One field of both leads. `differs`: there is something to choose."""

    name: str
    label: str
    mine: Any
    theirs: Any

    @property
    def is_said(self) -> bool:
        """Whether one of them says anything here."""
        return self.mine not in (None, "") or self.theirs not in (None, "")

    @property
    def differs(self) -> bool:
        return self.mine not in (None, "") and self.theirs not in (None, "") and self.mine != self.theirs


def sides(survivor: Lead, other: Lead) -> list[Side]:
    """Field by field, as the page lays them beside each other."""
    labels = {field.name: str(getattr(field, "verbose_name", "")) for field in Lead._meta.get_fields()}
    return [Side(name, labels[name], _shown(survivor, name), _shown(other, name)) for name in FIELDS]


def _shown(lead: Lead, name: str) -> Any:
    value = getattr(lead, name)
    return figures.phone(value) if name == "phone" and value else value


def recent_merges(user: User, *, only: int | None = None) -> list[Merge]:
    """The latest merges that stand, into leads this person may see; or the one that is asked for, if it is one."""
    seen = Standing.objects.visible_to(user).values("lead")
    rows = Merge.objects.filter(undone_at=None, survivor__in=seen).select_related("survivor", "other", "by")
    rows = rows.filter(pk=only) if only else rows
    return list(rows.defer("before", "moved").order_by("-at", "-pk")[:LATEST])


def survivor_of(lead_id: int) -> int | None:
    """The lead this one has become part of, if any. Index used: primary key."""
    return Lead.objects.filter(pk=lead_id).values_list("merged_into", flat=True).first()
