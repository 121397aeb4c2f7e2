"""Every refusal as an RFC 9457 problem document, in the reader's language. Nothing else ever leaves as an error."""

import logging
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from math import ceil
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, ValidationError
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError
from django.http import Http404, HttpResponse, UnreadablePostError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions as drf

from api.renderers import to_json
from core.errors import DomainError
from leads.enquiry import Problem

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = 2  # seconds; a database that restarts is back in that order
log = logging.getLogger(__name__)

TITLES = {
    400: gettext_lazy("The request is malformed"),
    401: gettext_lazy("Who are you?"),
    403: gettext_lazy("Not allowed"),
    404: gettext_lazy("Not found"),
    405: gettext_lazy("This address does not take that method"),
    406: gettext_lazy("Only JSON is served here"),
    409: gettext_lazy("Conflict"),
    413: gettext_lazy("The body is larger than 5 MB"),
    415: gettext_lazy("Only JSON is taken here"),
    422: gettext_lazy("The request can't be carried out"),
    429: gettext_lazy("Too many requests"),
    500: gettext_lazy("Something went wrong on our side"),
    503: gettext_lazy("Not available at the moment"),
}


class PayloadTooLarge(drf.APIException):
    status_code = 413
    default_code = "payload_too_large"
    default_detail = TITLES[413]


class Rejected(DomainError):
    """Input with several things wrong at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = problems[0]
        super().__init__(first.message, code=first.code, field=first.field)
        self.problems = list(problems)


@dataclass(slots=True)
class Refusal:
    """What a problem document is made of."""

    status: int
    code: str
    detail: str = ""
    problems: Sequence[Problem] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def response(self) -> HttpResponse:
        title = str(TITLES.get(self.status) or HTTPStatus(self.status).phrase)
        body = {
            **self.extra,
            "type": f"urn:leadflow:problem:{self.code}",
            "title": title,
            "status": self.status,
            "detail": self.detail or title,
            "code": self.code,
            "errors": [problem.as_dict() for problem in self.problems],
        }
        return HttpResponse(to_json(body), status=self.status, content_type=MEDIA_TYPE, headers=self.headers)


def problem_response(error: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """The exception handler of every API view."""
    refusal = refusal_of(error)
    if refusal.status >= 500:
        where = type(context.get("view")).__name__
        # Frames without values: messages of the database may carry personal data.
        frames = "".join(traceback.format_tb(error.__traceback__)) if refusal.status == 500 else ""
        log.error("%s in %s\n%s", type(error).__name__, where, frames)
    return refusal.response()


def refusal_of(error: Exception) -> Refusal:
    """What to tell the caller about an exception, whatever it is."""
    if isinstance(error, Rejected):
        return Refusal(error.status, error.code, str(error), error.problems)
    if isinstance(error, DomainError):
        later = {"Retry-After": str(error.retry_after)} if error.retry_after else {}
        return Refusal(error.status, error.code, str(error), [_problem_of(error)], error.extra, later)
    if isinstance(error, drf.ValidationError):
        problems = _flatten(error.get_full_details())
        return Refusal(422, problems[0].code, problems[0].message, problems)
    if isinstance(error, drf.APIException):
        return _of_framework(error)
    if isinstance(error, DatabaseError | InterfaceError):
        return _of_database(error)
    return _of_django(error)


def _problem_of(error: DomainError) -> Problem:
    return Problem(error.field, error.code, str(error))


def _of_framework(error: drf.APIException) -> Refusal:
    code = str(error.get_codes()) if isinstance(error.get_codes(), str) else error.default_code
    headers = {}
    if auth := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = auth
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(ceil(wait))
    return Refusal(error.status_code, code, str(error.detail), headers=headers)


def _of_database(error: DatabaseError | InterfaceError) -> Refusal:
    if isinstance(error, DataError):
        return Refusal(422, "unstorable", _("A value can't be stored."))
    if isinstance(error, IntegrityError):
        return Refusal(409, "conflict", _("Somebody else changed this at the same moment. Try again."))
    detail = _("The database is away or busy. Nothing was changed; try again in a moment.")
    return Refusal(503, "unavailable", detail, headers={"Retry-After": str(RETRY_AFTER)})


def _of_django(error: Exception) -> Refusal:
    if isinstance(error, Http404):
        return Refusal(404, "not_found")
    if isinstance(error, PermissionDenied):
        return Refusal(403, "permission_denied")
    if isinstance(error, RequestDataTooBig):
        return Refusal(413, "payload_too_large")
    if isinstance(error, SuspiciousOperation | UnreadablePostError):
        return Refusal(400, "malformed")
    if isinstance(error, ValidationError):
        return Refusal(422, "invalid", "; ".join(error.messages))
    return Refusal(500, "server_error", _("This is our mistake; it was noted. Trying again is safe."))


def _flatten(details: Any, path: str = "") -> list[Problem]:
    """The framework's nested validation messages as a flat list; `items.3.name` names a nested field."""
    if isinstance(details, Mapping) and {"message", "code"} == set(details):
        return [Problem(path, str(details["code"]), str(details["message"]))]
    pairs = details.items() if isinstance(details, Mapping) else ((None, item) for item in details)
    found = []
    for key, value in pairs:
        inner = path if key in (None, "non_field_errors") else f"{path}.{key}".strip(".")
        found += _flatten(value, inner)
    return found
