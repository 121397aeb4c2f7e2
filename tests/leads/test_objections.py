"""What a person wants no more is heeded at once, whoever acts, until they take it back."""

from datetime import date, timedelta

import pytest

from accounts.enums import Role
from api.enums import Scope as KeyScope
from core.errors import Conflict
from leads.calls import log_call
from leads.decisions import decide
from leads.lead_view import lead_view
from leads.merging.joining import merge
from leads.models import Call, Event, Handoff, Lead, Objection, Standing
from leads.next_step import Step
from leads.objections import not_to_be_called
from leads.queries import waking
from leads.requests.closing import fulfil
from leads.requests.taking_back import stands, take_back
from reports.invariants import violations
from scoring.adjust import adjust_score
from sla.models import Clock
from tests.api.caller import Caller
from tests.factories import NOW, make_handoff, make_lead, make_user
from tests.leads.requests.asking import ask

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def admin():
    return make_user(Role.ADMIN)


def object_to(*to, lead, by):
    found = ask("object", lead=lead, by=by, objects_to=to)
    fulfil(found, by=by, at=NOW)
    return found


def sound():
    return [line for line in violations(at=LATER) if not line.startswith("notifications: delivery")]


def test_consent_is_withdrawn_and_stays_readable(admin):
    lead = make_lead(consent={"purpose": "ads", "given_at": "2026-01-01"})
    found = object_to("advertising", lead=lead, by=admin)
    lead.refresh_from_db()
    withdrawn = {"withdrawn_at": NOW.isoformat(), "withdrawn_for": ["advertising"]}
    assert lead.consent == {"purpose": "ads", "given_at": "2026-01-01", **withdrawn}
    assert (found.state, stands(found)) == ("done", True)
    told = Event.objects.get(lead=lead, kind="lead.objected")
    assert told.properties == {"request": found.pk, "to": ["advertising"]}


@pytest.mark.parametrize("to", ["calls", "processing"])
def test_nobody_calls_who_objects(admin, to):
    rep, handoff = make_user(), make_handoff()
    log_call(handoff.lead_id, by=rep, at=NOW, outcome="no_answer")
    object_to(to, lead=handoff.lead, by=admin)
    handoff.refresh_from_db()
    row = Standing.objects.get(pk=handoff.lead_id)
    assert (handoff.outcome, row.handoff_open, row.owner_id, row.next_step_at) == ("withdrawn", False, None, None)
    assert row.stage == "contact"  # where its few points put it
    assert Clock.objects.running().filter(lead=handoff.lead_id).count() == 0
    with pytest.raises(Conflict) as refused:
        log_call(handoff.lead_id, by=rep, at=LATER, outcome="reached")
    assert (refused.value.code, Call.objects.count()) == ("objects_to_calls", 1)
    assert sound() == []


def test_calls_that_came_in_or_were_made_before_are_logged(admin):
    lead = make_lead()
    object_to("calls", lead=lead, by=admin)
    log_call(lead.pk, by=None, at=LATER, outcome="reached", direction="inbound")
    log_call(lead.pk, by=None, at=LATER, outcome="reached", occurred_at=NOW - timedelta(minutes=1))
    assert Call.objects.filter(lead=lead).count() == 2


def test_the_api_refuses_the_call_too(admin):
    lead = make_lead()
    object_to("calls", lead=lead, by=admin)
    answer = Caller(KeyScope.ADMIN).post(f"leads/{lead.pk}/calls/", {"outcome": "reached"})
    assert (answer.status_code, answer.data["code"]) == (409, "objects_to_calls")


def test_over_the_line_sales_does_not_get_who_objects_to_calls(admin):
    lead = make_lead()
    object_to("calls", lead=lead, by=admin)
    adjust_score(lead.pk, points=90, reason="x", by=admin, at=LATER)
    row = Standing.objects.get(pk=lead.pk)
    assert (row.score, row.stage, Handoff.objects.count()) == (90, "lead", 0)
    assert sound() == []


def test_who_objects_to_advertising_alone_may_still_ask_to_be_called(admin):
    lead = make_lead()
    object_to("advertising", lead=lead, by=admin)
    adjust_score(lead.pk, points=90, reason="x", by=admin, at=LATER)
    assert (Handoff.objects.get().outcome, not_to_be_called([lead.pk])) == ("open", set())
    log_call(lead.pk, by=None, at=LATER, outcome="reached")


def test_nurture_stops(admin):
    handoff, rep = make_handoff(), make_user()
    decide(handoff.lead_id, by=rep, at=NOW, outcome="recycle", reason="bad_timing", wake_on=date(2026, 11, 25))
    assert [row.pk for row in waking(admin, today=date(2026, 11, 25))] == [handoff.lead_id]
    object_to("advertising", lead=handoff.lead, by=admin)
    row = Standing.objects.get(pk=handoff.lead_id)
    view = lead_view(row, at=LATER)
    assert (row.wake_on, view.next_step.step, view.may_be_called) == (None, Step.NONE, True)
    Standing.objects.filter(pk=row.pk).update(wake_on=date(2026, 11, 25))
    assert waking(admin, today=date(2026, 11, 25)) == []


def test_taken_back_sales_gets_the_lead_that_crossed_meanwhile(admin):
    lead = make_lead()
    found = object_to("calls", lead=lead, by=admin)
    adjust_score(lead.pk, points=90, reason="x", by=admin, at=LATER)
    take_back(found, by=admin, at=LATER)
    assert (Handoff.objects.get().outcome, stands(found), Objection.objects.count()) == ("open", False, 0)
    assert Event.objects.filter(lead=lead, kind="lead.objection_ended").count() == 1
    assert "withdrawn_at" in Lead.objects.get(pk=lead.pk).consent
    log_call(lead.pk, by=None, at=LATER, outcome="reached")
    with pytest.raises(Conflict) as refused:
        take_back(found, by=admin, at=LATER)
    assert refused.value.code == "already_taken_back"
    assert sound() == []


def test_one_objection_taken_back_leaves_the_other(admin):
    lead = make_lead()
    adverts = object_to("advertising", lead=lead, by=admin)
    object_to("calls", lead=lead, by=admin)
    adjust_score(lead.pk, points=90, reason="x", by=admin, at=LATER)
    take_back(adverts, by=admin, at=LATER)
    assert ([one.to for one in Objection.objects.all()], Handoff.objects.count()) == (["calls"], 0)


def test_below_the_line_nothing_opens_when_it_is_taken_back(admin):
    found = object_to("calls", lead=make_lead(), by=admin)
    take_back(found, by=admin, at=LATER)
    assert Handoff.objects.count() == 0


def test_objected_twice_is_objected_once(admin):
    lead = make_lead()
    object_to("calls", lead=lead, by=admin)
    object_to("calls", "advertising", lead=lead, by=admin)
    assert sorted(one.to for one in Objection.objects.all()) == ["advertising", "calls"]


def test_an_objection_goes_with_the_person_into_a_merge(admin):
    lead, other = make_lead(), make_lead()
    object_to("calls", lead=other, by=admin)
    merge(lead.pk, other.pk, by=admin, at=LATER)
    assert not_to_be_called([lead.pk]) == {lead.pk}
