"""Who is calling: a person with a role, or an integration with a key. The views ask only this."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from rest_framework.request import Request

from accounts.models import User
from accounts.permissions import may
from api.enums import Scope
from api.models import ApiKey
from core.errors import NotFound, Refused
from leads.erasure.people import refuse_erased
from leads.models import Handoff, Standing
from leads.querysets import HandoffQuerySet, StandingQuerySet

LARGEST_ID = 2**63 - 1


def known(number: int) -> int:
    """The same number, if a row can have it at all. Raises NotFound."""
    if number > LARGEST_ID:
        raise NotFound
    return number


@dataclass(frozen=True, slots=True)
class Need:
    """What a call asks for: the scope of a key, the permission of a person (accounts/permissions.py)."""

    scope: Scope | None
    permission: str | None


@dataclass(frozen=True, slots=True)
class Caller:
    """`by` is the person, None for an integration with its `key`; `identity` is unique among both."""

    by: User | None = None
    key: ApiKey | None = None

    @classmethod
    def of(cls, request: Request) -> "Caller":
        if isinstance(request.auth, ApiKey):
            return cls(key=request.auth)
        assert isinstance(request.user, User)  # noqa: S101 - the permission has seen to it
        return cls(by=request.user)

    @property
    def client(self) -> str:
        """The integration's name; empty for a person."""
        return self.key.name if self.key else ""

    @property
    def identity(self) -> str:
        return f"key:{self.key.pk}" if self.key else f"user:{self.by.pk if self.by else 0}"

    @property
    def person(self) -> User:
        """Who calls, where only a person will do. Raises Refused for a key."""
        if self.by is None:
            message = _("Only a person can do this: log in, a key is not enough.")
            raise Refused(message, code="permission_denied")
        return self.by

    def may(self, need: Need) -> bool:
        """Whether scope or role allow it."""
        if self.by:
            return need.permission is None or may(self.by, need.permission)
        scopes = self.key.scopes if self.key else []
        return need.scope is None or need.scope in scopes or Scope.ADMIN in scopes

    def standings(self) -> StandingQuerySet:
        """The leads this caller may see: a key all of them, a person what the role allows."""
        return Standing.objects.visible_to(self.by) if self.by else Standing.objects.all()

    def handoffs(self) -> HandoffQuerySet:
        return Handoff.objects.visible_to(self.by) if self.by else Handoff.objects.all()

    def sees(self, lead_id: int) -> bool:
        """Whether the role shows this lead, if there is one; a key is shown every lead, and nothing is asked."""
        if lead_id > LARGEST_ID:
            return False
        return self.by is None or self.standings().filter(pk=lead_id).exists()

    def check_lead(self, lead_id: int) -> int:
        """The same id, if this caller may see the lead. Raises NotFound."""
        if lead_id > LARGEST_ID or not self.standings().filter(pk=lead_id).exists():
            raise NotFound
        return lead_id

    def check_work(self, lead_id: int) -> int:
        """The same for who wants to change something. Raises Conflict where the person has been erased."""
        found = self.standings().filter(pk=min(lead_id, LARGEST_ID)).values_list("lead__erased_at").first()
        if found is None:
            raise NotFound
        refuse_erased(found[0])
        return lead_id
