"""The weekly word of each sales team on the leads it got: asked for, given or late, and answered by Marketing."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.availability import calendar
from accounts.enums import MARKETING, SALES, Side
from accounts.models import Team, User
from core.errors import Conflict, Invalid, NotFound, Refused
from core.text import clean
from sla.agreements import on_day, versions
from sla.models import Feedback
from sla.months import DAY, local_day, midnight, monday_of
from sla.news import say_feedback_answered, say_feedback_given

LONGEST = 5000


def ask_for_feedback(*, at: datetime) -> int:
    """Opens this week's feedback of every sales team with somebody in it, and notes which earlier ones are late.

    Running twice, or a week late, gives the same rows: the due time follows from the week. Returns how many opened.
    """
    week = monday_of(local_day(at))
    asked = Feedback.objects.filter(week=week).values("team")
    teams = Team.objects.filter(side=Side.SALES, members__is_active=True).exclude(pk__in=asked).distinct()
    due = due_of(week)
    made = Feedback.objects.bulk_create(
        [Feedback(team=team, week=week, due_at=due) for team in teams], ignore_conflicts=True
    )
    note_late(at=at)
    return len(made)


def note_late(*, at: datetime) -> int:
    """The breach is the due instant, whenever it is noticed. Index: feedback_waiting."""
    late = Feedback.objects.filter(given_at=None, breached_at=None, due_at__lte=at)
    return late.update(breached_at=F("due_at"))


def due_of(week: date) -> datetime:
    """The close of business on the agreed weekday, or on the last working day before it in that week."""
    agreement = on_day(versions(), week)
    hours = calendar(at=midnight(week))
    for weekday in range(agreement.feedback_weekday, -1, -1):
        spans = hours.spans(week + weekday * DAY)
        if spans:
            return spans[-1][1]
    return timezone.make_aware(datetime.combine(week + agreement.feedback_weekday * DAY, time(17, 30)))


def give_feedback(feedback_id: int, *, by: User, at: datetime, good: str, stop: str) -> Feedback:
    """What was good and what to stop; may be rewritten until Marketing has answered. The first time counts.

    Raises Invalid when both are empty, Refused for anybody but the team and Sales' managers, Conflict once answered.
    """
    row = _found(feedback_id)
    if by.role not in SALES or (by.is_seller and by.team_id != row.team_id):
        raise Refused(_("Only the team gives its feedback."), code="not_the_team")
    if row.answered_at:
        raise Conflict(_("Marketing has answered this already."), code="answered")
    row.good, row.stop = clean(good, LONGEST, lines=True), clean(stop, LONGEST, lines=True)
    if not (row.good or row.stop):
        raise Invalid(_("Write what was good or what to stop."), code="required", field="good")
    if row.given_at is None:
        row.given_at, row.given_by = at, by
        row.breached_at = row.due_at if at > row.due_at else None
    with transaction.atomic():
        row.save()
        say_feedback_given(row, by=by, at=at)
    return row


def answer_feedback(feedback_id: int, *, by: User, at: datetime, answer: str) -> Feedback:
    """What Marketing makes of it. Raises Refused for others, Conflict before the feedback, Invalid when empty."""
    row, text = _found(feedback_id), clean(answer, LONGEST, lines=True)
    if by.role not in MARKETING:
        raise Refused(_("Marketing answers the feedback."), code="not_marketing")
    if row.given_at is None:
        raise Conflict(_("There is no feedback to answer yet."), code="not_given")
    if not text:
        raise Invalid(_("Write an answer."), code="required", field="answer")
    row.answer, row.answered_at, row.answered_by = text, at, by
    with transaction.atomic():
        row.save(update_fields=["answer", "answered_at", "answered_by"])
        say_feedback_answered(row, by=by, at=at)
    return row


def week_of(row: Feedback) -> tuple[datetime, datetime]:
    """The instants the week of a feedback lies between, half-open."""
    return midnight(row.week), midnight(row.week + timedelta(days=7))


def _found(feedback_id: int) -> Feedback:
    row = Feedback.objects.select_related("team").filter(pk=feedback_id).first()
    if row is None:
        raise NotFound
    return row
