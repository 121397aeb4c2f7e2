"""A notice in the bell, in the toast, in the mail, and behind its link: as everything else that is told."""

from datetime import date

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.enums import Role
from accounts.notices import News, announce
from core.due import DueState
from notifications import notice_words
from notifications.deliver import deliver_due
from notifications.dispatch import dispatch_notices
from notifications.enums import Channel, Kind
from notifications.mail import compose
from notifications.models import Delivery, Preference
from notifications.quiet import hush
from notifications.receivers import DELIVER
from notifications.words import subject
from tests.factories import NOW, make_lead, make_user
from tests.notifications import makers
from tests.notifications.makers import listening, make_delivery
from tests.pages import as_role, enter

pytestmark = pytest.mark.django_db
LATE = {"team_name": "Đội Một", "week": "2026-11-23", "due_at": "2026-11-27T10:30:00+00:00"}


def say(*to, kind=Kind.FEEDBACK_LATE, key="1", path="/feedback/", by=None, properties=LATE):
    (notice,) = announce([News(kind, key, [user.pk for user in to], path, NOW, by and by.pk, properties)], at=NOW)
    return notice


def row_of(user, channel=Channel.APP):
    return Delivery.objects.with_subject().get(recipient=user, channel=channel)


def test_it_is_told_in_the_app_and_by_mail_once(django_assert_num_queries):
    user = make_user()
    notice = say(user)
    app, post = Delivery.objects.order_by("channel")
    assert (app.notice, app.event, app.lead, app.kind, app.fact) == (notice, None, None, notice.kind, notice)
    assert (app.state, app.created_at, app.read_at, app.path) == (DueState.DONE, NOW, None, "/feedback/")
    assert (post.channel, post.state, post.due_at) == (Channel.EMAIL, DueState.PENDING, NOW)
    with django_assert_num_queries(2):  # the people, and one insert that finds everything there
        dispatch_notices([(notice, [user.pk])], at=NOW)
    assert Delivery.objects.count() == 2


def test_each_person_has_their_own_way():
    quiet, gone, author = make_user(), make_user(is_active=False), make_user()
    Preference.objects.create(user=quiet, email_house=False)
    say(quiet, gone, author, by=author)
    told = Delivery.objects.order_by("recipient").values_list("recipient", "channel", "read_at")
    assert list(told) == [(quiet.pk, "app", None), (author.pk, "app", NOW)]


def test_bell_and_worker_are_told_after_the_commit(monkeypatch, django_capture_on_commit_callbacks):
    user = make_user()
    with listening(monkeypatch) as ears, django_capture_on_commit_callbacks(execute=True):
        say(user)
    assert (ears.topics, ears.tasks) == ([{f"notifications:{user.pk}"}], [DELIVER])


def test_nobody_told_is_nobody_woken(monkeypatch, django_capture_on_commit_callbacks):
    with listening(monkeypatch) as ears, django_capture_on_commit_callbacks(execute=True):
        say()
    assert (ears.topics, ears.tasks) == ([], [])


def test_a_delivery_is_about_an_event_with_its_lead_or_about_a_notice():
    delivery, notice = make_delivery(), say()
    for wrong in ({"notice": notice}, {"lead": None}, {"event": None}, {"event": None, "lead": None}):
        with pytest.raises(IntegrityError, match="delivery_is_about_one_thing"), transaction.atomic():
            Delivery.objects.filter(pk=delivery.pk).update(**wrong)


def test_bell_and_inbox_show_it_beside_the_leads():
    client, user = as_role(Role.TEAM_LEAD, language="en")
    make_delivery(user, name="Lê Thị Hoa")
    say(user)
    assert client.get(reverse("notification_count")).text == "2"
    page = client.get(reverse("notifications")).text
    assert "Weekly feedback was not given in time: Đội Một · week of 23 Nov 2026" in page
    assert "due 17:30 27 Nov 2026 · " in page
    assert "score-ring" in page


def test_inbox_of_notices_alone_has_no_rings():
    client, user = as_role(language="en")
    say(user)
    assert "score-ring" not in client.get(reverse("notifications")).text


def test_toast_brings_it_without_a_phone_number():
    client, user = as_role(language="en")
    say(user, kind=Kind.BONUS_APPROVED, path="/bonus/", properties={"month": "2026-11-01"})
    text = client.get(reverse("notification_toast"), {"since": "0"}).text
    assert "Your bonus is approved" in text
    assert "<span>11/2026</span>" in text
    assert "score-ring" not in text
    assert "Open lead" not in text


