"""One place turns a refused act into something a person can read."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from core.errors import DomainError, NotFound


class DomainErrorMiddleware:
    """Shows a DomainError: as a toast for htmx, as a message on the page the person came from, or as a 404 page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        if isinstance(error, NotFound):
            return render(request, "404.html", status=404)
        if request.headers.get("HX-Request"):
            return _toast(request, error)
        messages.error(request, str(error))
        return redirect(came_from(request))


def _toast(request: HttpRequest, error: DomainError) -> HttpResponse:
    response = render(request, "components/toast.html", {"level": "error", "text": str(error)}, status=error.status)
    response["HX-Retarget"] = "#toasts"
    response["HX-Reswap"] = "beforeend"
    return response


def came_from(request: HttpRequest) -> str:
    """The page the person was on. A page that can't be shown as it is asked for is shown without what was asked.

    A browser keeps the referer when it is sent on: led back to the address it came from, it would go in circles.
    """
    referer = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure())
    if request.method not in {"GET", "HEAD"}:
        return referer if safe else "/"
    asked = bool(request.GET)
    if safe and urlsplit(referer).path == request.path and (not asked or _is_self(referer, request)):
        return request.path if asked else "/"
    return referer if safe else request.path if asked else "/"


def _is_self(referer: str, request: HttpRequest) -> bool:
    return referer == request.build_absolute_uri()
