"""What the room reads: the people to tell, the inbox, and what a message says about its lead."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache

from django.db.models import Q
from django.utils.functional import Promise

from accounts.models import User
from accounts.notices import opens_for
from core.keyset import Page, page
from core.statements import run
from leads import jobs
from leads.kinds import CATALOGUE
from leads.models import Event, Job, Standing
from notifications import sql
from notifications.audience import Person
from notifications.models import Delivery, Preference

PAGE_SIZE = 30
COUNTED = 99
JOBS_SHOWN = 10
BEGUN = timedelta(seconds=0.5)  # the longest that telling people takes, with a margin
BEHAVIOUR = tuple(name for name, kind in CATALOGUE.items() if kind.group == "behaviour")


def people(ids: Iterable[int], *, leaders: bool) -> list[Person]:
    """The users with these ids, and team leads and sales managers if wanted; nobody who has left."""
    return [
        Person(pk, role, team_id, _mails(tuple(chosen)))
        for pk, role, team_id, *chosen in run(sql.PEOPLE, [list(ids), leaders])
    ]


def preference(user: User) -> Preference:
    """What the person chose, or the defaults."""
    return getattr(user, "notification_preference", None) or Preference(user=user)


@lru_cache(maxsize=256)
def _mails(chosen: tuple[bool | None, ...]) -> frozenset[str]:
    """The kinds wanted by e-mail by who chose this, or nothing yet."""
    given = {} if None in chosen else dict(zip(sql.CHOICES, chosen, strict=True))
    return Preference(**given).mails()


def inbox(user: User, *, unread_only: bool, cursor: str = "") -> Page[Delivery]:
    """The person's notifications, newest first. Index: delivery_inbox."""
    rows = Delivery.objects.shown_to(user).with_subject()
    if unread_only:
        rows = rows.unread()
    return page(rows, ordering="-created_at", tie="id", size=PAGE_SIZE, cursor=cursor)


def unread_count(user: User) -> int:
    """How many are unread, ended background work included; never more than 100 of each are counted.

    Indexes: delivery_unread, job_unread.
    """
    told = Delivery.objects.shown_to(user).unread()[: COUNTED + 1].count()
    return told + jobs.unread(user)[: COUNTED + 1].count()


def ended_jobs(user: User) -> list[Job]:
    """Background work that ended and was not opened yet, newest first; at most ten."""
    return list(jobs.unread(user)[:JOBS_SHOWN])


def newest(user: User) -> int:
    """The id of the person's newest notification, 0 when there is none."""
    last = Delivery.objects.shown_to(user).order_by("-id").values_list("id", flat=True).first()
    return last or 0


def unread_since(user: User, since: int | None, *, asked: datetime | None) -> list[Delivery]:
    """Unread notifications that came after the one with id `since`, newest first; at most 100.

    Without `since`, those made since a page was asked for; they bear the moment the work that told them began.
    """
    if since is not None:
        later = Q(pk__gt=since)
    elif asked:
        later = Q(created_at__gt=asked - BEGUN)
    else:
        return []
    rows = Delivery.objects.shown_to(user).unread().filter(later).with_subject()
    return list(rows.order_by("-id")[: COUNTED + 1])


def last_action(delivery: Delivery) -> str | Promise:
    """What the lead did last, in words; nothing where there is no lead."""
    return last_actions([delivery.lead_id]).get(delivery.lead_id, "") if delivery.lead_id else ""


def last_actions(lead_ids: Iterable[int]) -> dict[int, str | Promise]:
    """What each lead did last, in words: the reason why it is worth a call. Index: event_timeline."""
    rows = (
        Event.objects.filter(lead__in=list(lead_ids), kind__in=BEHAVIOUR)
        .order_by("lead", "-occurred_at", "-id")
        .distinct("lead")
        .values_list("lead_id", "kind")
    )
    return {lead_id: CATALOGUE[kind].label for lead_id, kind in rows}


def within_reach(delivery: Delivery, user: User) -> bool:
    """Whether the person may still open it: what was told stays told, the lead or the person may have moved on."""
    if delivery.notice:
        return opens_for(delivery.notice.path, user)
    return Standing.objects.visible_to(user).filter(pk=delivery.lead_id).exists()
