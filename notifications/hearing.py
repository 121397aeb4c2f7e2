"""Who may hear what on the stream. The only part of it that asks the database; it keeps no connection."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.db import connection
from django.http import HttpRequest

from accounts.models import User
from accounts.permissions import may
from leads.models import Lead


@dataclass(frozen=True, slots=True)
class Hearing:
    """A person on the stream, and the topics their page hears, each with the name of its event."""

    session_key: str
    user_id: int
    events: dict[str, str]


def admit(session_key: str, *, lead_id: int | None) -> Hearing | None:
    """What the owner of this session hears; None when nobody is logged in with it.

    `lead:<id>` is among it only if this person may see that lead; if not, the answer looks just the same.
    """
    try:
        user = _user(session_key)
        if user is None:
            return None
        events = {
            "leads": "leads",
            "dashboard": "dashboard",
            f"user:{user.pk}": "user",
            f"notifications:{user.pk}": "notifications",
            f"jobs:{user.pk}": "jobs",
        }
        if lead_id is not None and Lead.objects.visible_to(user).filter(pk=lead_id).exists():
            events[f"lead:{lead_id}"] = "lead"
        return Hearing(session_key, user.pk, events)
    finally:
        connection.close()


def still_in(session_keys: Iterable[str]) -> set[str]:
    """Those of these sessions whose person is still logged in, still works here, and has the same password."""
    try:
        return {key for key in session_keys if _user(key) is not None}
    finally:
        connection.close()


def _user(session_key: str) -> User | None:
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = get_user(request)
    return user if isinstance(user, User) and may(user, "notifications.view") else None
