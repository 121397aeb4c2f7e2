from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from api.keys import authenticate
from api.models import ApiKey


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer lf_<prefix>_<secret>`. One answer for every kind of wrong key."""

    def authenticate(self, request: Request) -> tuple[ApiKey, ApiKey] | None:
        kind, _space, token = get_authorization_header(request).partition(b" ")
        if not kind:
            return None
        key = authenticate(token.strip().decode("latin-1"), at=timezone.now()) if kind.lower() == b"bearer" else None
        if key is None:
            raise AuthenticationFailed(_("This key is unknown, expired or revoked."))
        return key, key

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - the framework's signature
        return 'Bearer realm="leadflow"'
