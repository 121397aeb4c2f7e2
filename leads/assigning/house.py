"""The house as the deal sees it: the rules, who is on duty, who is away, what each may have.

Read once per process, and anew when one small statement shows that anything of it has changed.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.utils import timezone

from accounts.models import User
from core.statements import run
from leads.assigning import sql
from leads.models import Absence, AssignmentRule, Speciality


class House(NamedTuple):
    """Shared by whoever deals: nobody changes it. Sellers come with their teams; an absence is (user, first, last)."""

    rules: Sequence[AssignmentRule]
    specialities: Mapping[int, Speciality]
    sellers: Sequence[User]
    absences: Sequence[tuple[int, date, date]]

    def away(self, *, at: datetime) -> set[int]:
        """Who is absent on the local day of `at`."""
        day = timezone.localtime(at).date()
        return {user_id for user_id, first, last in self.absences if first <= day <= last}

    def present(self, *, at: datetime) -> list[User]:
        """Sellers who take leads at all and are not away."""
        away = self.away(at=at)
        return [user for user in self.sellers if user.pk not in away]


_read: dict[tuple[Any, ...], House] = {}


def house(*, at: datetime) -> House:
    """The house now; of absences those that end on the local day of `at` or later."""
    day = timezone.localtime(at).date()
    (marks,) = run(sql.FINGERPRINT, [day])
    found = _read.get(marks)
    if found is None:
        found = House(
            list(AssignmentRule.objects.filter(active=True)),
            {s.user_id: s for s in Speciality.objects.all()},
            list(User.objects.sellers().filter(on_duty=True, capacity__gt=0).select_related("team")),
            list(Absence.objects.filter(last__gte=day).values_list("user", "first", "last")),
        )
        _read.clear()
        _read[marks] = found
    return found
