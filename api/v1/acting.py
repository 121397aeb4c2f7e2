"""What a person does to one thing they see: found among the caller's rows, done in person, answered as it is then."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request

from api.callers import Caller, known
from api.idempotency import idempotent
from api.v1.base import ApiView, answer, read


def act_on(
    rows: Callable[[Caller], QuerySet[Any]],
    act: Callable[..., Any],
    show: Callable[[Any], dict[str, Any]],
    *,
    body: type[serializers.Serializer[Any]] | None = None,
    status: int = 200,
) -> Callable[..., HttpResponse]:
    """A `post` that runs `act(id, by=, at=, **body)` and shows what it returns. A key is refused: it is no person."""

    @idempotent
    def post(view: ApiView, request: Request, /, **address: int) -> HttpResponse:
        by, at = view.caller.person, timezone.now()
        (number,) = address.values()
        row = get_object_or_404(rows(view.caller), pk=known(number))
        given = read(body, request) if body else {}
        return answer(show(act(row.pk, by=by, at=at, **given)), status=status)

    return post
