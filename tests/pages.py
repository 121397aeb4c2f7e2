"""What tests of pages share: somebody logged in, asking as a browser or as htmx."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from leads.models import Lead, Standing
from tests.factories import make_mql, make_user

HTMX = {"HX-Request": "true"}
# Pages read the real clock, so what happened before must have happened before it.
EARLIER: datetime = timezone.now() - timedelta(hours=2)


def enter(user: User) -> Client:
    """A browser in which this person is logged in."""
    client = Client()
    client.force_login(user)
    return client


def as_role(role: str = Role.REP, **fields: Any) -> tuple[Client, User]:
    user = make_user(role, **fields)
    return enter(user), user


def lead_of(user: User, **payload: Any) -> Lead:
    """An open hand-off with this seller; nobody else may be on duty."""
    lead = make_mql(at=EARLIER, **payload)
    assert Standing.objects.get(pk=lead.pk).owner_id == user.pk
    return lead


def signals(response: HttpResponse) -> dict[str, Any]:
    """What the answer tells the page's scripts."""
    found: dict[str, Any] = json.loads(response.headers["HX-Trigger"])
    return found


def said(response: HttpResponse) -> str:
    """The words of the toast."""
    return str(signals(response)["toast"]["text"])
