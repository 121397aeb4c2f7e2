"""The pages: inbox, bell, toast, preferences."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from core.due import DueState
from leads.models import Job
from leads.standing import lock
from notifications.enums import Channel, Kind
from notifications.models import Delivery, Preference
from notifications.queries import COUNTED, PAGE_SIZE
from tests.factories import NOW, make_lead, make_team, make_user
from tests.notifications.makers import listening, make_delivery, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def rep():
    return make_user(language="en")


@pytest.fixture
def client(rep):
    client = Client()
    client.force_login(rep)
    return client


def htmx(client, path):
    return client.get(path, headers={"HX-Request": "true"})


def fill(user, count):
    """Unread rows of one lead, a minute apart, the newest last."""
    first = make_delivery(user)
    rows = [
        Delivery(
            event=say(Kind.WARNED, first.lead, at=NOW + timedelta(minutes=n)),
            lead=first.lead,
            recipient=user,
            channel=Channel.APP,
            kind=Kind.WARNED,
            state=DueState.DONE,
            due_at=NOW,
            created_at=NOW + timedelta(minutes=n),
        )
        for n in range(1, count)
    ]
    Delivery.objects.bulk_create(rows)
    return first


def test_inbox_shows_what_this_person_was_told(client, rep):
    mine = make_delivery(rep, name="Lê Thị Hoa")
    make_delivery(name="Trần Bình")
    response = client.get(reverse("notifications"))
    assert [row.pk for row in response.context["page"].rows] == [mine.pk]
    text = response.content.decode()
    assert "A new lead for you: Lê Thị Hoa" in text
    assert "Trần Bình" not in text


def test_inbox_is_empty_at_first(client):
    assert "Nothing yet" in client.get(reverse("notifications")).content.decode()
    assert "Everything is read" in client.get(reverse("notifications"), {"show": "unread"}).content.decode()


def test_inbox_filters_by_unread(client, rep):
    read, unread = make_delivery(rep), make_delivery(rep)
    client.post(reverse("notification_read", args=[read.pk]))
    response = client.get(reverse("notifications"), {"show": "unread"})
    assert [row.pk for row in response.context["page"].rows] == [unread.pk]
    assert response.context["unread"] == 1
    assert len(client.get(reverse("notifications")).context["page"].rows) == 2


def test_inbox_pages_from_newest_to_oldest(client, rep):
    fill(rep, PAGE_SIZE + 5)
    first = client.get(reverse("notifications")).context["page"]
    second = client.get(reverse("notifications"), {"cursor": first.next}).context["page"]
    times = [row.created_at for row in [*first.rows, *second.rows]]
    assert (len(first.rows), len(second.rows), second.next) == (PAGE_SIZE, 5, None)
    assert times == sorted(times, reverse=True)


def test_inbox_costs_the_same_for_one_row_and_for_many(client, rep, django_assert_num_queries):
    make_delivery(rep)
    with django_assert_num_queries(6):  # session, user, page, ended work, and both counts
        htmx(client, reverse("notifications"))
    fill(rep, 10)
    with django_assert_num_queries(6):
        htmx(client, reverse("notifications"))


def test_inbox_fragment_is_the_page_without_its_frame(client, rep):
    make_delivery(rep)
    text = htmx(client, reverse("notifications") + "?show=unread").content.decode()
    assert text.startswith('<section id="inbox"')
    page = client.get(reverse("notifications") + "?show=unread").content.decode()
    asks = 'hx-get="/notifications/?show=unread"'
    assert (asks in text, asks in page) == (False, True)


def test_inbox_says_which_promise(client, rep):
    lead = make_lead()
    say(Kind.BREACHED, lead, owner=rep.pk, promise="first_touch", due_at="2026-11-23T07:05:00+00:00")
    say(Kind.WARNED, lead, owner=rep.pk, promise="feedback")
    text = client.get(reverse("notifications")).content.decode()
    assert "First touch · due 14:05" in text
    assert "feedback · " in text


@pytest.mark.parametrize("unread", [0, 1, COUNTED, COUNTED + 1, COUNTED + 20])
def test_bell_counts_what_is_unread(client, rep, unread):
    make_delivery()
    if unread:
        fill(rep, unread)
    response = client.get(reverse("notification_count"))
    assert response.content.decode() == ("" if not unread else f"{COUNTED}+" if unread > COUNTED else str(unread))
    assert response["Cache-Control"].split(",")[0] == "max-age=0"


def test_toast_first_only_says_where_the_page_stands(client, rep):
    last = make_delivery(rep)
    response = htmx(client, reverse("notification_toast") + "?since=")
    assert response.content.decode().split() == (
        f'<input type="hidden" id="toast-since" name="since" value="{last.pk}" hx-swap-oob="true">'.split()
    )


@pytest.mark.parametrize(
    ("age", "ago", "told"),
    [
        ("3000", 1, True),
        ("3000", 4, False),
        ("", 0, False),
        ("x", 0, False),
        ("9999999", 59, True),
        ("9999999", 62, False),
    ],
)
def test_toast_of_a_new_page_tells_what_came_while_it_was_made(client, rep, age, ago, told):
    delivery = make_delivery(rep)
    Delivery.objects.filter(pk=delivery.pk).update(created_at=timezone.now() - timedelta(seconds=ago))
    toast = htmx(client, reverse("notification_toast") + f"?since=&age={age}").context["toast"]
    assert (toast.delivery == delivery, toast.since) == (told, delivery.pk)


def test_toast_of_nobody_told_yet_stands_at_zero(client):
    assert htmx(client, reverse("notification_toast")).context["toast"].since == 0
    assert htmx(client, reverse("notification_toast") + "?since=77").context["toast"].since == 77


def test_toast_brings_the_lead_with_everything_to_call_it(client, rep):
    lead = make_lead(
        name="Lê Thị Hoa", company="Hoa Sen", phone="0912345678", source="google-ads", event={"kind": "form.demo"}
    )
    first = make_delivery(rep)
    say(Kind.ASSIGNED, lead, owner=rep.pk)
    type(lead.standing).objects.filter(pk=lead.pk).update(owner=rep)
    response = htmx(client, reverse("notification_toast") + f"?since={first.pk}")
    toast = response.context["toast"]
    assert (toast.delivery.lead, toast.more, toast.phone) == (lead, 0, "+84912345678")
    text = response.content.decode()
    for part in ("A new lead for you", "Lê Thị Hoa · Hoa Sen", "tel:+84912345678", "Asked for a demo · google-ads"):
        assert part in text
    assert reverse("notification_open", args=[toast.delivery.pk]) in text
    assert f'value="{toast.since}"' in text
    assert "data-sound" not in text


def test_toast_of_several_shows_the_newest_and_how_many_more(client, rep):
    first = make_delivery(rep)
    make_delivery(rep)
    newest = make_delivery(rep)
    response = htmx(client, reverse("notification_toast") + f"?since={first.pk}")
    assert (response.context["toast"].delivery, response.context["toast"].more) == (newest, 1)
    assert "and 1 more" in response.content.decode()


def test_toast_of_a_lead_that_moved_on_keeps_its_phone_number(client, rep):
    delivery = make_delivery(rep, phone="0912345678")
    other = make_user(team=make_team())
    type(delivery.lead.standing).objects.filter(pk=delivery.lead.pk).update(owner=other)
    response = htmx(client, reverse("notification_toast") + "?since=0")
    assert (response.context["toast"].delivery, response.context["toast"].phone) == (delivery, None)
    assert "912" not in response.content.decode()


@pytest.mark.parametrize(("kind", "sounds"), [(Kind.ASSIGNED, True), (Kind.BREACHED, False)])
def test_toast_sounds_for_a_new_lead_if_wanted(client, rep, kind, sounds):
    Preference.objects.create(user=rep, sound=True)
    say(kind, make_lead(), owner=rep.pk)
    text = htmx(client, reverse("notification_toast") + "?since=0").content.decode()
    assert ("data-sound" in text) is sounds
    assert ('role="alert"' in text) is not sounds


@pytest.mark.parametrize("since", ["x", "-1", "²", "9" * 30, "1;drop"])
def test_toast_takes_no_nonsense(client, rep, since):
    make_delivery(rep)
    response = client.get(reverse("notification_toast"), {"since": since})
    assert (response.status_code, response.context["toast"].delivery) == (200, None)


def test_names_are_shown_as_text(client, rep):
    make_delivery(rep, name="<script>alert(1)</script>", company="<img src=x onerror=alert(1)>")
    for path in (reverse("notifications"), reverse("notification_toast") + "?since=0"):
        text = htmx(client, path).content.decode()
        assert "<script>alert" not in text
        assert "<img" not in text


def test_open_goes_to_the_lead_and_counts_as_read(client, rep):
    delivery = make_delivery(rep)
    with lock([delivery.lead_id]) as rows:
        rows.set_owner(delivery.lead_id, owner_id=rep.pk, team_id=rep.team_id)
    response = client.get(reverse("notification_open", args=[delivery.pk]))
    assert (response.status_code, response["Location"]) == (302, reverse("lead", args=[delivery.lead_id]))
    delivery.refresh_from_db()
    read_at = delivery.read_at
    client.get(reverse("notification_open", args=[delivery.pk]))
    delivery.refresh_from_db()
    assert delivery.read_at == read_at is not None


def test_open_of_a_lead_that_is_somebody_elses_by_now_says_so_and_counts_as_read(client, rep):
    delivery = make_delivery(rep)
    response = client.get(reverse("notification_open", args=[delivery.pk]), follow=True)
    assert response.redirect_chain == [(reverse("notifications"), 302)]
    assert [str(message) for message in response.context["messages"]] == [
        "This lead has passed to somebody else; you no longer see its page."
    ]
    delivery.refresh_from_db()
    assert delivery.read_at is not None


@pytest.mark.parametrize(("name", "method"), [("notification_open", "get"), ("notification_read", "post")])
def test_notification_of_somebody_else_is_not_there(client, name, method):
    delivery = make_delivery()
    assert getattr(client, method)(reverse(name, args=[delivery.pk])).status_code == 404
    assert getattr(client, method)(reverse(name, args=[0])).status_code == 404
    delivery.refresh_from_db()
    assert delivery.read_at is None


def test_marking_one_tells_the_other_tabs_once(client, rep, monkeypatch, django_capture_on_commit_callbacks):
    delivery = make_delivery(rep)
    with listening(monkeypatch) as ears:
        for _each in range(2):
            with django_capture_on_commit_callbacks(execute=True):
                response = client.post(reverse("notification_read", args=[delivery.pk]))
    assert response["Location"] == reverse("notifications")
    assert ears.topics == [{f"notifications:{rep.pk}"}]


def test_marking_all_leaves_those_of_others(client, rep):
    make_delivery(rep)
    make_delivery(rep)
    other = make_delivery()
    assert client.post(reverse("notification_read_all"))["Location"] == reverse("notifications")
    assert Delivery.objects.unread().get() == other


def test_preferences_show_the_defaults_and_keep_what_is_chosen(client, rep):
    form = client.get(reverse("notification_preferences")).context["form"]
    assert [form[name].value() for name in form.fields] == [True, True, False, True, True, False, True, False]
    response = client.post(reverse("notification_preferences"), {"email_warned": "on", "sound": "on"})
    assert response["Location"] == reverse("notification_preferences")
    chosen = Preference.objects.get(user=rep)
    assert (chosen.email_assigned, chosen.email_pooled, chosen.email_breached) == (False, False, False)
    assert (chosen.email_warned, chosen.sound, str(chosen)) == (True, True, f"preferences of {rep.pk}")
    client.post(reverse("notification_preferences"), {"email_assigned": "on"})
    assert Preference.objects.get().sound is False


@pytest.mark.parametrize(
    "name", ["notifications", "notification_count", "notification_toast", "notification_preferences"]
)
def test_pages_ask_for_a_login(name):
    response = Client().get(reverse(name))
    assert (response.status_code, response["Location"].split("?")[0]) == (302, reverse("account_login"))


@pytest.mark.parametrize("role", Role.values)
def test_every_role_has_an_inbox(role):
    client = Client()
    client.force_login(make_user(role))
    assert client.get(reverse("notifications")).status_code == 200
    assert client.get(reverse("notification_preferences")).status_code == 200


def test_pages_speak_vietnamese():
    user = make_user()
    client = Client()
    client.force_login(user)
    make_delivery(user, name="Lê Thị Hoa")
    assert "Lead mới cho bạn: Lê Thị Hoa" in client.get(reverse("notifications")).content.decode()
    assert "Gửi email cho tôi khi" in client.get(reverse("notification_preferences")).content.decode()


def ended_job(user, *, title="Khách tháng 11", **also):
    """Work in the background that has ended with two rows done and one refused."""
    ended = {"state": DueState.DONE, "finished_at": NOW, "done": 2, "refused": 1, **also}
    return Job.objects.create(
        kind="leads.export", by=user, title=title, created_at=NOW, started_at=NOW, due_at=NOW, **ended
    )


def test_inbox_tells_of_ended_work_until_it_is_opened(client, rep):
    job = ended_job(rep)
    ended_job(make_user(), title="Của người khác")
    page = client.get(reverse("notifications")).text
    assert ("Finished in the background: Khách tháng 11" in page, "Của người khác" in page) == (True, False)
    assert ("2 done, 1 refused" in page, "Nothing yet" in page) == (True, False)
    assert client.get(reverse("notification_count")).text == "1"
    assert client.get(job.get_absolute_url()).status_code == 200
    assert client.get(reverse("notification_count")).text == ""
    assert "Khách tháng 11" not in client.get(reverse("notifications")).text


def test_ended_work_is_counted_with_the_rest_and_read_with_the_rest(client, rep):
    make_delivery(rep)
    ended_job(rep, state=DueState.DEAD, finished_at=None)
    assert client.get(reverse("notification_count")).text == "2"
    assert "It did not work: Khách tháng 11" in client.get(reverse("notifications") + "?show=unread").text
    client.post(reverse("notification_read_all"))
    assert client.get(reverse("notification_count")).text == ""


def test_older_pages_of_the_inbox_do_not_repeat_ended_work(client, rep):
    fill(rep, PAGE_SIZE + 1)
    ended_job(rep)
    first = client.get(reverse("notifications"))
    older = client.get(reverse("notifications"), {"cursor": first.context["page"].next})
    assert (len(first.context["jobs"]), older.context["jobs"]) == (1, [])
