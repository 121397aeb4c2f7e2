from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.enums import Role
from api.models import ApiKey
from leads.models import Submission
from tests.api.caller import Caller, problem
from tests.factories import make_lead, make_user


def test_key_in_the_header_opens(api):
    assert api.get("me/").status_code == 200


def test_nobody_is_told_how_to_come_in(anonymous):
    response = anonymous.get("me/")
    assert problem(response) == (401, "not_authenticated")
    assert response["WWW-Authenticate"] == 'Bearer realm="leadflow"'


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Bearer x", "Basic YTpi", "Token lf_a_b", "lf_a_b", "Bearer é", "Bearer lf_\xff_x", "  "],
)
def test_any_other_header_is_401_even_with_a_session(db, header):
    caller = Caller(user=make_user(Role.ADMIN))
    caller.headers["Authorization"] = header
    response = caller.get("me/")
    if header.strip():
        assert problem(response) == (401, "authentication_failed")
        assert response["WWW-Authenticate"] == 'Bearer realm="leadflow"'
    else:
        assert response.status_code == 200


def test_bearer_is_spelt_in_any_case(api):
    api.headers["Authorization"] = api.headers["Authorization"].replace("Bearer", "bearer")
    assert api.get("me/").status_code == 200


@pytest.mark.parametrize("change", [{"revoked_at": timezone.now()}, {"expires_at": timezone.now() - timedelta(days=1)}])
def test_a_dead_key_is_refused_at_once(api, change):
    assert api.get("me/").status_code == 200
    ApiKey.objects.update(**change)
    assert problem(api.get("me/")) == (401, "authentication_failed")


def test_session_opens_for_people(db):
    assert Caller(user=make_user(Role.REP)).get("me/").data["kind"] == "user"


def test_session_of_somebody_who_left_is_closed(db):
    rep = make_user(Role.REP)
    caller = Caller(user=rep)
    rep.is_active = False
    rep.save()
    assert problem(caller.get("me/")) == (401, "not_authenticated")


def test_session_needs_the_csrf_token_to_change_anything(db):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user(Role.ADMIN))
    body = {"phone": "0912345678"}
    refused = client.post("/api/v1/leads/", body, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    assert Submission.objects.count() == 0
    client.get("/settings/api-keys/new/")  # a page with a form hands the token out
    token = client.cookies["csrf"].value
    accepted = client.post("/api/v1/leads/", body, content_type="application/json", headers={"X-CSRFToken": token})
    assert accepted.status_code == 201


def test_key_needs_no_csrf_token(db, api):
    client = Client(enforce_csrf_checks=True, headers=api.headers)
    assert client.post("/api/v1/leads/", {"phone": "0912345678"}, content_type="application/json").status_code == 201


def test_answers_are_never_cached(api):
    assert api.get("me/")["Cache-Control"] == "private, no-store"
    assert api.get(f"leads/{make_lead().pk}/")["Cache-Control"] == "private, no-store"
