"""A request that broke before any view answered: a problem document under /api/, elsewhere a page."""

import sys

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.csrf import requires_csrf_token
from django.views.defaults import bad_request

from api.errors import problem_response, refusal_of
from api.v1.base import spoken
from core import failures

API = "/api/"


@requires_csrf_token
def malformed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: a Host that is not ours, a body that is none."""
    if not request.path.startswith(API):
        return bad_request(request, exception)
    with translation.override(spoken(request)):
        return refusal_of(exception).response()


@requires_csrf_token
def broken(request: HttpRequest) -> HttpResponse:
    """503 where it passes by itself, else 500. Asks neither database nor session."""
    error = sys.exc_info()[1]
    if not request.path.startswith(API) or not isinstance(error, Exception):
        return failures.broken(request)
    with translation.override(spoken(request)):
        return problem_response(error, {})
