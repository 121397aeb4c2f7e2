"""The page of a request that broke: what will pass by itself says so, and when to try again."""

import errno
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

RETRY_AFTER = 10  # seconds


@requires_csrf_token
def broken(_request: HttpRequest) -> HttpResponse:
    """503 while the database is away or the disk is full, else 500. Asks neither database nor session."""
    error = sys.exc_info()[1]
    full = isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
    if not full and not isinstance(error, OperationalError | InterfaceError):
        return HttpResponse(render_to_string("500.html"), status=500)
    return HttpResponse(render_to_string("503.html", {"full": full}), status=503, headers={"Retry-After": RETRY_AFTER})
