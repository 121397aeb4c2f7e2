"""The board: one column for each status, each read page by page, however many cards there are."""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import User
from core.keyset import Page, page
from core.selects import PlainSelect
from core.ui_words import MAIN_CHAIN, SIDE_EXITS
from leads.chain import Guard
from leads.enums import Status
from leads.filters import filter_standings
from leads.kinds import STATUS_MOVED
from leads.lifecycle import open_moves
from leads.models import Event, Standing
from leads.queries import Counted, Offers, counted, lead_rows

SIZE = 30
ORDER = tuple(Status(key) for key in (*MAIN_CHAIN, *SIDE_EXITS))
FILTERS = ("q", "owner", "team", "source")


@dataclass(frozen=True)
class Column:
    """The first cards of a status, or those after a cursor; how many there are in all."""

    status: Status
    page: Page[Standing]
    count: Counted | None = None


class BoardFilter(forms.Form):
    """The parameters of the board; what the address says is read kindly."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Search")}),
    )
    owner = forms.ChoiceField(widget=PlainSelect, label=_("Owner"), required=False)
    team = forms.ChoiceField(widget=PlainSelect, label=_("Team"), required=False)
    source = forms.ChoiceField(widget=PlainSelect, label=_("Source"), required=False)

    def __init__(self, data: QueryDict, *, offers: Offers, user: User) -> None:
        super().__init__(data)
        for name, listed, anybody in (
            ("owner", offers.owners, _("Any owner")),
            ("team", offers.teams, _("Any team")),
            ("source", offers.sources, _("Any source")),
        ):
            self.fields[name].choices = [("", anybody), *listed]  # type: ignore[attr-defined]
        if user.role == Role.REP:
            del self.fields["owner"], self.fields["team"]
        self.full_clean()

    @property
    def given(self) -> dict[str, str]:
        """What narrows the board; an unknown choice does not."""
        return {name: f'"{value}"' if name == "source" else value for name, value in self.cleaned_data.items() if value}


def way_back(standing: Standing, *, by: User) -> Status | None:
    """Where the lead was until this person moved it last, if the chain lets it go back there with at most a reason."""
    last = Event.objects.filter(lead=standing.pk, kind=STATUS_MOVED).order_by("-occurred_at", "-pk").first()
    if last is None or last.actor_id != by.pk or last.properties["to"] != standing.status:
        return None
    before = Status(last.properties["from"])
    return before if open_moves(standing, by=by).get(before) in {Guard.FREE, Guard.REASON} else None


def cards(user: User, narrowed: dict[str, str], *, at: datetime) -> QuerySet[Standing]:
    return filter_standings(lead_rows(user), narrowed, at=at)


def column(rows: QuerySet[Standing], status: Status, *, cursor: str = "") -> Column:
    """The cards of one status, newest first; counted on the first page. Index: standing_status."""
    own = rows.filter(status=status)
    shown = page(own, ordering="-created_at", tie="lead_id", size=SIZE, cursor=cursor)
    return Column(status, shown, None if cursor else counted(own))