def test_link_opens_the_page_and_counts_as_read():
    client, user = as_role()
    say(user, path="/bonus/7/?month=2026-11")
    delivery = row_of(user)
    response = client.get(reverse("notification_open", args=[delivery.pk]))
    assert (response.status_code, response["Location"]) == (302, "/bonus/7/?month=2026-11")
    assert row_of(user).read_at is not None


def test_page_that_the_role_opens_no_more_is_not_offered():
    user = make_user(Role.SALES_MANAGER, language="en")
    say(user, kind=Kind.VERDICT_DISPUTED, path=reverse("disputes"), properties={})
    user.role, user.team = Role.MARKETER, None
    user.save()
    response = enter(user).get(reverse("notification_open", args=[row_of(user).pk]), follow=True)
    assert response.redirect_chain == [(reverse("notifications"), 302)]
    assert [str(message) for message in response.context["messages"]] == ["Your role no longer opens this page."]


def test_notice_of_somebody_else_is_not_there():
    say(make_user())
    client, _user = as_role()
    assert client.get(reverse("notification_open", args=[Delivery.objects.first().pk])).status_code == 404


@pytest.mark.parametrize(
    ("language", "title", "said"),
    [
        ("en", "Weekly feedback was not given in time: Đội Một · week of 23 Nov 2026", "due 17:30 27 Nov 2026"),
        ("vi", "Phản hồi tuần đã trễ hạn: Đội Một · tuần từ 23/11/2026", "hạn 17:30 27/11/2026"),
    ],
)
def test_mail_speaks_the_recipients_language_and_of_no_lead(language, title, said):
    user = make_user(Role.TEAM_LEAD, language=language)
    say(user)
    message = compose(row_of(user, Channel.EMAIL), last_action="")
    assert message.subject == title
    for text in (message.body, message.alternatives[0].content):
        assert said in text
        assert "http://127.0.0.1:8000/feedback/" in text
        assert "Lead" not in text.replace("LeadFlow", "")


def test_mail_is_sent_like_any_other():
    user = make_user()
    say(user)
    deliver_due(clock=lambda: NOW)
    assert [message.to[0].split("<")[1] for message in mail.outbox] == [f"{user.email}>"]
    assert row_of(user, Channel.EMAIL).sent_at == NOW


def test_history_is_hushed_with_the_rest():
    user = make_user()
    say(user)
    hush(before=NOW.replace(year=2027))
    assert row_of(user, Channel.EMAIL).state == DueState.DONE
    assert row_of(user).read_at is not None


def test_subject_of_a_notice_about_nothing_is_its_headline():
    user = make_user()
    say(user, kind=Kind.AUDIT_DONE, properties={})
    assert subject(row_of(user)) == "Một cuộc gọi của bạn đã được kiểm tra"


def test_behaviour_that_is_called_like_a_notice_is_told_to_nobody():
    make_user(Role.SALES_MANAGER)
    makers.say(Kind.FEEDBACK_GIVEN, make_lead())
    assert Delivery.objects.count() == 0


@pytest.mark.parametrize(
    ("properties", "about", "detail"),
    [
        ({}, "", ""),
        ({"version": 3, "in_force_from": "2026-12-01"}, "phiên bản 3", "hiệu lực từ 01/12/2026"),
        ({"version": 3, "in_force_from": None}, "phiên bản 3", ""),
        ({"month": "2026-10-01", "team_name": "", "source": "Zalo"}, "10/2026 · Zalo", ""),
        ({"month": "2026-10-01", "state": "upheld"}, "10/2026", "khiếu nại đúng"),
        ({"state": "moved"}, "", "moved"),
        ({"week": "2026-11-23", "right": False}, "tuần từ 23/11/2026", "ghi sai"),
        ({"week": str(date(2026, 11, 23)), "right": True}, "tuần từ 23/11/2026", "ghi đúng"),
        ({"week": "someday", "due_at": "later"}, "tuần từ someday", "hạn later"),
    ],
)
def test_words_of_a_notice(properties, about, detail):
    assert (notice_words.about(properties), notice_words.detail(properties)) == (about, detail)
