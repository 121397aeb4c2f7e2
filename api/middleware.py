"""Calls of integrations go past what only pages need.

Session, messages and their like cost a tenth of taking a lead in, and what they put on the request points back at it:
each call would leave a hundred objects to the garbage collector.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

CALLS = "/api/v1/"


def is_call(request: HttpRequest) -> bool:
    """Whether this is a call of the API without a cookie: nobody can be logged in, by a session or otherwise."""
    return request.path_info.startswith(CALLS) and not request.META.get("HTTP_COOKIE")


class PagesMiddleware:
    """What `PAGES_MIDDLEWARE` names, one around the other, for everything but calls."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.call = self.page = get_response
        for name in reversed(settings.PAGES_MIDDLEWARE):
            self.page = import_string(name)(self.page)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.call(request) if is_call(request) else self.page(request)


class PolicyMiddleware:
    """The content policy of the library; the one of calls, which have no nonce, is put together once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.call, self.page = get_response, CSPMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> Any:
        if not is_call(request):
            return self.page(request)
        response = self.call(request)
        response.headers.setdefault(HEADER, self._of_calls)
        return response

    @cached_property
    def _of_calls(self) -> str:
        return build_policy()
