"""The page of a request that broke: what will pass by itself says so, and when to try again."""

import errno
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

from core.middleware import came_from

RETRY_AFTER = 10  # seconds


@requires_csrf_token
def broken(_request: HttpRequest) -> HttpResponse:
    """503 while the database is away or the disk is full, else 500. Asks neither database nor session."""
    error = sys.exc_info()[1]
    full = isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
    if not full and not isinstance(error, OperationalError | InterfaceError):
        return HttpResponse(render_to_string("500.html"), status=500)
    return HttpResponse(render_to_string("503.html", {"full": full}), status=503, headers={"Retry-After": RETRY_AFTER})


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - what it is called with
    """403 for a form without a valid token: its page is from before a log-in, or the browser keeps no cookies."""
    return render(request, "403_csrf.html", {"back": came_from(request)}, status=403)
