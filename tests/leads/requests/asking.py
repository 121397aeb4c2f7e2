"""What tests of personal requests share: somebody asks, an administrator keeps it."""

from datetime import date

from accounts.enums import Role
from accounts.models import User
from leads.models import Lead, PersonRequest
from leads.requests.registering import Asked, register
from tests.factories import NOW, make_lead, make_user

TODAY = date(2026, 11, 23)


def ask(kind: str, *, lead: Lead | None = None, by: User | None = None, **said) -> PersonRequest:
    lead = lead or make_lead()
    asked = Asked(kind=kind, **{"asked_on": TODAY, "channel": "email", **said})
    return register(lead.pk, asked, by=by or make_user(Role.ADMIN), at=NOW)
