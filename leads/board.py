"""The board: one column for each status, each read page by page, however many cards there are."""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.db.models import Count, QuerySet, Window
from django.db.models.functions import RowNumber
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
from leads.listing import DEAR, few_of, rows_of
from leads.models import Event, Standing
from leads.queries import Counted, Offers, counted, estimated, lead_rows

SIZE = 30
NEWEST_FIRST = ("-created_at", "-lead")
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


def columns(rows: QuerySet[Standing]) -> list[Column]:
    """The first cards of every status. Few leads (see `few_of`) are found once for all columns, and so counted."""
    ids = _few(rows)
    if ids is None:
        return [column(rows, status) for status in ORDER]
    newest, counts = _dealt(ids)
    return [
        Column(status, _page(rows_of(newest.get(status, []))), Counted(counts.get(status, 0), more=False))
        for status in ORDER
    ]


def column(rows: QuerySet[Standing], status: Status) -> Column:
    """The first cards of one status of many leads, newest first. Index: standing_by_status."""
    own = rows.filter(status=status)
    shown = _page(own)
    all_shown = Counted(len(shown.rows), more=False)
    return Column(status, shown, counted(own, budget=DEAR) if shown.next else all_shown)


def following(rows: QuerySet[Standing], status: Status, *, cursor: str) -> Column:
    """The next cards of one status, not counted again. Raises Invalid on a cursor that was not made here."""
    ids = _few(rows)
    found = rows if ids is None else rows_of(ids)
    return Column(status, _page(found.filter(status=status), cursor))


def _few(rows: QuerySet[Standing]) -> list[int] | None:
    bare = rows.select_related(None).order_by()
    return few_of(bare, estimated(bare), indexed=True)


def _dealt(ids: list[int]) -> tuple[dict[str, list[int]], dict[str, int]]:
    """Of each status the newest leads, one more than a column shows first, and how many there are."""
    place = Window(RowNumber(), partition_by="status", order_by=NEWEST_FIRST)
    ranked = rows_of(ids).annotate(place=place, whole=Window(Count("pk"), partition_by="status"))
    newest, counts = dict[str, list[int]](), dict[str, int]()
    for status, lead, whole in ranked.filter(place__lte=SIZE + 1).values_list("status", "lead", "whole"):
        newest.setdefault(status, []).append(lead)
        counts[status] = whole
    return newest, counts


def _page(rows: QuerySet[Standing], cursor: str = "") -> Page[Standing]:
    """The cards with what they show."""
    shown = rows.select_related(None).select_related("lead", "owner")
    return page(shown, ordering="-created_at", tie="lead_id", size=SIZE, cursor=cursor)
