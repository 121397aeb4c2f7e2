"""The administrators are told of a request three days before its day, and once the day is over; once each."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Notice
from leads.models import PersonRequest
from leads.requests.closing import refuse
from leads.requests.falling_due import tell_of_requests
from leads.tasks import tell_of_requests as task
from notifications.models import Delivery
from notifications.notice_words import about, detail
from tests.factories import make_user
from tests.leads.requests.asking import ask

pytestmark = pytest.mark.django_db


def morning(day):
    return timezone.make_aware(datetime.combine(day, time(7, 30)))


def said():
    return [(one.kind, one.path) for one in Notice.objects.order_by("pk")]


def test_told_once_before_and_once_after_the_day():
    admin, _rep = make_user(Role.ADMIN), make_user(Role.REP)
    found = ask("access", by=admin)
    path, due = f"/requests/{found.pk}/", date(2026, 12, 3)
    assert (tell_of_requests(at=morning(due - timedelta(days=4))), said()) == (0, [])
    assert tell_of_requests(at=morning(due - timedelta(days=3))) == 1
    assert (tell_of_requests(at=morning(due)), said()) == (0, [("request.due", path)])
    assert tell_of_requests(at=morning(due + timedelta(days=1))) == 1
    assert tell_of_requests(at=morning(due + timedelta(days=9))) == 0
    assert said() == [("request.due", path), ("request.late", path)]
    assert {row.recipient_id for row in Delivery.objects.all()} == {admin.pk}
    late = Notice.objects.get(kind="request.late")
    assert (timezone.localdate(late.at), late.properties["lead"]) == (due + timedelta(days=1), found.lead_id)
    assert about(late.properties) == f"Xem dữ liệu · #{found.lead_id}"
    assert detail(late.properties) == "hạn 03/12/2026"


def test_what_is_closed_is_not_told():
    admin = make_user(Role.ADMIN)
    refuse(ask("access", by=admin), by=admin, at=morning(date(2026, 11, 30)), reason="x")
    assert (tell_of_requests(at=morning(date(2026, 12, 30))), Notice.objects.count()) == (0, 0)


def test_a_new_day_is_told_anew():
    found = ask("access")
    tell_of_requests(at=morning(date(2026, 12, 2)))
    PersonRequest.objects.filter(pk=found.pk).update(due_on=date(2026, 12, 4))
    assert tell_of_requests(at=morning(date(2026, 12, 2))) == 1


def test_the_task_reads_the_clock():
    found = ask("access")
    PersonRequest.objects.filter(pk=found.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    assert (task(), task()) == (1, 0)
