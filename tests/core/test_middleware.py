"""Where a refused request leads, and what a page too old to be sent says."""

import pytest
from django.test import Client, RequestFactory

from accounts.enums import Role
from core.middleware import came_from
from tests.pages import as_role, enter

pytestmark = pytest.mark.django_db
BAD, HERE = "/overview/?from=abc", "http://testserver"


@pytest.mark.parametrize(
    ("method", "address", "referer", "leads_to"),
    [
        ("get", BAD, "", "/overview/"),
        ("get", BAD, f"{HERE}{BAD}", "/overview/"),
        ("get", BAD, f"{HERE}/overview/?period=month", f"{HERE}/overview/?period=month"),
        ("get", BAD, f"{HERE}/leads/", f"{HERE}/leads/"),
        ("get", BAD, "http://evil.example/overview/", "/overview/"),
        ("get", "/overview/", f"{HERE}{BAD}", "/"),
        ("get", "/overview/", f"{HERE}/leads/", f"{HERE}/leads/"),
        ("get", "/overview/", "", "/"),
        ("post", BAD, f"{HERE}{BAD}", f"{HERE}{BAD}"),
        ("post", BAD, "http://evil.example/", "/"),
    ],
)
def test_a_refused_request_leads_back(method, address, referer, leads_to):
    request = getattr(RequestFactory(), method)(address, headers={"Referer": referer})
    assert came_from(request) == leads_to


def test_a_bad_address_does_not_go_in_circles():
    """A browser keeps the referer of the first request on every redirect."""
    client, _user = as_role(Role.SALES_MANAGER)
    seen, address = [], BAD
    while len(seen) < 5:
        answer = client.get(address, headers={"Referer": f"{HERE}{BAD}"})
        seen.append((address, answer.status_code))
        if answer.status_code != 302:
            break
        address = answer["Location"]
    assert seen == [(BAD, 302), ("/overview/", 200)]
    assert "2026-11-23" in answer.content.decode()


@pytest.mark.parametrize(
    ("language", "said"), [("vi", "Trang này đã cũ nên không gửi được"), ("en", "This page was too old to be sent")]
)
def test_a_page_from_before_a_log_in_says_so_and_leads_back(language, said):
    _client, user = as_role(Role.SALES_MANAGER, language=language)
    client = enter(user)
    client.handler.enforce_csrf_checks = True
    back = f"{HERE}/bonus/plan/?a=1&b=2"
    answer = client.post("/bonus/plan/", {"first_month": "2027-01"}, headers={"Referer": back})
    page = answer.content.decode()
    assert (answer.status_code, said in page, "CSRF" in page) == (403, True, False)
    assert ('href="http://testserver/bonus/plan/?a=1&amp;b=2"' in page, "data-lapsed" in page) == (True, True)


def test_a_stranger_with_a_stale_page_of_the_login_is_told_too():
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a@b.vn", "password": "x"})
    assert (answer.status_code, "Trang này đã cũ" in answer.content.decode()) == (403, True)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("promise=zzz", "Không có lựa chọn “zzz”. Hãy chọn lại."),
        ("team=999999", "Lựa chọn này không có hoặc không còn nữa. Hãy chọn lại."),
        ("q=%00", "Không được có ký tự rỗng."),
        ("q=" + "a" * 201, "Nhiều nhất 200 ký tự (đang có 201)."),
    ],
)
def test_what_the_framework_refuses_is_said_in_vietnamese(query, said):
    client, _user = as_role(Role.SALES_MANAGER)
    assert said in client.get(f"/agreement/breaches/?{query}").content.decode()
