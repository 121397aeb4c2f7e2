"""The filter bars of the lists. What the address says is read kindly here: a bad value is left out, and said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import Invalid
from core.figures import day
from leads.enums import HandoffKind, Outcome, Reason, Stage, Status
from leads.filters import CONDITIONS, GRADES, NOBODY, filter_standings
from leads.models import Handoff, Standing
from leads.queries import Offers

Choice = tuple[str, str | Promise]
SORTS = {"newest": "-created_at", "score": "-score"}
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
YES_NO: list[Choice] = [("true", _("Yes")), ("false", _("No"))]
SLA: list[Choice] = [("ok", _("On time")), ("warning", _("Due soon")), ("breached", _("Overdue"))]


@dataclass(frozen=True)
class Chip:
    """One active filter in words."""

    param: str
    label: str | Promise
    value: str


def select(first: str | Promise, choices: Iterable[Choice]) -> forms.Select:
    return forms.Select(choices=[("", first), *choices])


class LeadFilter(forms.Form):
    """The parameters of the lead list; the same names as the API's."""

    q = forms.CharField(label=_("Search"), required=False)
    status = forms.CharField(label=_("Status"), required=False)
    stage = forms.CharField(label=_("Stage"), required=False)
    owner = forms.CharField(label=_("Owner"), required=False)
    team = forms.CharField(label=_("Team"), required=False)
    source = forms.CharField(label=_("Source"), required=False)
    campaign = forms.CharField(label=_("Campaign"), required=False)
    sla = forms.CharField(label=_("SLA"), required=False)
    grade = forms.CharField(label=_("Grade"), required=False)
    has_open_handoff = forms.CharField(label=_("Open hand-off"), required=False)
    score_min = forms.CharField(label=_("Score from"), required=False)
    score_max = forms.CharField(label=_("Score to"), required=False)
    created_after = forms.CharField(label=_("Created from"), required=False, widget=DATE)
    created_before = forms.CharField(label=_("Created before"), required=False, widget=DATE)
    mql_after = forms.CharField(label=_("MQL from"), required=False, widget=DATE)
    mql_before = forms.CharField(label=_("MQL before"), required=False, widget=DATE)
    tag = forms.CharField(label=_("Tag"), required=False)
    sort = forms.CharField(required=False)

    def __init__(self, data: Mapping[str, str], *, offers: Offers) -> None:
        super().__init__(data)
        self._offer("status", _("Any status"), Status.choices)
        self._offer("stage", _("Any stage"), Stage.choices)
        self._offer("owner", _("Any owner"), [(NOBODY, _("Nobody yet")), *offers.owners])
        self._offer("team", _("Any team"), offers.teams)
        self._offer("source", _("Any source"), offers.sources)
        self._offer("sla", _("Any SLA state"), SLA)
        self._offer("grade", _("Any grade"), [(grade, grade) for grade in sorted(GRADES)])
        self._offer("has_open_handoff", _("With or without"), YES_NO)
        for name in ("score_min", "score_max"):
            self.fields[name].widget = forms.NumberInput(attrs={"min": 0, "max": 1000})

    def _offer(self, name: str, first: str | Promise, choices: Iterable[Choice]) -> None:
        """A link may bring several values at once: then these, together, are one more choice."""
        offered, given = list(choices), self.data.get(name, "")
        if given and given not in dict(offered):
            words = {value: str(label) for value, label in offered}
            offered.append((given, ", ".join(words.get(part.strip(), part) for part in given.split(","))))
        self.fields[name].widget = select(first, offered)

    def clean(self) -> dict[str, Any]:
        """Keeps what the filters understand; a field they refuse carries the reason."""
        kept = {name: value for name, value in self.cleaned_data.items() if value and name in {*CONDITIONS, "sla"}}
        for name, value in list(kept.items()):
            try:
                filter_standings(Standing.objects.none(), {name: value}, at=datetime.max.replace(tzinfo=UTC))
            except Invalid as refusal:
                del kept[name]
                self.add_error(name, str(refusal))
        self.params = kept
        return self.cleaned_data

    def narrow(self, rows: QuerySet[Standing], *, at: datetime) -> QuerySet[Standing]:
        self.full_clean()
        return filter_standings(rows, self.params, at=at)

    @property
    def ordering(self) -> str:
        return SORTS.get(self.data.get("sort", ""), SORTS["newest"])

    @property
    def chips(self) -> list[Chip]:
        return [Chip(name, self.fields[name].label or "", self._words(name)) for name in self.params]

    def _words(self, name: str) -> str:
        choices = dict(getattr(self.fields[name].widget, "choices", ()))
        return str(choices.get(self.params[name], self.params[name]))


class HandoffFilter(forms.Form):
    """The parameters of the hand-off lists."""

    source = forms.ChoiceField(label=_("Source"), required=False)
    reason = forms.ChoiceField(label=_("Reason"), required=False, choices=[("", _("Any reason")), *Reason.choices])
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("MQL and PQL")), *HandoffKind.choices])
    owner = forms.ChoiceField(label=_("Owner"), required=False)
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
        return str(dict(self.fields[name].choices)[value])  # type: ignore[attr-defined]


def midnight(day_: date) -> datetime:
    """The first moment of a local day."""
    return timezone.make_aware(datetime.combine(day_, time.min))
