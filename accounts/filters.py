"""What the list of people can be narrowed down to."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import User
from core.list_filters import ListFilter, choice_field, search_field
from core.text import fold

STATES = {"active": _("Active"), "left": _("Has left")}


class UserFilter(ListFilter):
    q = search_field(_("Name or e-mail"))
    role = choice_field(_("Role"), _("Any role"), dict(Role.choices))
    state = choice_field(_("State"), _("Any state"), STATES)

    def among(self, people: "QuerySet[User]") -> Sequence[User]:
        """Words match with or without accents; a company has few enough people to fold their names here."""
        if role := self.said.get("role"):
            people = people.filter(role=role)
        if state := self.said.get("state"):
            people = people.filter(is_active=state == "active")
        words = fold(self.said.get("q", "")).split()
        return [one for one in people if all(word in fold(f"{one.full_name} {one.email}") for word in words)]
