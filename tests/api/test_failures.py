"""What a caller reads when a request breaks before any view could answer."""

import orjson
import pytest
from django.core.handlers.exception import convert_exception_to_response
from django.db import OperationalError
from django.test import Client, RequestFactory

from tests.api.caller import problem

FOREIGN = {"HTTP_HOST": "evil.example"}


def told(answer):
    """Status and code of a problem document."""
    answer.data = orjson.loads(answer.content)
    return problem(answer)


@pytest.mark.parametrize("path", ["/api/v1/leads/", "/api/v1/reports/overview/", "/api/nowhere/"])
@pytest.mark.parametrize(
    ("language", "title"),
    [("vi", "Yêu cầu sai định dạng"), ("en", "The request is malformed"), ("fr", "Yêu cầu sai định dạng")],
)
def test_a_foreign_host_gets_a_problem_document(path, language, title):
    answer = Client().get(path, headers={"Accept-Language": language}, **FOREIGN)
    assert (told(answer), answer.data["title"]) == ((400, "malformed"), title)
    assert "evil.example" not in answer.content.decode()


def test_a_foreign_host_gets_a_page_elsewhere():
    answer = Client().get("/leads/", **FOREIGN)
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert "Không đọc được yêu cầu này" in answer.content.decode()


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [(OperationalError("gone"), 503, "unavailable"), (RuntimeError("a mistake of ours"), 500, "server_error")],
)
def test_the_api_breaks_in_json_even_before_its_views(error, status, code):
    def middleware(_request):
        raise error

    answer = convert_exception_to_response(middleware)(RequestFactory().get("/api/v1/leads/"))
    assert told(answer) == (status, code)
    assert answer.headers.get("Retry-After") == ("2" if status == 503 else None)


def test_pages_break_as_pages():
    def middleware(_request):
        raise OperationalError("gone")

    answer = convert_exception_to_response(middleware)(RequestFactory().get("/leads/"))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
