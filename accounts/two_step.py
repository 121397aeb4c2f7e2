"""The second step of a log-in: a code of the app opens once, whoever has read it over a shoulder."""

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.db import transaction

LAST = "last_counter"  # in the authenticator's data: the half minute of the newest code that opened


class CodeOnce:
    """allauth forgets a used code after 30 s, but takes it for 90: here the next one must be newer (RFC 6238, 5.2)."""

    authenticator: Authenticator

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP and not claim(self.authenticator, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(CodeOnce, AuthenticateForm):  # type: ignore[misc]
    pass


class CodeAgainForm(CodeOnce, ReauthenticateForm):  # type: ignore[misc]
    pass


@transaction.atomic
def claim(authenticator: Authenticator, code: str) -> bool:
    """Whether the code is newer than every one that opened before; it has opened now. The row's lock settles races."""
    row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    secret = decrypt(row.data["secret"])
    shown = {counter: format_hotp_value(hotp_value(secret, counter)) for counter in yield_hotp_counters_from_time()}
    newest = max((at for at, said in shown.items() if compare_user_code(actual=code, expected=said)), default=0)
    if newest <= row.data.get(LAST, 0):
        return False
    row.data[LAST] = newest
    row.save(update_fields=["data"])
    return True
