from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from accounts.models import User
from accounts.permissions import PERMISSIONS, may
from api.callers import Need
from api.models import ApiKey
from api.v1 import docs
from api.v1.base import ApiView, answer

ANYBODY = Need(None, None)


class Me(ApiView):
    """Who this key or session is, and what it may do."""

    needs = {"GET": ANYBODY}

    @docs.me
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002 - the framework's signature
        by, key = self.caller.by, self.caller.key
        return answer((by and _person(by)) or (key and _key(key)))


def _key(key: ApiKey) -> dict[str, Any]:
    return {
        "kind": "key",
        "id": key.pk,
        "name": key.name,
        "email": None,
        "role": None,
        "team": None,
        "scopes": key.scopes,
        "permissions": [],
        "expires_at": key.expires_at,
    }


def _person(user: User) -> dict[str, Any]:
    return {
        "kind": "user",
        "id": user.pk,
        "name": user.full_name,
        "email": user.email,
        "role": user.role,
        "team": {"id": user.team.pk, "name": user.team.name} if user.team else None,
        "scopes": [],
        "permissions": sorted(name for name in PERMISSIONS if may(user, name)),
        "expires_at": None,
    }
