"""The contract as an OpenAPI document, and as a page to read and try it; everything is served from here."""

from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator

from accounts.permissions import public
from api.renderers import to_json


@public
def schema(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view
    """OpenAPI 3 as JSON, the same for everybody."""
    return HttpResponse(document(), content_type="application/vnd.oai.openapi+json")


@public
def reference(request: HttpRequest) -> HttpResponse:
    return render(request, "api/reference.html", {"csrf_cookie": settings.CSRF_COOKIE_NAME})


@lru_cache(maxsize=1)
def document() -> bytes:
    """Made once per process: it takes a moment, and changes only with the code."""
    with translation.override("en"):
        generator = SchemaGenerator()  # type: ignore[no-untyped-call]
        return to_json(generator.get_schema(request=None, public=True))  # type: ignore[no-untyped-call]
