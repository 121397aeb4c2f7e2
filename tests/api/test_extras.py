"""Appointments, notes, tags and custom values over the API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.enums import Role
from api.v1.schemas import Appointment as AppointmentSchema
from api.v1.schemas import Note as NoteSchema
from leads.custom_fields import define_field
from leads.models import Appointment, Event, Lead, Standing
from tests.api.caller import Caller, problem
from tests.api.unchanged import unchanged
from tests.factories import make_handoff, make_lead, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def rep():
    return make_user()


@pytest.fixture
def lead(rep):
    return make_handoff().lead


@pytest.fixture
def by_rep(rep):
    return Caller(user=rep)


def ahead(**more):
    return (timezone.now() + timedelta(days=1, **more)).isoformat()


def test_appointment_is_made_for_who_asks_and_by_the_lead_itself(by_rep, rep, lead):
    body = {"starts_at": ahead(), "minutes": 30, "place": "Quán A", "by_lead": True}
    response = by_rep.post(f"leads/{lead.pk}/appointments/", body)
    assert response.status_code == 201
    assert set(response.data) == set(AppointmentSchema().fields)
    assert (response.data["owner"], response.data["minutes"], response.data["outcome"]) == (rep.pk, 30, "planned")
    assert Event.objects.filter(lead=lead, kind="meeting.booked").count() == 1
    assert Standing.objects.get(pk=lead.pk).score == 75


def test_appointment_of_an_integration_is_the_owners(api, rep, lead):
    assert api.post(f"leads/{lead.pk}/appointments/", {"starts_at": ahead()}).data["owner"] == rep.pk
    alone = make_lead()
    response = api.post(f"leads/{alone.pk}/appointments/", {"starts_at": ahead()})
    assert problem(response) == (422, "required")


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "starts_at", "required"),
        ({"starts_at": "mai"}, "starts_at", "invalid"),
        ({"starts_at": "2150-01-01T00:00:00Z"}, "starts_at", "invalid"),
        ({"starts_at": "2026-12-01T09:00:00Z", "minutes": 1}, "minutes", "min_value"),
        ({"starts_at": "2026-12-01T09:00:00Z", "link": "javascript:1"}, "link", "invalid"),
        ({"starts_at": "2026-12-01T09:00:00Z", "owner": 1}, "owner", "unknown_field"),
    ],
)
def test_appointment_refuses_with_the_field(api, lead, body, field, code):
    with unchanged():
        response = api.post(f"leads/{lead.pk}/appointments/", body)
    assert (problem(response), response.data["errors"][0]["field"]) == ((422, code), field)
    assert Appointment.objects.count() == 0


def test_note_tells_who_is_mentioned(by_rep, lead):
    boss = make_user(Role.SALES_MANAGER, full_name="Đỗ Ánh")
    response = by_rep.post(f"leads/{lead.pk}/notes/", {"text": "Nhờ @Đỗ Ánh xem"})
    assert response.status_code == 201
    assert set(response.data) == set(NoteSchema().fields)
    assert response.data["mentioned"] == [boss.pk]
    with unchanged():
        assert problem(by_rep.post(f"leads/{lead.pk}/notes/", {"text": "  "}))[0] == 422


def test_tags_are_pinned_and_taken_off(by_rep, lead):
    path = f"leads/{lead.pk}/tags/"
    assert by_rep.post(path, {"add": ["VIP", "Tết"]}).data == {"tags": ["VIP", "Tết"]}
    assert by_rep.post(path, {"add": ["Mới"], "remove": ["VIP"]}).data == {"tags": ["Tết", "Mới"]}
    with unchanged():
        assert problem(by_rep.post(path, {"add": "VIP"}))[0] == 422
        assert problem(by_rep.post(path, {"add": [f"t{n}" for n in range(30)]})) == (422, "too_many")


def test_an_unknown_custom_key_is_kept_with_a_warning(api):
    define_field(label="Chi nhánh", kind="number", key="branches")
    sent = {"phone": "0912345678", "custom": {"branches": "1.200", "màu": "đỏ"}}
    response = api.post("leads/", sent)
    assert (response.data["custom"], response.data["warnings"]) == (
        {"branches": 1200, "màu": "đỏ"},
        ["custom_unknown:màu"],
    )
    path = f"leads/{response.data['id']}/"
    changed = api.patch(path, {"custom": {"branches": 3, "cũ": 1}})
    assert (changed.data["custom"]["branches"], changed.data["warnings"]) == (3, ["custom_unknown:cũ"])
    with unchanged():
        refused = api.patch(path, {"custom": {"branches": "nhiều"}})
    assert refused.data["errors"][0]["field"] == "custom.branches"
    assert Lead.objects.get().custom == {"branches": 3, "màu": "đỏ", "cũ": 1}


def test_recording_of_a_call_is_a_web_address(api, lead):
    path = f"leads/{lead.pk}/calls/"
    assert (
        api.post(path, {"outcome": "busy", "recording_url": "https://rec.vn/1"}).data["recording_url"]
        == "https://rec.vn/1"
    )
    with unchanged():
        response = api.post(path, {"outcome": "busy", "recording_url": "ftp://rec.vn/1"})
    assert response.data["errors"][0]["field"] == "recording_url"
