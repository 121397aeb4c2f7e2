"""The qualified-lead check and BANT of a hand-off: saved as a draft as often as the rep likes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict, Invalid
from core.text import clean
from leads.bant import POINTS, Answers
from leads.enums import Outcome
from leads.events import Fact, record
from leads.kinds import QUALIFICATION_SAVED
from leads.models import Handoff, Qualification
from leads.standing import lock

CHECKS = ("right_phone", "right_name", "right_need", "icp_fit", "agreed_to_talk")
NOTES = ("budget_note", "authority_note", "need_note", "timing_note")
LARGEST_BUDGET = 10**15  # VND


def save_qualification(
    lead_id: int,
    *,
    by: User | None,
    at: datetime,
    answers: Mapping[str, Any],
    check_seen: bool = False,
    seen: datetime | None = None,
) -> Qualification:
    """Saves the given answers (others stay) on the open or accepted hand-off, and the BANT points they make.

    With `check_seen`, `seen` is when the answers the person looked at were saved (None: never). Raises Conflict when
    there is no such hand-off or a colleague saved since, Invalid for an answer that is none.
    """
    values = _checked(answers)
    with lock([lead_id]) as rows:
        handoff = rows[lead_id].handoff
        if handoff is None or handoff.outcome not in {Outcome.OPEN, Outcome.ACCEPTED}:
            raise Conflict(_("There is no hand-off to qualify."), code="no_open_handoff")
        qualification = Qualification.objects.filter(handoff=handoff).first() or Qualification(handoff=handoff)
        if check_seen and qualification.saved_at not in (None, seen) and qualification.saved_by_id != (by and by.pk):
            raise Conflict(_("A colleague has saved other answers meanwhile."), code="changed_meanwhile")
        for name, value in values.items():
            setattr(qualification, name, value)
        qualification.bant = as_answers(qualification).points
        qualification.saved_at, qualification.saved_by = at, by
        qualification.save()
        properties = {"handoff": handoff.pk, "bant": qualification.bant}
        record(
            [Fact(lead_id, QUALIFICATION_SAVED, at, by.pk if by else None, properties=properties)],
            at=at,
            rows=rows,
        )
    return qualification


def answers_of(handoff: Handoff) -> Answers:
    """The answers so far; all unknown when nothing was saved yet."""
    qualification = Qualification.objects.filter(handoff=handoff).first()
    return as_answers(qualification) if qualification else Answers()


def as_answers(qualification: Qualification) -> Answers:
    return Answers(**{name: getattr(qualification, name) for name in (*POINTS, *CHECKS)})


def _checked(answers: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in answers.items():
        if name in POINTS:
            values[name] = _choice(name, value)
        elif name in CHECKS:
            values[name] = _yes_no(name, value)
        elif name in NOTES:
            values[name] = clean(value, 5000, lines=True)
        elif name == "budget_amount":
            values[name] = _amount(value)
        else:
            raise Invalid(_("There is no such question."), code="unknown_field", field=name)
    return values


def _choice(name: str, value: Any) -> str:
    if not isinstance(value, str) or value not in POINTS[name]:
        choices = ", ".join(POINTS[name])
        raise Invalid(_("Choose one of: %(choices)s.") % {"choices": choices}, code="invalid_choice", field=name)
    return value


def _yes_no(name: str, value: Any) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise Invalid(_("Answer yes or no."), code="invalid_type", field=name)


def _amount(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_BUDGET:
        raise Invalid(_("The amount is a whole number of VND."), code="invalid", field="budget_amount")
    return value
