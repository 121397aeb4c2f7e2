"""API keys: `lf_<prefix>_<secret>`, shown once, kept as a hash."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, connection
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from api import sql
from api.enums import Scope
from api.models import ApiKey
from core.errors import Invalid
from core.text import clean

USED_EVERY = timedelta(minutes=1)  # how exact "last used" is
COLUMNS = [field.attname for field in ApiKey._meta.concrete_fields]  # as FIND_KEY reads them
PREFIX_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


def create_key(
    name: str, scopes: Iterable[str], *, by: User | None, at: datetime, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """A new key and its plaintext, which nobody can read again. Raises Invalid."""
    name, wanted = clean(name, 80), sorted(set(scopes))
    if not name:
        raise Invalid(_("Give the key a name."), code="required", field="name")
    if not wanted or not set(wanted) <= set(Scope.values):
        choices = ", ".join(Scope.values)
        raise Invalid(
            _("Choose at least one scope: %(choices)s.") % {"choices": choices}, code="invalid", field="scopes"
        )
    if expires_at is not None and expires_at <= at:
        raise Invalid(_("The expiry lies in the past."), code="invalid", field="expires_at")
    prefix = "".join(secrets.choice(PREFIX_LETTERS) for _letter in range(10))
    secret = secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        name=name,
        prefix=prefix,
        secret_hash=_hash(secret),
        scopes=wanted,
        created_by=by,
        created_at=at,
        expires_at=expires_at,
    )
    return key, f"lf_{prefix}_{secret}"


def revoke_key(key: ApiKey, *, at: datetime) -> None:
    """From now on the key opens nothing. Revoking twice keeps the first time."""
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=at)
    key.refresh_from_db()


def authenticate(token: str, *, at: datetime) -> ApiKey | None:
    """The key behind the token; None for an unknown, expired or revoked one. One query, constant-time comparison."""
    start, _1, rest = token.partition("_")
    prefix, _2, secret = rest.partition("_")
    if start != "lf" or not secret or len(token) > 200 or not prefix.isascii() or not prefix.isalnum():
        return None
    key = next((ApiKey.from_db(None, COLUMNS, row) for row in _found(prefix)), None)
    right = hmac.compare_digest(_hash(secret), key.secret_hash if key else _hash(""))
    if key is None or not right or key.state(at=at) != "active":
        return None
    _note_use(key, at=at)
    return key


def _found(prefix: str) -> list[tuple[Any, ...]]:
    """The look-up is the first statement of a call, so it also shows whether a kept connection still lives.

    Django would ask that with a statement of its own before each call.
    """
    connection.health_check_done = True  # type: ignore[attr-defined] # django-stubs do not know it
    try:
        return sql.run(sql.FIND_KEY, prefix)
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block:
            raise
        connection.close()
        return sql.run(sql.FIND_KEY, prefix)


def _note_use(key: ApiKey, *, at: datetime) -> None:
    stale = at - USED_EVERY
    if key.last_used_at is None or key.last_used_at <= stale:
        unused = Q(last_used_at=None) | Q(last_used_at__lte=stale)
        ApiKey.objects.filter(unused, pk=key.pk).update(last_used_at=at)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
