"""The stepper's two halves: where the lead can go, and in plain words why not elsewhere."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import may
from leads.chain import MOVES, Guard
from leads.enums import Status
from leads.lifecycle import open_moves
from leads.models import Standing


@dataclass(frozen=True)
class Steps:
    """`moves`: the address of each legal move's dialog. `refused`: why each other status is closed."""

    moves: dict[str, str]
    refused: dict[str, str]


def steps(standing: Standing, user: User) -> Steps:
    status = Status(standing.status)
    if not may(user, "leads.work"):
        return Steps({}, dict.fromkeys(Status.values, _("Sales moves the status.")))
    legal = open_moves(standing, by=user)
    closed = [to for to in Status if to not in legal and to != status]
    return Steps(
        moves={str(to): reverse("lead_move", args=[standing.pk, to]) for to in legal},
        refused={str(to): _why_not(status, to) for to in closed},
    )


def _why_not(status: Status, to: Status) -> str:
    reasons = {
        Guard.FAILED_ATTEMPT: _("First log a call that did not get through."),
        Guard.CONTACT: _("First log a call that reached the person."),
        Guard.ACCEPTED: _("First accept the hand-off."),
        Guard.MANAGER: _("Only a manager can do this, with a reason."),
        Guard.SYSTEM: _("Happens by itself when the person enquires again."),
    }
    guard = MOVES[status].get(to)
    if guard is None:
        return _("There is no direct way from “%(status)s”.") % {"status": status.label}
    return reasons.get(guard, "")
