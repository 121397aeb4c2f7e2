"""What the list of people can be narrowed down to."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role, Side
from accounts.models import Team, User
from core.list_filters import ListFilter, choice_field, search_field

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
        return [one for one in people if self.says(f"{one.full_name} {one.email}")]


class TeamFilter(ListFilter):
    q = search_field(_("Team or member"))
    side = choice_field(_("Side"), _("Both sides"), dict(Side.choices))

    def among(self, teams: "QuerySet[Team]") -> Sequence[Team]:
        """By the team's own name, or by somebody in it; the members are prefetched."""
        if side := self.said.get("side"):
            teams = teams.filter(side=side)
        return [one for one in teams if self.says(" ".join([one.name, *(m.full_name for m in one.members.all())]))]
