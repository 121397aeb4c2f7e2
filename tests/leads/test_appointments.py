"""Appointments: made, moved, closed, reminded of, and what they are worth."""

from datetime import timedelta

import pytest

from core.errors import Conflict, Invalid, NotFound
from leads.appointments import change_appointment, checked_link, end_appointment, make_appointment
from leads.models import Appointment, Event, Reminder, Standing
from leads.reminders import sweep_reminders
from notifications.models import Delivery
from tests.factories import NOW, make_lead, make_mql, make_user

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AHEAD = NOW + DAY


@pytest.fixture
def rep():
    return make_user()


@pytest.fixture
def lead(rep):
    return make_mql()


def kinds(lead):
    return list(
        Event.objects.filter(lead=lead, kind__startswith="appointment.").order_by("pk").values_list("kind", flat=True)
    )


def test_appointment_is_made_recorded_and_reminded_of(rep, lead):
    made = make_appointment(
        lead.pk, by=rep, at=NOW, starts_at=AHEAD, place=" 12 Lê Lợi ", link="https://meet.example/a"
    )
    assert (made.owner, made.minutes, made.place, made.is_planned) == (rep, 60, "12 Lê Lợi", True)
    assert kinds(lead) == ["appointment.made"]
    assert sweep_reminders(at=AHEAD - timedelta(minutes=31)) == 0
    assert sweep_reminders(at=AHEAD - timedelta(minutes=30)) == 1
    event = Event.objects.get(kind="reminder.appointment")
    assert (event.properties["owner"], event.properties["place"]) == (rep.pk, "12 Lê Lợi")
    assert Delivery.objects.get(kind="reminder.appointment").recipient == rep


def test_what_the_rep_makes_earns_nothing_and_what_the_lead_books_earns_once(rep):
    lead = make_lead()
    make_appointment(lead.pk, by=rep, at=NOW, starts_at=AHEAD)
    assert Standing.objects.get(pk=lead.pk).score == 0
    make_appointment(lead.pk, by=rep, at=NOW, starts_at=AHEAD, by_lead=True)
    assert Standing.objects.get(pk=lead.pk).score == 75
    make_appointment(lead.pk, by=rep, at=NOW, starts_at=AHEAD + DAY, by_lead=True)
    assert Standing.objects.get(pk=lead.pk).score == 75


def test_a_meeting_that_took_place_was_attended(rep, lead):
    made = make_appointment(lead.pk, by=rep, at=NOW, starts_at=AHEAD)
    end_appointment(made.pk, by=rep, at=AHEAD + HOUR, outcome="held", result="Muốn báo giá")
    attended = Event.objects.get(kind="meeting.attended")
    assert (attended.occurred_at, attended.external_id) == (AHEAD, f"{made.pk}:attended")
    assert Standing.objects.get(pk=lead.pk).score == 175
    made.refresh_from_db()
    assert (made.outcome, made.result) == ("held", "Muốn báo giá")
    with pytest.raises(Conflict):
        end_appointment(made.pk, by=rep, at=AHEAD + HOUR, outcome="no_show")


@pytest.mark.parametrize("outcome", ["no_show", "cancelled"])
def test_a_meeting_that_did_not_take_place_earns_nothing(rep, lead, outcome):
    made = make_appointment(lead.pk, by=rep, at=NOW, starts_at=AHEAD)
    end_appointment(made.pk, by=rep, at=AHEAD, outcome=outcome)
    assert Standing.objects.get(pk=lead.pk).score == 75
    assert sweep_reminders(at=AHEAD + DAY) == 0
    assert kinds(lead) == ["appointment.made", "appointment.ended"]


def test_moving_it_moves_the_reminder(rep, lead):
    made = make_appointment(lead.pk, by=rep, at=NOW, starts_at=AHEAD)
    sweep_reminders(at=AHEAD - 10 * timedelta(minutes=1))
    change_appointment(made.pk, by=rep, at=AHEAD, changes={"starts_at": AHEAD + DAY, "place": "Quán cà phê"})
    assert kinds(lead) == ["appointment.made", "appointment.moved"]
    assert Reminder.objects.get().due_at == AHEAD + DAY - timedelta(minutes=30)
    assert sweep_reminders(at=AHEAD + DAY - timedelta(minutes=1)) == 1
    change_appointment(made.pk, by=rep, at=AHEAD, changes={"note": "x", "lead_id": 5})
    assert kinds(lead) == ["appointment.made", "appointment.moved"]


def test_a_meeting_entered_afterwards_reminds_nobody(rep, lead):
    make_appointment(lead.pk, by=rep, at=NOW, starts_at=NOW - HOUR)
    assert Reminder.objects.count() == 0


def test_a_meeting_that_has_begun_is_not_soon(rep, lead):
    make_appointment(lead.pk, by=rep, at=NOW, starts_at=AHEAD)
    assert sweep_reminders(at=AHEAD) == 0


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"starts_at": NOW + 5 * 366 * DAY}, "starts_at"),
        ({"minutes": 4}, "minutes"),
        ({"minutes": 1441}, "minutes"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "https://"}, "link"),
        ({"link": "https://[x"}, "link"),
    ],
)
def test_what_can_not_be_is_refused(rep, lead, given, field):
    with pytest.raises(Invalid) as refused:
        make_appointment(lead.pk, by=rep, at=NOW, **{"starts_at": AHEAD, **given})
    assert refused.value.field == field
    assert Appointment.objects.count() == 0


def test_outcomes_wait_for_their_time(rep, lead):
    made = make_appointment(lead.pk, by=rep, at=NOW, starts_at=AHEAD)
    for outcome, code in (("held", "too_early"), ("planned", "invalid_choice"), ("x", "invalid_choice")):
        with pytest.raises(Invalid) as refused:
            end_appointment(made.pk, by=rep, at=NOW, outcome=outcome)
        assert refused.value.code == code
    end_appointment(made.pk, by=rep, at=NOW, outcome="cancelled")
    with pytest.raises(Conflict):
        change_appointment(made.pk, by=rep, at=NOW, changes={"place": "x"})


def test_an_integration_makes_it_for_the_owner_and_needs_one(rep, lead):
    assert make_appointment(lead.pk, by=None, at=NOW, starts_at=AHEAD).owner == rep
    with pytest.raises(Invalid):
        make_appointment(make_lead().pk, by=None, at=NOW, starts_at=AHEAD)


def test_what_is_not_there_is_not_found(rep):
    with pytest.raises(NotFound):
        end_appointment(999, by=rep, at=NOW, outcome="held")


@pytest.mark.parametrize("link", ["", "https://a.vn/x?y=1", "http://a.vn"])
def test_links_people_can_click(link):
    assert checked_link(link, field="link") == link
