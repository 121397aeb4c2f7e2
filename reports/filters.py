"""What the lists behind the reports can be narrowed down to: campaigns, spend, targets."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.list_filters import ListFilter, choice_field, search_field
from leads.models import Spend
from reports.campaigns import Named
from reports.models import Goal
from reports.models.goal import Measured


class BesideForm(ListFilter):
    """The bar on a page that has a form too: the two share no id."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        super().__init__(given, auto_id="filter_%s")


class CampaignFilter(BesideForm):
    q = search_field(_("Campaign, source or marketer"))
    owner = choice_field(
        _("Marketer"), _("With and without a marketer"), {"none": _("No marketer"), "any": _("Has one")}
    )

    def among(self, rows: Iterable[Named]) -> list[Named]:
        wanted = {"none": False, "any": True}.get(self.said.get("owner", ""))
        return [
            one
            for one in rows
            if wanted in {None, one.owner is not None}
            and self.says(f"{one.name} {one.source} {one.owner.full_name if one.owner else ''}")
        ]


class SpendFilter(BesideForm):
    q = search_field(_("Campaign or source"))

    def among(self, rows: "QuerySet[Spend]") -> "QuerySet[Spend]":
        words = self.said.get("q", "")
        return rows.filter(Q(source__icontains=words) | Q(campaign__icontains=words)) if words else rows


class GoalFilter(BesideForm):
    q = search_field(_("Person, team or source"))
    kpi = choice_field(_("Figure"), _("Any figure"), dict(Measured.choices))

    def among(self, rows: "QuerySet[Goal]") -> list[Goal]:
        """By whose it is; a few hundred a year."""
        if kpi := self.said.get("kpi"):
            rows = rows.filter(kpi=kpi)
        return [one for one in rows if self.says(str(one.owner or one.team or one.source or _("everybody")))]
