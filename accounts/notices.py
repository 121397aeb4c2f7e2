"""What people have to know that is about no lead: said once, and heard in the transaction of whoever says it.

The log of the leads is `leads/events.py`; this is the same for the rest of the house.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import orjson
from django.urls import resolve

from accounts import sql
from accounts.models import Notice, User
from accounts.permissions import PERMISSIONS, may
from core import statements

CATALOGUE: set[str] = set()


@dataclass(frozen=True, slots=True)
class News:
    """Something to be said. `key` names it among its kind; `to` are ids of users; `at` (aware UTC): since when."""

    kind: str
    key: str
    to: Collection[int]
    path: str
    at: datetime
    actor_id: int | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)


Told = Sequence[tuple[Notice, Collection[int]]]
Subscriber = Callable[[Told, datetime], None]
_subscribers: list[Subscriber] = []


def declare(kind: str) -> str:
    """Adds a kind to the catalogue. Raises ValueError when it is there."""
    if kind in CATALOGUE:
        raise ValueError(f"notice {kind} is declared twice")
    CATALOGUE.add(kind)
    return kind


def subscribe(subscriber: Subscriber) -> Subscriber:
    """Calls it with new notices, whom each is for, and the moment they were said. For `receivers.py` only."""
    if subscriber not in _subscribers:
        _subscribers.append(subscriber)
    return subscriber


def announce(news: Sequence[News], *, at: datetime) -> list[Notice]:
    """Says each thing once, however often, by however many at the same time, in the caller's transaction.

    The only writer of Notice. Returns those that were new.
    """
    if not news:
        return []
    given = [
        {
            "ref": ref,
            "kind": one.kind,
            "key": one.key,
            "at": one.at,
            "actor_id": one.actor_id,
            "path": one.path,
            "properties": dict(one.properties),
        }
        for ref, one in enumerate(news)
    ]
    new = statements.run(sql.INSERT_NOTICES, [orjson.dumps(given, default=str).decode()])
    told = [(_notice(pk, news[ref]), frozenset(news[ref].to)) for ref, pk in new]
    if told:
        for subscriber in _subscribers:
            subscriber(told, at)
    return [notice for notice, _to in told]


def who_may(permission: str) -> list[int]:
    """The people who work here and whose role allows it."""
    return list(User.objects.here().filter(role__in=PERMISSIONS[permission]).values_list("pk", flat=True))


def opens_for(path: str, user: User) -> bool:
    """Whether the page at this address is one that the person's role may open."""
    permission = getattr(resolve(urlsplit(path).path).func, "permission", None)
    return permission is None or may(user, permission)


def _notice(pk: int, one: News) -> Notice:
    return Notice(
        pk=pk,
        kind=one.kind,
        key=one.key,
        at=one.at,
        actor_id=one.actor_id,
        path=one.path,
        properties=dict(one.properties),
    )
