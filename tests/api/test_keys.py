import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.enums import Role
from api.keys import authenticate, create_key, revoke_key
from api.models import ApiKey
from core.errors import Invalid
from tests.factories import NOW, make_user

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(seconds=1)


def make(**fields) -> tuple[ApiKey, str]:
    return create_key("Web", ["leads:write"], by=None, at=NOW, **fields)


def test_create_key_shows_the_secret_and_keeps_only_its_hash():
    admin = make_user(Role.ADMIN)
    key, token = create_key("  Web\x00 form ", ["leads:read", "leads:write", "leads:read"], by=admin, at=NOW)
    assert re.fullmatch(r"lf_[a-z2-9]{10}_[\w-]{43}", token)
    assert (key.name, key.scopes, key.created_by) == ("Web form", ["leads:read", "leads:write"], admin)
    stored = str(ApiKey.objects.values().get())
    assert token.split("_", 2)[2] not in stored


def test_create_key_never_makes_the_same_twice():
    assert len({make()[1] for _n in range(20)}) == 20


@pytest.mark.parametrize(
    ("name", "scopes", "field"),
    [("", ["admin"], "name"), (" ", ["admin"], "name"), ("x", [], "scopes"), ("x", ["root"], "scopes")],
)
def test_create_key_refuses(name, scopes, field):
    with pytest.raises(Invalid) as refused:
        create_key(name, scopes, by=None, at=NOW)
    assert refused.value.field == field


def test_create_key_refuses_an_expiry_in_the_past():
    with pytest.raises(Invalid) as refused:
        make(expires_at=NOW)
    assert refused.value.field == "expires_at"


def test_authenticate_finds_the_key():
    key, token = make()
    assert authenticate(token, at=LATER) == key


def test_authenticate_takes_one_query_once_used(django_assert_num_queries):
    _key, token = make()
    authenticate(token, at=LATER)
    with django_assert_num_queries(1):
        authenticate(token, at=LATER)


def test_authenticate_notes_the_use_at_most_once_a_minute():
    key, token = make()
    for seconds, noted in ((1, 1), (30, 1), (60, 1), (61, 61), (100, 61)):
        authenticate(token, at=NOW + timedelta(seconds=seconds))
        key.refresh_from_db()
        assert key.last_used_at == NOW + timedelta(seconds=noted)


def test_authenticate_refuses_after_the_expiry():
    _key, token = make(expires_at=NOW + timedelta(hours=1))
    assert authenticate(token, at=NOW + timedelta(minutes=59)) is not None
    assert authenticate(token, at=NOW + timedelta(hours=1)) is None


def test_authenticate_refuses_a_revoked_key_at_once():
    key, token = make()
    revoke_key(key, at=LATER)
    assert authenticate(token, at=LATER) is None
    assert key.state(at=LATER) == "revoked"
    revoke_key(key, at=LATER + timedelta(days=1))
    assert key.revoked_at == LATER


def test_state_of_a_key():
    key, _token = make(expires_at=LATER)
    assert (key.state(at=NOW), key.state(at=LATER)) == ("active", "expired")


@pytest.mark.parametrize(
    "wrong",
    [
        "", "lf", "lf_", "lf__", "lf_{p}", "lf_{p}_", "lf_{p}_x", "xx_{p}_{s}", "{p}_{s}", "lf_{P}_{s}", "lf_{p}_{s}x",
        "lf_{p}_{s} ", "lf_'--_{s}", "lf_\x00_{s}", "lf_é_{s}", "lf_{p}_é", "lf_{p}_\udc80", "lf_{p}_" + "s" * 500,
    ],
)  # fmt: skip
def test_authenticate_refuses_everything_else(wrong):
    _key, token = make()
    _lf, prefix, secret = token.split("_", 2)
    given = wrong.replace("{p}", prefix).replace("{P}", prefix.upper() + "A").replace("{s}", secret)
    assert authenticate(given, at=LATER) is None


def test_key_says_its_name_and_prefix():
    key, _token = make()
    assert str(key) == f"Web ({key.prefix})"


def test_command_prints_the_key_alone_on_the_last_line():
    out = StringIO()
    call_command("create_api_key", "Web", "--scope", "leads:write", "--scope", "events:write", stdout=out)
    token = out.getvalue().splitlines()[-1]
    key = authenticate(token, at=LATER)
    assert key is not None
    assert (key.name, key.scopes, key.created_by) == ("Web", ["events:write", "leads:write"], None)


def test_command_refuses_an_empty_name():
    with pytest.raises(CommandError):
        call_command("create_api_key", " ", "--scope", "leads:write")


def test_command_refuses_an_unknown_scope():
    with pytest.raises(CommandError):
        call_command("create_api_key", "Web", "--scope", "root")
