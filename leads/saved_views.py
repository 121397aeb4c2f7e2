"""Saved views of the lead list: one's own, the team's and everybody's, each with its count."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.permissions import may
from core.errors import Conflict, Invalid, NotFound, Refused
from core.text import clean
from leads.enums import Share
from leads.filters import NOBODY
from leads.lead_filter import ME, LeadFilter, asked
from leads.models import SavedView
from leads.queries import Counted, counted, lead_rows

MOST_SHOWN = 20
LOOKS = ("sort", "columns")  # what a view keeps beside its filters
BUILT_IN: tuple[tuple[str, Promise], ...] = (
    ("", gettext_lazy("All leads")),
    (f"owner={ME}", gettext_lazy("Mine")),
    (f"owner={NOBODY}", gettext_lazy("Nobody’s")),
)


@dataclass(frozen=True)
class Shown:
    """One tab above the list. `view` is None for the three that are always there."""

    name: str | Promise
    query: str
    active: bool
    view: SavedView | None = None
    count: Counted | None = None


def view_query(data: QueryDict) -> str:
    """What of an address makes a view: filters, order, columns; spelled the same however they came."""
    query = QueryDict(mutable=True)
    query.update(asked(data) | {name: str(data[name]) for name in LOOKS if data.get(name)})
    return query.urlencode()


def shown_views(user: User, data: QueryDict) -> list[Shown]:
    """The tabs for this address, without their counts. One query."""
    now = view_query(data)
    always = [Shown(name, query, active=query == now) for query, name in BUILT_IN]
    saved = SavedView.objects.usable_by(user).order_by("share", "name", "pk")[:MOST_SHOWN]
    return always + [Shown(view.name, view.query, active=view.query == now, view=view) for view in saved]


def with_counts(views: list[Shown], *, user: User, at: datetime) -> list[Shown]:
    """The same with how many leads each shows to this person: estimated above 10,000."""
    return [replace(view, count=_count(view.query, user=user, at=at)) for view in views]


def _count(query: str, *, user: User, at: datetime) -> Counted:
    return counted(LeadFilter(QueryDict(query), user=user).narrow(lead_rows(user), at=at))


def save_view(*, by: User, at: datetime, name: str, share: str, query: str, view: SavedView | None = None) -> SavedView:
    """Keeps the list under a name, or changes a view of one's own.

    Raises Invalid without a name or for an unknown share, Refused where the person may not share so widely, Conflict
    when there is such a name already.
    """
    name = clean(name, 60)
    if not name:
        raise Invalid(_("Give the view a name."), code="required", field="name")
    _check_share(share, by=by)
    kept = view or SavedView(owner=by, created_at=at)
    kept.name, kept.share, kept.query, kept.updated_at = name, share, query[:2000], at
    kept.team = by.team if share == Share.TEAM else None
    try:
        with transaction.atomic():
            kept.save()
    except IntegrityError as error:
        message = _("You have a view named “%(name)s” already.") % {"name": name}
        raise Conflict(message, code="already_taken", field="name") from error
    return kept


def shares_of(user: User) -> list[tuple[str, str]]:
    """With whom this person may share a view."""
    allowed = {Share.MINE: True, Share.TEAM: user.team_id is not None, Share.ALL: may(user, "leads.share")}
    return [(share.value, str(share.label)) for share, may_so in allowed.items() if may_so]


def own_view(user: User, view_id: int) -> SavedView:
    """A view this person may change: one's own, or for whoever shares with everybody, everybody's. Raises NotFound."""
    mine = Q(owner=user) | Q(share=Share.ALL) if may(user, "leads.share") else Q(owner=user)
    view = SavedView.objects.filter(mine, pk=view_id).first()
    if view is None:
        raise NotFound
    return view


def _check_share(share: str, *, by: User) -> None:
    if share not in Share.values:
        raise Invalid(_("Choose who may use it."), code="invalid_choice", field="share")
    if share not in dict(shares_of(by)):
        raise Refused(_("You can't share a view so widely."), code="may_not_share", field="share")
