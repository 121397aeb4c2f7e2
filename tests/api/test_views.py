"""The administrator's page of keys."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.enums import Role
from api.keys import authenticate, create_key, revoke_key
from api.models import ApiKey
from tests.factories import make_user


@pytest.fixture
def admin(client, db):
    user = make_user(Role.ADMIN, language="en")
    client.force_login(user)
    return user


def text(response) -> str:
    return response.content.decode()


def test_page_without_keys_says_what_to_do_first(client, admin):
    response = client.get("/settings/api-keys/")
    assert response.status_code == 200
    assert "No keys yet" in text(response)


def test_page_lists_keys_with_their_state(client, admin):
    now = timezone.now()
    create_key("Website", ["leads:write"], by=admin, at=now - timedelta(days=2))
    create_key("Old", ["admin"], by=None, at=now - timedelta(days=2), expires_at=now - timedelta(days=1))
    gone, _token = create_key("Gone", ["leads:read"], by=admin, at=now)
    revoke_key(gone, at=now)
    page = text(client.get("/settings/api-keys/"))
    for word in ("Website", "leads:write", "Key works", "Expired", "Revoked", "Never used"):
        assert word in page
    assert page.count("Revoke this key?") == 2
    assert f"/settings/api-keys/{gone.pk}/revoke/" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_the_same_queries_whatever_its_length(client, admin, count, django_assert_max_num_queries):
    for number in range(count):
        create_key(f"K{number}", ["admin"], by=admin, at=timezone.now())
    with django_assert_max_num_queries(3):  # session, user, keys
        client.get("/settings/api-keys/")


def test_new_key_is_shown_once_and_works(client, admin):
    assert client.get("/settings/api-keys/new/").status_code == 200
    response = client.post(
        "/settings/api-keys/new/", {"name": "Website", "scopes": ["leads:write", "leads:read"], "days": "30"}
    )
    assert response.status_code == 201
    assert "no-store" in response["Cache-Control"]
    token = re.search(r'value="(lf_[^"]+)"', text(response)).group(1)
    key = authenticate(token, at=timezone.now())
    assert key is not None
    assert (key.name, key.scopes, key.created_by) == ("Website", ["leads:read", "leads:write"], admin)
    assert timedelta(days=29) < key.expires_at - timezone.now() <= timedelta(days=30)
    assert token not in text(client.get("/settings/api-keys/"))


def test_new_key_without_expiry(client, admin):
    client.post("/settings/api-keys/new/", {"name": "Website", "scopes": ["admin"], "days": "0"})
    assert ApiKey.objects.get().expires_at is None


WRONG = (
    {},
    {"name": "x", "days": "0"},
    {"scopes": ["admin"], "days": "0"},
    {"name": "x", "scopes": ["root"], "days": "0"},
    {"name": "x", "scopes": ["admin"], "days": "-5"},
    {"name": "x\x00", "scopes": ["admin"], "days": "0"},
)


@pytest.mark.parametrize("fields", WRONG)
def test_new_key_refused_keeps_what_was_typed(client, admin, fields):
    response = client.post("/settings/api-keys/new/", fields)
    assert response.status_code == 422
    assert ApiKey.objects.count() == 0


def test_name_is_escaped_everywhere(client, admin):
    name = '<script>alert(1)</script>"'
    for page in (
        client.post("/settings/api-keys/new/", {"name": name, "scopes": ["admin"], "days": "0"}),
        client.get("/settings/api-keys/"),
    ):
        assert "<script>alert" not in text(page)


def test_revoke_closes_the_key_at_once(client, admin):
    key, token = create_key("Website", ["admin"], by=admin, at=timezone.now())
    response = client.post(f"/settings/api-keys/{key.pk}/revoke/", follow=True)
    assert "Website is revoked" in text(response)
    assert authenticate(token, at=timezone.now()) is None


def test_revoke_is_a_post(client, admin):
    key, _token = create_key("Website", ["admin"], by=admin, at=timezone.now())
    assert client.get(f"/settings/api-keys/{key.pk}/revoke/").status_code == 405
    key.refresh_from_db()
    assert key.revoked_at is None


def test_page_speaks_vietnamese(client, db):
    client.force_login(make_user(Role.ADMIN))
    assert "Khoá API" in text(client.get("/settings/api-keys/"))
    assert "Tạo khoá" in text(client.get("/settings/api-keys/new/"))


def test_reference_page_loads_only_from_here(client, db):
    page = text(client.get("/api/docs/"))
    assert 'data-schema="/api/schema/"' in page
    assert "http" not in re.sub(r"<!doctype.*?>", "", page)
