"""The filter bar of the hand-off lists. What the address says is read kindly: a bad value is left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.figures import day
from core.list_filters import search_field
from core.selects import PlainSelect
from leads.enums import HandoffKind, Outcome, Reason
from leads.filters import NOBODY
from leads.models import Handoff
from leads.queries import Offers
from leads.search import search_condition

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


@dataclass(frozen=True)
class Chip:
    """One active filter in words."""

    param: str
    label: str | Promise
    value: str


class HandoffFilter(forms.Form):
    """The parameters of the hand-off lists."""

    q = search_field(_("Name, phone, company"))
    source = forms.ChoiceField(widget=PlainSelect, label=_("Source"), required=False)
    reason = forms.ChoiceField(
        widget=PlainSelect, label=_("Reason"), required=False, choices=[("", _("Any reason")), *Reason.choices]
    )
    kind = forms.ChoiceField(
        widget=PlainSelect, label=_("Kind"), required=False, choices=[("", _("MQL and PQL")), *HandoffKind.choices]
    )
    owner = forms.ChoiceField(widget=PlainSelect, label=_("Owner"), required=False)
    after = forms.DateField(label=_("Offered from"), required=False, widget=DATE)
    before = forms.DateField(label=_("Offered to"), required=False, widget=DATE)
    outcome = forms.ChoiceField(label=_("Outcome"), required=False, choices=Outcome.choices, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, str], *, offers: Offers) -> None:
        super().__init__(data)
        sources, owners = self.fields["source"], self.fields["owner"]
        sources.choices = [("", _("Any source")), *offers.sources]  # type: ignore[attr-defined]
        owners.choices = [("", _("Any owner")), (NOBODY, _("Nobody yet")), *offers.owners]  # type: ignore[attr-defined]
        self.full_clean()

    @property
    def given(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value}

    def narrow(self, rows: QuerySet[Handoff]) -> QuerySet[Handoff]:
        """Everything but the outcome, which the tabs count."""
        given = self.given
        rows = rows.filter(**{name: given[name] for name in ("source", "reason", "kind") if name in given})
        if words := given.get("q"):
            rows = rows.filter(search_condition(words))
        if owner := given.get("owner"):
            rows = rows.filter(owner=None if owner == NOBODY else owner)
        if first := given.get("after"):
            rows = rows.filter(offered_at__gte=midnight(first))
        if last := given.get("before"):
            rows = rows.filter(offered_at__lt=midnight(last + timedelta(days=1)))
        return rows

    @property
    def chips(self) -> list[Chip]:
        return [
            Chip(name, self.fields[name].label or "", self._words(name)) for name in self.given if name != "outcome"
        ]

    def _words(self, name: str) -> str:
        value = self.given[name]
        if isinstance(value, date):
            return day(value)
        if name == "q":
            return str(value)
        return str(dict(self.fields[name].choices)[value])  # type: ignore[attr-defined]


def midnight(day_: date) -> datetime:
    """The first moment of a local day."""
    return timezone.make_aware(datetime.combine(day_, time.min))
