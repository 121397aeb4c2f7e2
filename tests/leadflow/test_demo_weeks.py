from datetime import timedelta

import pytest

from accounts.enums import Role
from leadflow.demo.weeks import keep_weeks
from leads.calls import log_call
from sla.models import AuditDraw, AuditedCall, Feedback, Verdict
from tests.factories import NOW, make_handoff, make_team, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_weeks_bring_feedback_answers_audits_and_a_verdict():
    team = make_team()
    rep = make_user(team=team)
    make_user(Role.MARKETER)
    make_user(Role.SALES_MANAGER)
    for n in range(12):
        log_call(make_handoff(at=NOW).lead_id, by=rep, at=NOW + n * timedelta(minutes=1), outcome="no_answer")
    for day in range(0, 22, 1):
        keep_weeks(at=NOW + day * DAY)
    given = Feedback.objects.exclude(given_at=None)
    assert (Feedback.objects.count(), given.count(), given.exclude(answered_at=None).count() >= 2) == (4, 3, True)
    assert AuditDraw.objects.count() == 1
    assert AuditedCall.objects.filter(right__isnull=False).count() == 4
    assert Verdict.objects.filter(month=NOW.date().replace(day=1), team=None, source="").count() == 1


def test_weeks_of_an_empty_house_are_empty():
    keep_weeks(at=NOW)
    assert (Feedback.objects.count(), AuditedCall.objects.count()) == (0, 0)
