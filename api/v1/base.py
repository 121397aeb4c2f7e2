"""What every call has in common: language, one JSON answer, who calls, and how lists are paged."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from api.callers import Caller, Need
from api.limits import RequestsPerMinute
from api.openapi import ContractSchema
from api.parsers import LARGEST_BODY, is_chunked
from api.renderers import to_json
from core.errors import Invalid
from core.keyset import page
from leads.filters import whole

PAGE_SIZE, LARGEST_PAGE = 50, 200
LANGUAGES = ("vi", "en")
Row = TypeVar("Row", bound=Model)


class ApiView(APIView):
    """One address. `needs` names, per method, the scope and the permission; without it the method is closed."""

    needs: ClassVar[Mapping[str, Need]] = {}
    throttle_classes = [RequestsPerMinute]
    schema = ContractSchema()
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    caller: Caller

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with translation.override(spoken(request)):
            response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
            response.headers["Content-Language"] = get_language() or "vi"
        response.headers["Cache-Control"] = "private, no-store"
        self._let_go()
        return response

    def _let_go(self) -> None:
        """View and request name each other and themselves: parted, they leave nothing to collect."""
        self.request.parser_context.clear()
        vars(self).clear()

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        if is_chunked(request):
            # The framework looks for a body only where a length is announced; the parser does the counting.
            request.META["CONTENT_LENGTH"] = str(LARGEST_BODY)
        return super().initialize_request(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.caller = Caller.of(request)


def spoken(request: HttpRequest) -> str:
    """The first of our languages that the caller accepts; Vietnamese where nothing is said."""
    for name, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if name.split("-")[0] in LANGUAGES:
            return name.split("-")[0]
    return get_language() if get_language() in LANGUAGES else LANGUAGES[0]


def answer(data: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """The data as JSON, rendered now and in the language of this request."""
    return HttpResponse(to_json(data), status=status, content_type="application/json", headers=headers)


def read(body: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """The body as that serializer understands it. Raises ValidationError."""
    given = body(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def listing(
    request: Request,
    rows: QuerySet[Row],
    *,
    orderings: Mapping[str, str],
    tie: str,
    show: Callable[[list[Row]], list[dict[str, Any]]],
) -> HttpResponse:
    """One keyset page. `orderings` maps each allowed `ordering` to a field; the first is the default."""
    params = request.query_params
    wanted = params.get("ordering") or next(iter(orderings))
    if wanted not in orderings:
        message = _("Choose from: %(choices)s.") % {"choices": ", ".join(orderings)}
        raise Invalid(message, code="invalid_choice", field="ordering")
    size = whole("page_size", params.get("page_size") or str(PAGE_SIZE), largest=2**31)
    found = page(
        rows,
        ordering=orderings[wanted],
        tie=tie,
        size=max(1, min(size, LARGEST_PAGE)),
        cursor=params.get("cursor", ""),
    )
    return answer(
        {
            "results": show(found.rows),
            "next": _neighbour(request, found.next),
            "previous": _neighbour(request, found.previous),
        }
    )


def _neighbour(request: Request, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    query = {**request.query_params.dict(), "cursor": cursor}
    return request.build_absolute_uri(f"{request.path}?{urlencode(query)}")
