from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.enums import Role
from api.v1.schemas import Call as CallSchema
from api.v1.schemas import Handoff as HandoffSchema
from api.v1.schemas import Qualification as QualificationSchema
from leads.models import Call, Event, Handoff, Lead, Standing
from tests.api.caller import Caller, problem
from tests.api.unchanged import unchanged
from tests.factories import GOOD_ANSWERS, make_handoff, make_lead, make_user


@pytest.fixture
def rep(db):
    return make_user(Role.REP)


@pytest.fixture
def handoff(rep):
    """An open hand-off that the only rep has."""
    return make_handoff(at=timezone.now())


@pytest.fixture
def by_rep(rep):
    return Caller(user=rep)


def accepted(caller: Caller, lead_id: int) -> None:
    assert caller.put(f"leads/{lead_id}/qualification/", GOOD_ANSWERS).status_code == 200
    assert caller.post(f"leads/{lead_id}/decision/", {"outcome": "accept"}).status_code == 200


# --- status ---------------------------------------------------------------------------------------


def test_status_moves_and_shows_the_lead(by_rep, handoff, rep):
    response = by_rep.post(f"leads/{handoff.lead_id}/status/", {"to": "researched"})
    assert (response.status_code, response.data["status"]) == (200, "researched")
    assert Event.objects.get(kind="status.moved").actor_id == rep.pk


def test_status_illegal_move_lists_the_legal_ones(api, handoff):
    with unchanged():
        response = api.post(f"leads/{handoff.lead_id}/status/", {"to": "won", "amount": 5})
    assert problem(response) == (422, "illegal_transition")
    assert response.data["legal"] == ["researched", "wrong_target"]
    assert response.data["errors"][0]["field"] == "to"


def test_status_won_takes_the_amount(by_rep, handoff):
    accepted(by_rep, handoff.lead_id)
    assert by_rep.post(f"leads/{handoff.lead_id}/status/", {"to": "hot"}).status_code == 200
    for amount in (None, 0, -5, 10**16, 2**63):
        response = by_rep.post(f"leads/{handoff.lead_id}/status/", {"to": "won", "amount": amount})
        assert problem(response) == (422, "amount_required")
    response = by_rep.post(f"leads/{handoff.lead_id}/status/", {"to": "won", "amount": 120_000_000})
    assert (response.data["status"], response.data["stage"]) == ("won", "customer")
    assert Handoff.objects.get().revenue == 120_000_000


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "to", "required"),
        ({"to": "hott"}, "to", "invalid_choice"),
        ({"to": 5}, "to", "invalid_choice"),
        ({"to": None}, "to", "null"),
        ({"to": "wrong_target"}, "reason", "reason_required"),
        ({"to": "wrong_target", "reason": "x" * 501}, "reason", "max_length"),
        ({"to": "won", "amount": "nhiều"}, "amount", "invalid"),
        ({"to": "won", "amount": 1e300}, "amount", "invalid"),
        ({"to": "researched", "status": "won"}, "status", "unknown_field"),
        ([], "", "invalid"),
        ("x", "", "invalid"),
    ],
)
def test_status_refuses_with_the_field(api, handoff, body, field, code):
    with unchanged():
        response = api.post(f"leads/{handoff.lead_id}/status/", body)
    assert problem(response) == (422, code)
    assert response.data["errors"][0]["field"] == field


def test_status_reopening_needs_a_manager(api, handoff):
    api.post(f"leads/{handoff.lead_id}/status/", {"to": "wrong_target", "reason": "out_of_target"})
    body = {"to": "new", "reason": "Nhầm"}
    assert problem(api.post(f"leads/{handoff.lead_id}/status/", body)) == (422, "illegal_transition")
    boss = Caller(user=make_user(Role.SALES_MANAGER))
    assert boss.post(f"leads/{handoff.lead_id}/status/", body).data["status"] == "new"


# --- calls ----------------------------------------------------------------------------------------


def test_call_reached_moves_the_lead_on(by_rep, handoff):
    response = by_rep.post(
        f"leads/{handoff.lead_id}/calls/", {"outcome": "reached", "duration_seconds": 90, "note": "Hẹn gặp"}
    )
    assert response.status_code == 201
    assert set(response.data) == set(CallSchema().fields)
    assert (response.data["attempt"], response.data["handoff"], response.data["note"]) == (1, handoff.pk, "Hẹn gặp")
    assert Standing.objects.get().status == "researched"


