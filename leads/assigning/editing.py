"""Rules, skills and absences as the managers set them."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from core import hints
from core.errors import Conflict, Invalid, NotFound
from core.figures import day
from leads.models import Absence, AssignmentRule, Speciality

DRAIN = "leads.tasks.drain_pool"
LONGEST = timedelta(days=366)


def save_rule(rule: AssignmentRule) -> AssignmentRule:
    """A new rule goes to the end. The pool is dealt again: somebody may have become eligible."""
    if not rule.pk:
        rule.position = (AssignmentRule.objects.aggregate(last=Max("position"))["last"] or 0) + 1
    rule.full_clean()
    rule.save()
    hints.wake(DRAIN)
    return rule


def move_rule(rule_id: int, *, up: bool) -> None:
    """Swaps a rule with its neighbour; at the end nothing happens. Raises NotFound."""
    with transaction.atomic():
        rules = list(AssignmentRule.objects.select_for_update().order_by("position", "pk"))
        index = next((i for i, rule in enumerate(rules) if rule.pk == rule_id), None)
        if index is None:
            raise NotFound
        other = index - 1 if up else index + 1
        if 0 <= other < len(rules):
            rules[index], rules[other] = rules[other], rules[index]
            for position, rule in enumerate(rules, start=1):
                rule.position = position
            AssignmentRule.objects.bulk_update(rules, ["position"])


def remove_rule(rule_id: int) -> None:
    """Raises NotFound for a rule that is not there."""
    removed, _kinds = AssignmentRule.objects.filter(pk=rule_id).delete()
    if not removed:
        raise NotFound


def set_speciality(user: User, *, words: Mapping[str, Sequence[str]]) -> None:
    """What a rep is given; all empty means anything."""
    given: dict[str, Any] = {name: list(words.get(name, ())) for name in ("products", "cities", "languages")}
    if any(given.values()):
        Speciality.objects.update_or_create(user=user, defaults=given)
    else:
        Speciality.objects.filter(user=user).delete()
    hints.wake(DRAIN)


def add_absence(user: User, *, first: date, last: date, reason: str = "") -> Absence:
    """Raises Invalid for days in the wrong order, more than a year of them, or somebody who takes no leads anyway.

    Raises Conflict when the person is away on one of these days already.
    """
    if last < first:
        raise Invalid(_("The last day must not be before the first."), code="backwards", field="last")
    if last - first > LONGEST:
        message = _("Longer than a year: take the person off duty instead.")
        raise Invalid(message, code="too_long", field="last")
    if not user.is_seller:
        raise Invalid(_("%(name)s takes no leads.") % {"name": user.full_name}, code="not_a_seller", field="user")
    known = Absence.objects.filter(user=user, first__lte=last, last__gte=first).order_by("first").first()
    if known:
        span = {"name": user.full_name, "first": day(known.first), "last": day(known.last)}
        message = _("%(name)s is away from %(first)s to %(last)s already.") % span
        raise Conflict(message, code="away_already", field="first")
    return Absence.objects.create(user=user, first=first, last=last, reason=reason)


def remove_absence(absence: Absence) -> None:
    """The person is back, and may be given leads at once."""
    absence.delete()
    hints.wake(DRAIN)
