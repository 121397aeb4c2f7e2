"""Language of the person, and deny by default."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

OPEN_MODULES = ("allauth.", "django.contrib.staticfiles", "api.v1.", "drf_spectacular.")


class LanguageMiddleware:
    """Vietnamese unless the person, or the cookie of somebody not logged in, says otherwise."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = request.COOKIES.get("language", "vi")
        if request.user.is_authenticated:
            language = request.user.language
        with translation.override(language if language in {"vi", "en"} else "vi"):
            request.LANGUAGE_CODE = translation.get_language() or "vi"
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response


class DenyByDefaultMiddleware:
    """Refuses every page view that says neither `allow(...)` nor `public`: forgetting is a closed door.

    The API answers for itself (its default permission denies), and so do the login pages.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: tuple[Any, ...], _kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if hasattr(view, "permission") or view.__module__.startswith(OPEN_MODULES):
            return None
        return render(request, "403.html", status=403)
