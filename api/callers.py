"""Who is calling: a person with a role, or an integration with a key. The views ask only this."""

from dataclasses import dataclass

from rest_framework.request import Request

from accounts.models import User
from accounts.permissions import may
from api.enums import Scope
from api.models import ApiKey
from core.errors import NotFound
from leads.models import Handoff, Standing
from leads.querysets import HandoffQuerySet, StandingQuerySet

LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Need:
    """What a call asks for: the scope of a key, the permission of a person (accounts/permissions.py)."""

    scope: Scope | None
    permission: str | None


@dataclass(frozen=True, slots=True)
class Caller:
    """`by` is the person, None for a key; `client` names the integration; `identity` is unique among both."""

    by: User | None
    client: str
    identity: str
    scopes: frozenset[str] = frozenset()

    @classmethod
    def of(cls, request: Request) -> "Caller":
        if isinstance(request.auth, ApiKey):
            key = request.auth
            return cls(None, key.name, f"key:{key.pk}", frozenset(key.scopes))
        user: User = request.user
        return cls(user, "", f"user:{user.pk}")

    def may(self, need: Need) -> bool:
        """Whether scope or role allow it."""
        if self.by:
            return need.permission is None or may(self.by, need.permission)
        return need.scope is None or need.scope in self.scopes or Scope.ADMIN in self.scopes

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
