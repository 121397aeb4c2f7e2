"""Saved reports by e-mail: who gets what, when, and only once."""

from datetime import date, datetime, timedelta

import pytest
from django.core import mail

from accounts.enums import Role
from core.due import DueState
from reports import mailing
from reports.mailing import compose, covered, period_of, queue_mails, send_mails
from reports.models import Mailing, SavedReport
from reports.periods import ZONE
from reports.saving import save_report
from reports.tasks import mail_reports
from tests.factories import NOW, make_user
from tests.reports.history import make_history

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 9, 8, 0, tzinfo=ZONE)  # the history's week is over


def saved(by, *, rhythm="weekly", page="overview", query="", at=MONDAY - timedelta(days=9)) -> SavedReport:
    return save_report(name=f"Báo cáo {rhythm}{page}", page=page, query=query, by=by, at=at, rhythm=rhythm)


@pytest.mark.parametrize(
    ("rhythm", "day", "period", "first", "last"),
    [
        ("daily", date(2026, 11, 9), "2026-11-09", date(2026, 11, 8), date(2026, 11, 8)),
        ("weekly", date(2026, 11, 12), "2026-11-09", date(2026, 11, 2), date(2026, 11, 8)),
        ("monthly", date(2026, 11, 30), "2026-11-01", date(2026, 10, 1), date(2026, 10, 31)),
    ],
)
def test_a_mail_speaks_of_the_time_that_is_over(rhythm, day, period, first, last):
    assert period_of(rhythm, day=day, since=date(2026, 1, 1)) == period
    found = covered(rhythm, date.fromisoformat(period))
    assert (found.first, found.last) == (first, last)


def test_the_first_mail_comes_with_the_first_period_that_begins_after_saving():
    assert period_of("weekly", day=date(2026, 11, 12), since=date(2026, 11, 9)) == ""
    assert period_of("weekly", day=date(2026, 11, 16), since=date(2026, 11, 9)) == "2026-11-16"


def test_a_period_is_queued_once_and_not_before_seven():
    saved(make_user(Role.SALES_MANAGER))
    saved(make_user(Role.SALES_MANAGER), rhythm="")
    assert queue_mails(at=MONDAY.replace(hour=6, minute=59)) == 0
    assert queue_mails(at=MONDAY) == 1
    assert queue_mails(at=MONDAY + timedelta(hours=5)) == 0
    assert queue_mails(at=MONDAY + timedelta(days=7)) == 1


def test_the_mail_carries_the_figures_of_the_week():
    made = make_history()
    boss = make_user(Role.SALES_MANAGER, full_name="Ngô Hà")
    saved(boss)
    queue_mails(at=MONDAY)
    assert send_mails(clock=lambda: MONDAY) == 1
    (message,) = mail.outbox
    assert message.subject == "Báo cáo weeklyoverview: 02/11/2026–08/11/2026"
    assert boss.email in message.to[0]
    text = message.body.replace("\u00a0", " ")
    assert "Lead nhận được; Giá trị: 6" in text
    assert made.an.full_name in text
    html, kind = message.alternatives[0]
    assert kind == "text/html"
    assert "<td" in html
    assert Mailing.objects.get().sent_at == MONDAY
    assert send_mails(clock=lambda: MONDAY) == 0


def test_the_mail_of_a_rep_holds_the_own_figures_alone():
    made = make_history()
    saved(made.binh, page="speed")
    queue_mails(at=MONDAY)
    send_mails(clock=lambda: MONDAY)
    assert made.an.full_name not in mail.outbox[0].body
    assert made.binh.full_name in mail.outbox[0].body


def test_who_has_left_gets_nothing():
    boss = make_user(Role.SALES_MANAGER)
    saved(boss)
    queue_mails(at=MONDAY)
    boss.is_active = False
    boss.save()
    assert send_mails(clock=lambda: MONDAY) == 1
    row = Mailing.objects.get()
    assert (row.state, row.sent_at, len(mail.outbox)) == (DueState.DONE, None, 0)


def test_what_may_not_be_seen_any_more_is_not_sent():
    made = make_history()
    lead = make_user(Role.TEAM_LEAD, team=made.north)
    saved(lead, query=f"team={made.south.pk}")
    queue_mails(at=MONDAY)
    assert (send_mails(clock=lambda: MONDAY), len(mail.outbox)) == (1, 0)
    assert Mailing.objects.get().state == DueState.DONE


def test_a_mail_whose_filter_points_nowhere_tells_its_owner_alone(client):
    owner, other = make_user(Role.SALES_MANAGER), make_user(Role.ADMIN)
    report = saved(owner, query="owner=999999")
    SavedReport.objects.filter(pk=report.pk).update(shared=True)
    queue_mails(at=MONDAY)
    assert (send_mails(clock=lambda: MONDAY), mail.outbox, Mailing.objects.get().sent_at) == (1, [], None)
    said = "Thư gần nhất chưa gửi được: bộ lọc có người hoặc đội không còn"
    for user, told in ((owner, True), (other, False)):
        client.force_login(user)
        assert (said in client.get("/reports/saved/").content.decode()) is told
    SavedReport.objects.filter(pk=report.pk).update(query="")
    queue_mails(at=MONDAY + timedelta(days=7))
    send_mails(clock=lambda: MONDAY + timedelta(days=7))
    client.force_login(owner)
    assert (len(mail.outbox), said in client.get("/reports/saved/").content.decode()) == (1, False)


def test_a_mail_that_fails_goes_back_in_line(settings):
    saved(make_user(Role.SALES_MANAGER))
    queue_mails(at=MONDAY)
    settings.EMAIL_BACKEND = "nowhere.Backend"
    assert send_mails(clock=lambda: MONDAY) == 0
    row = Mailing.objects.get()
    assert (row.state, row.attempts, row.due_at > MONDAY) == (DueState.PENDING, 1, True)
    assert "nowhere" in row.last_error


def test_the_message_keeps_its_id():
    saved(make_user(Role.SALES_MANAGER, language="en"))
    queue_mails(at=MONDAY)
    row = Mailing.objects.get()
    messages = [compose(row, at=MONDAY) for _time in range(2)]
    assert len({message.extra_headers["Message-ID"] for message in messages}) == 1
    assert messages[0].body.splitlines()[0].endswith("2 Nov 2026–8 Nov 2026")


def test_the_task_queues_and_sends(at_ten):
    saved(make_user(Role.SALES_MANAGER), rhythm="daily", at=NOW - timedelta(days=3))
    assert mail_reports() == 1
    assert mail_reports() == 0
    assert timedelta(seconds=40) == mailing.BUDGET