def test_call_back_takes_a_time_ahead(api, handoff):
    later = (timezone.now() + timedelta(hours=3)).isoformat()
    response = api.post(f"leads/{handoff.lead_id}/calls/", {"outcome": "callback", "callback_at": later})
    assert response.status_code == 201
    assert response.data["callback_at"] == Call.objects.get().callback_at.isoformat()


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "outcome", "required"),
        ({"outcome": "maybe"}, "outcome", "invalid_choice"),
        ({"outcome": "callback"}, "callback_at", "required"),
        ({"outcome": "callback", "callback_at": "2001-01-01T00:00:00Z"}, "callback_at", "required"),
        ({"outcome": "reached", "occurred_at": "0001-01-01T00:00:00+14:00"}, "occurred_at", "invalid"),
        ({"outcome": "reached", "occurred_at": 5}, "occurred_at", "invalid"),
        ({"outcome": "reached", "duration_seconds": -1}, "duration_seconds", "invalid"),
        ({"outcome": "reached", "duration_seconds": 2**63}, "duration_seconds", "invalid"),
        ({"outcome": "reached", "duration_seconds": None}, "duration_seconds", "null"),
        ({"outcome": "reached", "direction": "up"}, "direction", "invalid_choice"),
        ({"outcome": "reached", "note": "x" * 5001}, "note", "max_length"),
        ({"outcome": "reached", "by": 5}, "by", "unknown_field"),
    ],
)
def test_call_refuses_with_the_field(api, handoff, body, field, code):
    with unchanged():
        response = api.post(f"leads/{handoff.lead_id}/calls/", body)
    assert problem(response) == (422, code)
    assert response.data["errors"][0]["field"] == field


# --- qualification and decision -------------------------------------------------------------------


def test_qualification_is_saved_bit_by_bit(api, handoff):
    path = f"leads/{handoff.lead_id}/qualification/"
    empty = api.get(path).data
    assert (empty["bant"], empty["saved_at"]) == (0, None)
    assert empty["missing"] == ["right_phone", "right_name", "right_need", "agreed_to_talk", "bant"]
    first = api.put(path, {"right_phone": True, "budget": "available", "budget_amount": 5_000_000})
    assert (first.status_code, first.data["bant"], first.data["budget_amount"]) == (200, 25, 5_000_000)
    second = api.put(path, {"right_name": True}).data
    assert (second["right_phone"], second["missing"]) == (True, ["right_need", "agreed_to_talk", "bant"])
    assert api.get(path).data == second
    assert set(second) == set(QualificationSchema().fields)


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"budget": "lots"}, "budget", "invalid_choice"),
        ({"budget": []}, "budget", "invalid_choice"),
        ({"right_phone": "yes"}, "right_phone", "invalid_type"),
        ({"budget_amount": -1}, "budget_amount", "invalid"),
        ({"budget_amount": 2**63}, "budget_amount", "invalid"),
        ({"bant": 100}, "bant", "unknown_field"),
        ([], "", "not_an_object"),
    ],
)
def test_qualification_refuses_with_the_field(api, handoff, body, field, code):
    with unchanged():
        response = api.put(f"leads/{handoff.lead_id}/qualification/", body)
    assert problem(response) == (422, code)
    assert response.data["errors"][0]["field"] == field


def test_qualification_without_handoff(api):
    lead = make_lead()
    assert problem(api.get(f"leads/{lead.pk}/qualification/")) == (404, "not_found")
    assert problem(api.put(f"leads/{lead.pk}/qualification/", {})) == (409, "no_open_handoff")


def test_decision_accept_needs_the_checks(api, handoff):
    response = api.post(f"leads/{handoff.lead_id}/decision/", {"outcome": "accept"})
    assert problem(response) == (422, "not_qualified")
    assert response.data["missing"] == ["right_phone", "right_name", "right_need", "agreed_to_talk", "bant"]


