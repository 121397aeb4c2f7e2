"""Whose appointments a calendar shows, and the address a calendar program reads them from."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db.models import QuerySet

from accounts.enums import SELLERS, Role
from accounts.models import User
from leads.finding import FOUND, best
from leads.models import Appointment, CalendarFeed, Standing
from leads.queries import lead_rows
from leads.querysets import AppointmentQuerySet

FED_BACK, FED_AHEAD = timedelta(days=60), timedelta(days=366)
MOST_FED = 2000
MOST_SHOWN = 1000
BITS = 32  # bytes of a feed's token: 256 bit


def shown_to(user: User, *, who: str) -> AppointmentQuerySet:
    """`who`: "team" (everybody one may look at), a person's id, or anything else for one's own."""
    rows = Appointment.objects.visible_to(user).select_related("lead", "owner")
    if who == "team" and user.role != Role.REP:
        return rows.filter(owner__in=mates(user)) if user.role == Role.TEAM_LEAD else rows
    if who.isdecimal() and len(who) < 10 and user.role != Role.REP:
        return rows.filter(owner=int(who))
    return rows.filter(owner=user)


def to_meet(user: User, query: str) -> list[Standing]:
    """Whom one may make an appointment with: the best matches, or without words one's own leads, the latest first.

    Index: standing_by_owner.
    """
    rows = lead_rows(user).filter(lead__erased_at=None)
    return best(rows, query) if query else list(rows.filter(owner=user).order_by("-created_at", "-lead")[:FOUND])


def mates(user: User) -> QuerySet[User]:
    """Whose calendars a leader may look at: a team lead the team's, a manager every seller's."""
    sellers = User.objects.sellers().order_by("full_name", "pk")
    if user.role == Role.REP:
        return sellers.filter(pk=user.pk)
    return sellers.filter(team=user.team_id) if user.role in SELLERS else sellers


def make_feed(user: User, *, at: datetime) -> str:
    """A new address for the person's calendar; the old one ends. Returns the token, which is not kept."""
    token = secrets.token_urlsafe(BITS)
    CalendarFeed.objects.update_or_create(user=user, defaults={"digest": _digest(token), "made_at": at})
    return token


def end_feed(user: User) -> None:
    CalendarFeed.objects.filter(user=user).delete()


def fed(token: str, *, at: datetime) -> tuple[User, list[Appointment]] | None:
    """The person behind a feed's token and their appointments around `at`; None for a token that is none (any more)."""
    feed = CalendarFeed.objects.select_related("user").filter(digest=_digest(token), user__is_active=True).first()
    if feed is None:
        return None
    own = Appointment.objects.filter(owner=feed.user).between(at - FED_BACK, at + FED_AHEAD)
    return feed.user, list(own.select_related("lead").order_by("starts_at", "pk")[:MOST_FED])


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
