import logging

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, ValidationError
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404, UnreadablePostError
from rest_framework import exceptions as drf

from api.errors import Rejected, problem_response, refusal_of
from core.errors import Conflict, IllegalMove, NotFound, Refused
from leads.enquiry import Problem
from tests.api.caller import problem

EXCEPTIONS = [
    (Rejected([Problem("a", "x", "m")]), 422, "x"),
    (IllegalMove("m", code="illegal_transition"), 422, "illegal_transition"),
    (Conflict("m", code="c"), 409, "c"),
    (Refused("m", code="r"), 403, "r"),
    (NotFound(), 404, "not_found"),
    (drf.ParseError(), 400, "parse_error"),
    (drf.NotAuthenticated(), 401, "not_authenticated"),
    (drf.PermissionDenied(), 403, "permission_denied"),
    (drf.NotFound(), 404, "not_found"),
    (drf.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
    (drf.NotAcceptable(), 406, "not_acceptable"),
    (drf.UnsupportedMediaType("text/csv"), 415, "unsupported_media_type"),
    (drf.Throttled(3.2), 429, "throttled"),
    (drf.APIException({"a": "b"}), 500, "error"),
    (drf.ValidationError({"a": ["m"]}, code="bad"), 422, "bad"),
    (Http404(), 404, "not_found"),
    (PermissionDenied(), 403, "permission_denied"),
    (RequestDataTooBig(), 413, "payload_too_large"),
    (SuspiciousOperation(), 400, "malformed"),
    (UnreadablePostError(), 400, "malformed"),
    (ValidationError("m"), 422, "invalid"),
    (DataError(), 422, "unstorable"),
    (IntegrityError(), 409, "conflict"),
    (OperationalError(), 503, "unavailable"),
    (InterfaceError(), 503, "unavailable"),
    (RuntimeError("x"), 500, "server_error"),
]


@pytest.mark.parametrize(("error", "status", "code"), EXCEPTIONS, ids=lambda e: type(e).__name__)
def test_every_exception_has_its_status(error, status, code):
    refusal = refusal_of(error)
    assert (refusal.status, refusal.code) == (status, code)


def test_validation_messages_are_flat():
    error = drf.ValidationError({"leads": [{}, {"name": ["too long"]}], "non_field_errors": ["odd"]}, code="bad")
    assert [(p.field, p.message) for p in refusal_of(error).problems] == [("leads.name", "too long"), ("", "odd")]


def test_validation_of_a_bare_message():
    assert [(p.field, p.code) for p in refusal_of(drf.ValidationError("odd")).problems] == [("", "invalid")]


def test_extra_never_hides_the_standard_members():
    error = IllegalMove("m", code="c", extra={"status": "x", "legal": ["new"]})
    body = problem_response(error, {}).content.decode()
    assert '"status":422' in body
    assert '"legal":["new"]' in body


def test_waiting_and_proving_are_headers():
    assert refusal_of(drf.Throttled(3.2)).headers == {"Retry-After": "4"}
    assert refusal_of(OperationalError()).headers == {"Retry-After": "2"}
    error = drf.NotAuthenticated()
    error.auth_header = "Bearer"
    assert refusal_of(error).headers == {"WWW-Authenticate": "Bearer"}


def test_our_mistakes_are_logged_without_values(caplog):
    number = "0912345678"
    with caplog.at_level(logging.ERROR, "api.errors"):
        try:
            int(f"phone {number}")
        except ValueError as error:
            problem_response(error, {})
    assert "ValueError" in caplog.text
    assert number not in caplog.text


# --- over the wire --------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/api/", "/api/v1/", "/api/v1/nothing/", "/api/v2/leads/", "/api/v1/leads/abc/"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS"])
def test_unknown_address_is_a_problem_document(anonymous, path, method):
    assert problem(anonymous.send(method, path)) == (404, "not_found")


def test_missing_slash_is_named(api):
    response = api.post("leads", {"phone": "0912345678"})
    assert problem(response) == (404, "not_found")
    assert "/api/v1/leads/" in response.data["detail"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_method_that_is_not_there(api, method):
    response = api.send(method, "leads/", {})
    assert problem(response) == (405, "method_not_allowed")
    assert response["Allow"] == "GET, HEAD, POST"


def test_head_is_a_get_without_body(api):
    response = api.send("HEAD", "me/")
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/*"])
def test_only_json_is_served(api, accept):
    assert problem(api.get("me/", Accept=accept)) == (406, "not_acceptable")


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/html, */*;q=0.1", "application/*"])
def test_json_is_served_to_whoever_takes_it(api, accept):
    assert api.get("me/", Accept=accept).status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_only_json_is_taken(api, kind):
    response = api.post("leads/", b"phone=0912345678", Content_Type=kind)
    assert problem(response) == (415, "unsupported_media_type")


def test_database_away_is_503_with_a_time_to_come_back(api, monkeypatch):
    def gone(*_args, **_more):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr("api.v1.arrivals.receive", gone)
    response = api.post("leads/", {"phone": "0912345678"})
    assert problem(response) == (503, "unavailable")
    assert response["Retry-After"] == "2"


def test_our_mistake_is_a_problem_document_too(api, monkeypatch):
    def broken(*_args, **_more):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("api.v1.arrivals.receive", broken)
    response = api.post("leads/", {"phone": "0912345678"})
    assert problem(response) == (500, "server_error")
    assert b"secret" not in response.content


@pytest.mark.parametrize(
    ("accepted", "language", "title"),
    [
        ("", "vi", "Không tìm thấy"),
        ("en", "en", "Not found"),
        ("en-GB,en;q=0.9,vi;q=0.5", "en", "Not found"),
        ("fr, vi;q=0.2, en;q=0.1", "vi", "Không tìm thấy"),
        ("fr", "vi", "Không tìm thấy"),
        ("*", "vi", "Không tìm thấy"),
        (";;;=,", "vi", "Không tìm thấy"),
    ],
)
def test_language_is_the_callers(api, accepted, language, title):
    response = api.get("leads/999/", Accept_Language=accepted)
    assert (response["Content-Language"], response.data["title"]) == (language, title)


def test_framework_messages_are_translated_too(anonymous):
    assert anonymous.get("me/", Accept_Language="en").data["title"] == "Who are you?"
    assert anonymous.get("me/").data["title"] == "Bạn là ai?"
