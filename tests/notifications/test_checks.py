from datetime import timedelta

import pytest

from notifications.checks import STUCK_AFTER, violations
from notifications.enums import Channel, Kind
from notifications.models import Delivery
from tests.factories import NOW, make_lead, make_user
from tests.notifications.makers import assign, make_delivery, say

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_healthy_database_has_no_violations():
    make_delivery()
    say(Kind.POOLED, make_lead(), handoff=1)
    say(Kind.ASSIGNED, make_lead(), owner=None)
    assert list(violations(at=NOW + STUCK_AFTER)) == []


def test_mail_that_nobody_sends_is_a_violation():
    row = make_delivery(channel=Channel.EMAIL)
    at = NOW + STUCK_AFTER + MINUTE
    assert list(violations(at=at)) == [f"delivery {row.pk} has been waiting since 2026-11-23 03:00"]


def test_owner_who_was_not_told_is_a_violation():
    rep, colleague = make_user(), make_user()
    event = assign(make_lead(), rep)
    Delivery.objects.update(recipient=colleague)
    assert list(violations(at=NOW)) == [f"event {event.pk}: owner {rep.pk} was not told"]
    Delivery.objects.all().delete()
    assert list(violations(at=NOW)) == [f"event {event.pk}: owner {rep.pk} was not told"]
