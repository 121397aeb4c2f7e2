"""A call with a key takes the short way, a page the long one; what both answer is as safe."""

import re
import weakref

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve
from django.utils.module_loading import import_string

from api.middleware import PagesMiddleware, PolicyMiddleware, is_call
from tests.api.caller import Caller
from tests.factories import make_user

SAFE = {
    "Cache-Control": "private, no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def directives(response):
    return set(re.sub(r" 'nonce-[^']+'", "", response.headers["Content-Security-Policy"]).split("; "))


@pytest.mark.parametrize(
    ("path", "cookie", "expected"),
    [
        ("/api/v1/leads/", "", True),
        ("/api/v1/leads/", "language=en", False),
        ("/api/v1", "", False),
        ("/api/docs/", "", False),
        ("/leads/", "", False),
    ],
)
def test_a_call_is_one_of_the_api_without_a_cookie(path, cookie, expected):
    assert is_call(RequestFactory().get(path, headers={"Cookie": cookie})) is expected


def test_pages_keep_what_calls_go_past():
    seen = []

    def answer(request):
        seen.append((hasattr(request, "session"), hasattr(request, "user"), hasattr(request, "htmx")))
        return HttpResponse()

    middleware = PagesMiddleware(answer)
    middleware(RequestFactory().get("/api/v1/leads/"))
    middleware(RequestFactory().get("/entrance/"))
    assert seen == [(False, False, False), (True, True, True)]


def test_only_middleware_without_hooks_is_gone_past():
    hooks = ("process_view", "process_exception", "process_template_response")
    found = [import_string(name) for name in settings.PAGES_MIDDLEWARE]
    assert [(one, hook) for one in found for hook in hooks if hasattr(one, hook)] == []


def test_a_call_is_answered_as_safely_as_a_page(api):
    call, page = api.get("leads/"), Client().get("/accounts/login/")
    assert {name: call.headers[name] for name in SAFE} == SAFE
    assert directives(call) == directives(page)


def test_the_policy_of_calls_has_no_nonce_and_yields_to_an_own_one():
    def own(_request):
        return HttpResponse(headers={"Content-Security-Policy": "default-src 'none'"})

    request = RequestFactory().get("/api/v1/leads/")
    plain = PolicyMiddleware(lambda _request: HttpResponse())(request)
    assert "nonce" not in plain.headers["Content-Security-Policy"]
    assert PolicyMiddleware(own)(request).headers["Content-Security-Policy"] == "default-src 'none'"


def test_a_call_says_its_language_with_and_without_an_address(api):
    said = [api.get(path, **{"Accept-Language": language}) for path in ("leads/", "none/") for language in ("vi", "en")]
    assert [response.headers["Content-Language"] for response in said] == ["vi", "en", "vi", "en"]


def test_a_person_calls_by_session_as_before(db):
    caller = Caller(user=make_user())
    assert caller.get("leads/").status_code == 200
    assert caller.client.get("/api/v1/leads/", headers={"Accept-Language": "en"}).headers["Content-Language"] == "en"


def test_nobody_is_let_in_without_key_and_cookie(anonymous):
    assert anonymous.get("leads/").status_code == 401


def test_view_and_request_of_a_call_are_gone_once_it_is_answered(api):
    request = RequestFactory().get("/api/v1/leads/", headers=api.headers)
    answered = weakref.ref(request)
    response = resolve("/api/v1/leads/").func(request)
    assert response.status_code == 200
    del request, response
    assert answered() is None