def test_decision_accept_makes_an_sql(by_rep, handoff, rep):
    by_rep.put(f"leads/{handoff.lead_id}/qualification/", GOOD_ANSWERS)
    response = by_rep.post(f"leads/{handoff.lead_id}/decision/", {"outcome": "accept", "note": "Tốt"})
    assert response.status_code == 200
    assert set(response.data) == set(HandoffSchema().fields)
    assert (response.data["outcome"], response.data["note"]) == ("accepted", "Tốt")
    assert Standing.objects.get().status == "potential"
    assert problem(by_rep.post(f"leads/{handoff.lead_id}/decision/", {"outcome": "accept"})) == (
        409,
        "no_open_handoff",
    )


def test_decision_recycle_and_discard_take_a_reason(api, handoff):
    path = f"leads/{handoff.lead_id}/decision/"
    assert problem(api.post(path, {"outcome": "recycle"})) == (422, "reason_required")
    assert problem(api.post(path, {"outcome": "discard", "reason": "other"})) == (422, "note_required")
    response = api.post(path, {"outcome": "recycle", "reason": "bad_timing", "wake_on": "2027-01-04"})
    assert (response.data["outcome"], response.data["reason_label"]) == ("recycled", "Chưa đúng thời điểm")
    assert Standing.objects.get().wake_on.isoformat() == "2027-01-04"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"outcome": "win"}, "outcome"),
        ({"outcome": "recycle", "reason": "x"}, "reason"),
        ({"outcome": "recycle", "reason": "bad_timing", "wake_on": "x"}, "wake_on"),
        ({"outcome": "recycle", "reason": "bad_timing", "wake_on": "0000-01-01"}, "wake_on"),
        ({"outcome": "recycle", "reason": "bad_timing", "owner": 1}, "owner"),
    ],
)
def test_decision_refuses_with_the_field(api, handoff, body, field):
    with unchanged():
        response = api.post(f"leads/{handoff.lead_id}/decision/", body)
    assert response.status_code == 422
    assert response.data["errors"][0]["field"] == field


# --- owner ----------------------------------------------------------------------------------------


def test_assign_to_somebody(api, handoff):
    other = make_user(Role.REP)
    response = api.post(f"leads/{handoff.lead_id}/assign/", {"owner": other.pk})
    assert (response.status_code, response.data["owner"]["id"]) == (200, other.pk)
    assert Handoff.objects.get().owner_id == other.pk


def test_assign_by_the_rules(api, rep):
    rep.on_duty = False
    rep.save()
    lead = make_handoff(at=timezone.now()).lead
    rep.on_duty = True
    rep.save()
    response = api.post(f"leads/{lead.pk}/assign/", {})
    assert (response.status_code, response.data["owner"]["id"]) == (200, rep.pk)
    assert api.post(f"leads/{lead.pk}/assign/").status_code == 200


def test_assign_by_the_rules_needs_an_open_handoff(api):
    assert problem(api.post(f"leads/{make_lead().pk}/assign/", {})) == (409, "no_open_handoff")


@pytest.mark.parametrize("owner", [0, -1, 999_999, 2**63 - 1, 2**63])
def test_assign_to_nobody_known_is_refused(api, handoff, owner):
    response = api.post(f"leads/{handoff.lead_id}/assign/", {"owner": owner})
    assert problem(response) == (422, "unknown_owner")


@pytest.mark.parametrize("body", [{"owner": None}, {"owner": "x"}, {"owner_id": 5}, {"owner": {}}])
def test_assign_misspelt_never_means_by_the_rules(api, handoff, body):
    with unchanged():
        assert api.post(f"leads/{handoff.lead_id}/assign/", body).status_code == 422


def test_assign_by_a_team_lead_stays_in_the_team(handoff, rep):
    boss = Caller(user=make_user(Role.TEAM_LEAD, team=rep.team))
    mate, stranger = make_user(Role.REP, team=rep.team), make_user(Role.REP)
    path = f"leads/{handoff.lead_id}/assign/"
    assert problem(boss.post(path, {"owner": stranger.pk})) == (422, "unknown_owner")
    assert boss.post(path, {"owner": mate.pk}).data["owner"]["id"] == mate.pk


def test_acts_on_an_unknown_lead_are_404(api):
    for path, body in (
        ("status", {"to": "researched"}),
        ("calls", {"outcome": "reached"}),
        ("decision", {"outcome": "accept"}),
        ("assign", {}),
    ):
        assert problem(api.post(f"leads/999/{path}/", body)) == (404, "not_found")
    assert Lead.objects.count() == 0
