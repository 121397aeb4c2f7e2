"""The same request twice is one act and one answer.

The key is claimed, the act done and the answer kept in one transaction: a process that dies leaves either all of it
or nothing. A second request with the key waits for the first one at the unique index; what it then sees is a
finished answer, never a half one. A refused request (4xx) changes nothing, so it keeps no answer either.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import orjson
from django.db import OperationalError, transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request

from api import sql
from api.models import IdempotencyRecord
from api.renderers import to_json
from core import failpoints
from core.errors import Conflict, DomainError, Invalid

KEPT = timedelta(days=7)
LONGEST_KEY = 255
LOCK_NOT_AVAILABLE = "55P03"
KEPT_HEADERS = ("Content-Type", "Content-Language", "Location")

P = ParamSpec("P")
V = TypeVar("V", bound=Any)
Post = Callable[Concatenate[V, Request, P], HttpResponse]


def idempotent(post: Post[V, P]) -> Post[V, P]:
    """Marks the `post` of an ApiView: with the header Idempotency-Key it happens once, however often it is sent."""

    @wraps(post)
    def once(view: V, request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        given = request.headers.get("Idempotency-Key")
        if given is None:
            return post(view, request, *args, **kwargs)
        key, digest, at = _checked(given), _digest(request), timezone.now()
        client = view.caller.identity
        with transaction.atomic():
            claimed = _claim(client, key, digest, at=at)
            if claimed is None:
                return _first_answer(client, key, digest)
            response = post(view, request, *args, **kwargs)
            _keep(claimed, response)
        failpoints.reach("answer_kept")
        return response

    once.idempotent = True  # type: ignore[attr-defined]
    return once


def forget(*, at: datetime) -> int:
    """Deletes answers older than seven days. Returns how many."""
    return IdempotencyRecord.objects.filter(created_at__lte=at - KEPT).delete()[0]


def _checked(given: str) -> str:
    key = given.strip()
    if not key or len(key) > LONGEST_KEY or not key.isprintable():
        message = _("An Idempotency-Key has 1 to 255 printable characters.")
        raise DomainErrorOfRequest(message, code="invalid_idempotency_key", field="Idempotency-Key")
    return key


class DomainErrorOfRequest(DomainError):
    """The request is malformed, whatever it asks for."""

    status = 400


def _digest(request: Request) -> str:
    content = orjson.dumps([request.get_full_path(), request.data], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(content).hexdigest()


def _claim(client: str, key: str, digest: str, *, at: datetime) -> int | None:
    """The id of our fresh record, or None when somebody has answered this key before. Raises Conflict in flight."""
    try:
        claimed = sql.run(sql.CLAIM, client, key, digest, at, at - KEPT)
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") == LOCK_NOT_AVAILABLE:
            message = _("The first request with this Idempotency-Key is still running. Try again in a moment.")
            raise Conflict(message, code="request_in_flight", field="Idempotency-Key") from error
        raise
    return claimed[0][0] if claimed else None


def _first_answer(client: str, key: str, digest: str) -> HttpResponse:
    record = IdempotencyRecord.objects.get(client=client, key=key)
    if record.digest != digest:
        message = _("This Idempotency-Key was used with another request before.")
        raise Invalid(message, code="idempotency_key_reused", field="Idempotency-Key")
    response = HttpResponse(bytes(record.body), status=record.status, headers=record.headers)
    response["Idempotent-Replayed"] = "true"
    return response


def _keep(record_id: int, response: HttpResponse) -> None:
    headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    sql.run(sql.KEEP, response.status_code, to_json(headers).decode(), response.content, record_id)
