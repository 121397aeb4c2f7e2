"""Two beats, and several people at once: one notice, one delivery for each person and channel."""

from datetime import timedelta
from functools import partial

import pytest

from accounts.enums import Role
from accounts.models import Notice
from core.errors import Conflict
from notifications.models import Delivery
from sla.feedback import ask_for_feedback, give_feedback
from sla.models import Feedback
from sla.news import say_feedback_due
from tests.concurrency.crowd import at_once
from tests.factories import NOW, make_team, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
LATE = NOW + timedelta(days=5)


def told() -> list[tuple[str, str]]:
    return sorted(Delivery.objects.values_list("kind", "channel"))


def test_beats_at_the_same_moment_say_it_once():
    lead = make_user(Role.TEAM_LEAD, team=make_team())
    ask_for_feedback(at=NOW)
    said = at_once([partial(say_feedback_due, at=LATE) for _beat in range(6)])
    assert (sum(said), Notice.objects.get().kind) == (1, "feedback.late")
    assert set(Delivery.objects.values_list("recipient", flat=True)) == {lead.pk}
    assert told() == [("feedback.late", "app"), ("feedback.late", "email")]


def test_a_team_that_sends_its_feedback_from_several_desks_tells_marketing_once():
    team = make_team()
    reps = [make_user(team=team) for _n in range(4)]
    make_user(Role.MARKETER)
    ask_for_feedback(at=NOW)
    row = Feedback.objects.get()

    def give(rep) -> bool:
        try:
            give_feedback(row.pk, by=rep, at=NOW, good=rep.full_name, stop="")
        except Conflict:
            return False
        return True

    at_once([partial(give, rep) for rep in reps])
    assert told() == [("feedback.given", "app"), ("feedback.given", "email")]
