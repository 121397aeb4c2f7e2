"""Two-step login: turned on, asked for, helped with, turned off."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import caches
from django.test import Client

from accounts.enums import Role
from tests.factories import PASSWORD, make_user
from tests.pages import as_role

pytestmark = pytest.mark.django_db


def code_of(secret):
    """What the app on the phone shows now."""
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def log_in(client, user, password=PASSWORD):
    return client.post("/accounts/login/", {"login": user.email, "password": password})


def enter(user, code):
    """Whether password and code open, in a browser of their own."""
    client = Client()
    log_in(client, user)
    client.post("/accounts/2fa/authenticate/", {"code": code})
    return client.get("/profile/").status_code == 200


def prove(client):
    """What is asked before anything about the second step may be changed."""
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302


@pytest.fixture
def guarded():
    """A person with the second step on, and its secret."""
    user, secret = make_user(), generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return user, secret


def test_person_turns_it_on_with_a_code_of_the_app():
    user, client = make_user(), Client()
    log_in(client, user)
    assert 'href="/accounts/2fa/"' in client.get("/profile/").content.decode()
    assert "Bật" in client.get("/accounts/2fa/").content.decode()
    assert client.get("/accounts/2fa/totp/activate/")["Location"].startswith("/accounts/reauthenticate/")
    prove(client)
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page)[1]
    assert 'src="data:image/svg+xml' in page
    refused = client.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    assert ("Mã chưa đúng." in refused.content.decode(), Authenticator.objects.count()) == (True, 0)
    client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert set(Authenticator.objects.filter(user=user).values_list("type", flat=True)) == {"totp", "recovery_codes"}
    codes = client.get("/accounts/2fa/recovery-codes/").content.decode()
    assert len(re.findall(r"<li><code>\w+</code></li>", codes)) == 10


def test_password_alone_no_longer_opens_and_the_code_does(guarded):
    user, secret = guarded
    client = Client()
    assert log_in(client, user)["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/profile/").status_code == 302
    page = client.get("/accounts/2fa/authenticate/").content.decode()
    assert "Còn một bước nữa" in page
    assert "Mã chưa đúng." in client.post("/accounts/2fa/authenticate/", {"code": "000000"}).content.decode()
    assert client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)}).status_code == 302
    assert client.get("/profile/").status_code == 200


def test_recovery_code_opens_once(guarded):
    user, _secret = guarded
    spare = RecoveryCodes(Authenticator.objects.get(user=user, type="recovery_codes")).get_unused_codes()[0]
    for opens in (True, False):
        client = Client()
        log_in(client, user)
        client.post("/accounts/2fa/authenticate/", {"code": spare})
        assert (client.get("/profile/").status_code == 200) is opens


def test_a_code_opens_once_even_when_what_was_used_is_forgotten(guarded):
    """The library remembers a used code for 30 s and takes it for 90."""
    user, secret = guarded
    code = code_of(secret)
    assert [enter(user, code), enter(user, code)] == [True, False]
    caches["entrance"].clear()
    assert enter(user, code) is False


def test_no_code_opens_after_a_newer_one(guarded):
    user, secret = guarded
    before, now, after = [format_hotp_value(hotp_value(secret, at)) for at in yield_hotp_counters_from_time()]
    assert [enter(user, now), enter(user, before), enter(user, f"{after[:3]} {after[3:]}")] == [True, False, True]


def test_a_code_that_opened_does_not_prove_presence_again(guarded):
    user, secret = guarded
    client = Client()
    log_in(client, user)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    caches["entrance"].clear()
    again = client.post("/accounts/2fa/reauthenticate/", {"code": code_of(secret)})
    assert (again.status_code, "Mã chưa đúng." in again.content.decode()) == (200, True)


@pytest.fixture
def without_valkey(settings):
    away = dict(settings.CACHES["default"], LOCATION="unix:///nowhere/valkey.sock?db=0")
    settings.CACHES = dict(settings.CACHES, default=away)


@pytest.mark.usefixtures("without_valkey")
def test_without_valkey_both_steps_open_and_a_code_still_opens_once(guarded):
    user, secret = guarded
    code = code_of(secret)
    assert [enter(user, code), enter(user, code)] == [True, False]
    caches["entrance"].clear()
    assert enter(user, code) is False


@pytest.mark.usefixtures("without_valkey")
def test_without_valkey_nobody_guesses_more_often():
    user = make_user()
    told = [log_in(Client(), user, "wrong").content.decode() for _try in range(6)]
    assert ["Đăng nhập sai quá nhiều lần" in page for page in told] == [False] * 5 + [True]
    assert "Đăng nhập sai quá nhiều lần" in log_in(Client(), user).content.decode()


def test_it_is_turned_off_by_its_owner_who_proves_to_be_there(guarded):
    user, secret = guarded
    client = Client()
    log_in(client, user)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    prove(client)
    assert "Tắt đăng nhập hai bước" in client.get("/accounts/2fa/totp/deactivate/").content.decode()
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=user).exists()
    assert log_in(Client(), user)["Location"] == "/"


def test_administrator_helps_whose_phone_is_lost(guarded):
    user, _secret = guarded
    client, _admin = as_role(Role.ADMIN)
    assert "two-step-off" in client.get(f"/people/{user.pk}/").content.decode()
    client.post(f"/people/{user.pk}/two-step-off/")
    assert not Authenticator.objects.filter(user=user).exists()
    assert "two-step-off" not in client.get(f"/people/{user.pk}/").content.decode()


def test_nobody_else_may_turn_it_off(guarded):
    user, _secret = guarded
    client, _manager = as_role(Role.SALES_MANAGER)
    assert client.post(f"/people/{user.pk}/two-step-off/").status_code == 403
    assert Authenticator.objects.filter(user=user).count() == 2


@pytest.mark.parametrize(
    "path", ["", "totp/deactivate/", "recovery-codes/", "recovery-codes/generate/", "reauthenticate/"]
)
def test_pages_are_in_english_too(guarded, path):
    user, secret = guarded
    user.language = "en"
    user.save()
    client = Client()
    log_in(client, user)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    prove(client)
    page = client.get(f"/accounts/2fa/{path}").content.decode()
    assert 'lang="en"' in page
    assert re.search(
        r"<h1[^>]*>\s*(Two-step login|Turn off two-step login|Recovery codes|New recovery codes|Confirm Access)", page
    )
