"""What pops up on an open page when somebody is told something."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from accounts.models import User
from leads.models import Lead
from notifications import queries, words
from notifications.enums import Kind
from notifications.models import Delivery


@dataclass(frozen=True)
class Toast:
    """The newest unread notification, if there is a new one; `since` is what the page asks with next time."""

    since: int
    delivery: Delivery | None = None
    more: int = 0
    headline: str = ""
    about: str = ""
    promise: str = ""
    last_action: str | Promise = ""
    phone: str | None = None
    sound: bool = False


def toast(user: User, *, since: int | None, asked: datetime | None = None) -> Toast:
    """The toast for a page that knows everything up to the id `since`, or, knowing none, was `asked` for at a moment.

    The phone number is shown only while the lead is visible to this person.
    """
    fresh = queries.unread_since(user, since, asked=asked)
    if not fresh:
        return Toast(since=max(queries.newest(user), since or 0))
    newest = fresh[0]
    return Toast(
        since=newest.pk,
        delivery=newest,
        more=len(fresh) - 1,
        headline=words.headline(newest),
        about=words.about(newest),
        promise=words.detail(newest),
        last_action=queries.last_action(newest),
        phone=_phone(newest, user),
        sound=newest.kind == Kind.ASSIGNED and queries.preference(user).sound,
    )


def _phone(delivery: Delivery, user: User) -> str | None:
    lead = delivery.lead
    return lead.phone if lead and Lead.objects.visible_to(user).filter(pk=lead.pk).exists() else None
