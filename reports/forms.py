"""The filter bar of the reports. What it offers is within what the person may see; the address is read by `filters`."""

from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha1

from django import forms
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import SELLERS, Role, Side
from accounts.models import Team, User
from core.selects import PlainSelect
from reports.address import TEXTS, as_param
from reports.offers import offers
from reports.periods import Group, today
from reports.scope import Scope
from reports.tables import span_words

Choice = tuple[str, str | Promise]
PERIODS: list[Choice] = [
    ("today", _("Today")),
    ("week", _("This week")),
    ("7d", _("Last 7 days")),
    ("30d", _("Last 30 days")),
    ("month", _("This month")),
    ("quarter", _("This quarter")),
    ("90d", _("Last 90 days")),
    ("6m", _("Last 6 months")),
    ("12m", _("Last 12 months")),
    ("custom", _("Other days…")),
]
GROUPS: list[Choice] = [("", _("Automatic")), ("day", _("By day")), ("week", _("By week")), ("month", _("By month"))]
ALL = {
    "source": _("All sources"),
    "campaign": _("All campaigns"),
    "product": _("All products"),
    "city": _("All cities"),
}
MOMENT = timedelta(microseconds=1)
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class FilterBar(forms.Form):
    """Filled with the scope it shows. `words` says the period in dates."""

    period = forms.ChoiceField(widget=PlainSelect, label=_("Period"), choices=PERIODS)
    to = forms.DateField(label=_("To"), widget=DATE)
    team = forms.ChoiceField(widget=PlainSelect, label=_("Team"))
    owner = forms.ChoiceField(widget=PlainSelect, label=_("Sales rep"))
    source = forms.ChoiceField(widget=PlainSelect, label=_("Source"))
    campaign = forms.ChoiceField(widget=PlainSelect, label=_("Campaign"))
    product = forms.ChoiceField(widget=PlainSelect, label=_("Product"))
    city = forms.ChoiceField(widget=PlainSelect, label=_("City"))
    group_by = forms.ChoiceField(widget=PlainSelect, label=_("Grouped"), choices=GROUPS)

    def __init__(self, scope: Scope, group: Group | None, *, user: User) -> None:
        period = scope.period
        shown = {"period": period.key, "from": period.first, "to": period.last, "group_by": group or ""}
        chosen = {name: as_param(value) if name in TEXTS else value for name, value in scope.chosen.items()}  # type: ignore[arg-type]
        super().__init__(initial=shown | chosen)
        self.scope = scope
        # "from" is a word of Python, so this field cannot be written as the others are.
        self.fields["from"] = forms.DateField(label=_("From"), widget=DATE)
        for name, choices in offers(scope).items():
            self._offer(name, ALL[name], choices)
        self._offer("team", _("All teams"), _teams())
        team = user.team_id if user.role == Role.TEAM_LEAD else scope.team
        self._offer("owner", _("Everybody"), _people(team, chosen=scope.owner))
        if user.role in {Role.TEAM_LEAD, Role.REP}:
            del self.fields["team"]
        if user.role == Role.REP:
            del self.fields["owner"]

    def _offer(self, name: str, first: str | Promise, choices: Iterable[Choice]) -> None:
        value, offered = self.initial.get(name, ""), list(choices)
        if value and str(value) not in dict(offered):
            offered.append((str(value), str(value)))
        self.fields[name].choices = [("", first), *offered]  # type: ignore[attr-defined]

    @property
    def said(self) -> str:
        """All that the bar shows, so that it is drawn once for the same."""
        choices = [(name, list(getattr(field, "choices", ()))) for name, field in self.fields.items()]
        return sha1(repr((sorted(self.initial.items(), key=str), choices)).encode()).hexdigest()  # noqa: S324 - a name

    @property
    def narrowed(self) -> bool:
        """Whether one of the filters that are folded away is in use."""
        return bool({"campaign", "product", "city"} & self.scope.chosen.keys())

    @property
    def words(self) -> str:
        """23/11/2026, or 25/10/2026 to 23/11/2026."""
        return span_words(self.scope.period.first, self.scope.period.last)

    @property
    def compared(self) -> str:
        """The period before, in dates."""
        before, zone = self.scope.before, self.scope.period.zone
        first, last = today(before.start, zone), today(before.end - MOMENT, zone)
        return span_words(first, max(first, last))


def _teams() -> list[Choice]:
    return [(str(pk), name) for pk, name in Team.objects.filter(side=Side.SALES).values_list("pk", "name")]


def _people(team: int | None, *, chosen: int | None) -> list[Choice]:
    """Who sells here now, and the one whose figures are shown, who may have left."""
    sells = Q(is_active=True, role__in=SELLERS)
    if team is not None:
        sells &= Q(team=team)
    people = User.objects.filter(sells | Q(pk=chosen))
    return [(str(pk), name) for pk, name in people.order_by("full_name", "pk").values_list("pk", "full_name")]
