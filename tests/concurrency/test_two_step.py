import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from accounts.two_step import claim
from tests.accounts.test_two_step import code_of
from tests.concurrency.crowd import at_once
from tests.factories import make_user


@pytest.mark.django_db(transaction=True)
def test_one_code_at_once_in_eight_browsers_opens_one():
    secret = generate_totp_secret()
    authenticator = TOTP.activate(make_user(), secret).instance
    code = code_of(secret)
    opened = at_once([lambda: claim(Authenticator.objects.get(pk=authenticator.pk), code)] * 8)
    assert sorted(opened) == [False] * 7 + [True]
