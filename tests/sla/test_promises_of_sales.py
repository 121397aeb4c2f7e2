"""The clocks of every promise: decision, next attempt, care; pauses and the escalation."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role
from core.errors import Conflict, Invalid, NotFound
from leads.assignment import reassign
from leads.calls import log_call
from leads.care import end_care, extend_care
from leads.decisions import decide
from leads.models import Event, Standing
from leads.moves import move_status
from sla.checks import violations
from sla.enums import State
from sla.models import Clock, EscalationStep
from sla.office import add_special_day
from sla.pausing import pause_clock, resume_clock
from sla.sweep import escalate, sweep
from tests.factories import NOW, accept, make_handoff, make_lead, make_mql, make_user
from tests.pages import EARLIER, as_role, enter
from tests.sla.makers import MINUTE, make_clock, offer, said

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def clock_of(lead_id: int, promise: str) -> Clock:
    return Clock.objects.filter(lead=lead_id, promise=promise).latest("started_at")


def states(lead_id: int) -> dict[str, str]:
    clocks = Clock.objects.filter(lead=lead_id).order_by("promise", "pk")
    return {c.promise: str(c.state(at=NOW)) for c in clocks}


@pytest.fixture
def rep():
    return make_user()


def test_decision_is_due_in_three_business_days(rep):
    (handoff,) = offer(make_lead(), whole=True)
    clock = clock_of(handoff.lead_id, "decision")
    # Monday 10:00; Tuesday the 24th is a public holiday
    assert clock.due_at == datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
    assert (clock.days, clock.minutes, clock.owner) == (3, 3 * 510, rep)
    assert clock.started_at < clock.warn50_at < clock.warn80_at < clock.due_at


def test_decision_in_time_keeps_the_promise_whatever_it_says(rep):
    (handoff,) = offer(make_lead(), whole=True)
    log_call(handoff.lead_id, by=rep, at=NOW + MINUTE, outcome="reached")
    decide(handoff.lead_id, by=rep, at=NOW + HOUR, outcome="discard", reason="no_need")
    assert states(handoff.lead_id) == {"first_touch": State.KEPT, "decision": State.KEPT}
    assert Standing.objects.get(pk=handoff.lead_id).sla_due_at is None
    assert list(violations(at=NOW)) == []


def test_decision_too_late_is_a_breach_of_who_had_it(rep):
    (handoff,) = offer(make_lead(), whole=True)
    log_call(handoff.lead_id, by=rep, at=NOW + MINUTE, outcome="reached")
    sweep(at=NOW + 9 * DAY)
    clock = clock_of(handoff.lead_id, "decision")
    assert (clock.breached_at, clock.breach_owner, clock.state(at=NOW + 9 * DAY)) == (clock.due_at, rep, State.BREACHED)
    decide(handoff.lead_id, by=rep, at=NOW + 9 * DAY, outcome="recycle", reason="bad_timing")
    assert states(handoff.lead_id)["decision"] == State.LATE


def test_misses_start_the_clock_of_the_next_attempt(rep):
    (handoff,) = offer(make_lead(), whole=True)
    log_call(handoff.lead_id, by=rep, at=NOW, outcome="no_answer")
    first = clock_of(handoff.lead_id, "next_attempt")
    assert (first.due_at, first.owner) == (NOW + 5 * HOUR, rep)  # four business hours, an hour of lunch
    assert Standing.objects.get(pk=handoff.lead_id).sla_due_at == first.due_at
    log_call(handoff.lead_id, by=rep, at=NOW + 2 * HOUR, outcome="busy")
    first.refresh_from_db()
    second = clock_of(handoff.lead_id, "next_attempt")
    assert (first.state(at=NOW), second.days) == (State.KEPT, 1)
    assert second.due_at == datetime(2026, 11, 25, 5, 0, tzinfo=UTC)  # Wednesday 12:00; Tuesday is a public holiday
    log_call(handoff.lead_id, by=rep, at=NOW + 3 * HOUR, outcome="no_answer")
    assert Clock.objects.running().filter(lead=handoff.lead_id).count() == 0
    assert list(violations(at=NOW)) == []


@pytest.mark.parametrize("outcome", ["reached", "callback"])
def test_no_next_attempt_is_owed_to_whom_was_reached(rep, outcome):
    (handoff,) = offer(make_lead(), whole=True)
    log_call(handoff.lead_id, by=rep, at=NOW, outcome=outcome, callback_at=NOW + DAY)
    assert Clock.objects.filter(promise="next_attempt").count() == 0
    log_call(handoff.lead_id, by=rep, at=NOW, outcome="reached")
    log_call(handoff.lead_id, by=rep, at=NOW + HOUR, outcome="no_answer")
    assert Clock.objects.filter(promise="next_attempt").count() == 0


def test_incoming_misses_and_older_calls_told_later_start_nothing(rep):
    (handoff,) = offer(make_lead(), whole=True)
    log_call(handoff.lead_id, by=rep, at=NOW, outcome="no_answer", direction="inbound")
    assert Clock.objects.filter(promise="next_attempt").count() == 0
    log_call(handoff.lead_id, by=rep, at=NOW + 2 * HOUR, outcome="no_answer")
    log_call(handoff.lead_id, by=rep, at=NOW + 3 * HOUR, occurred_at=NOW + HOUR, outcome="no_answer")
    assert Clock.objects.filter(promise="next_attempt").count() == 1


def test_late_next_attempt_is_the_reps_breach(rep):
    (handoff,) = offer(make_lead(), whole=True)
    log_call(handoff.lead_id, by=rep, at=NOW, outcome="no_answer")
    log_call(handoff.lead_id, by=rep, at=NOW + 7 * HOUR, outcome="reached")
    clock = clock_of(handoff.lead_id, "next_attempt")
    assert (clock.state(at=NOW), clock.breach_owner) == (State.LATE, rep)


def test_care_runs_thirty_days_from_the_acceptance(rep):
    handoff = make_handoff()
    accept(handoff, by=rep)
    clock = clock_of(handoff.lead_id, "care")
    assert (clock.due_at, clock.owner, clock.days) == (NOW + 30 * DAY, rep, 30)
    assert Clock.objects.filter(promise="care").count() == 1
    assert Standing.objects.get(pk=handoff.lead_id).sla_due_at == clock.due_at
    assert list(violations(at=NOW)) == []


def test_a_step_forward_starts_the_care_anew_and_the_contract_ends_it(rep):
    handoff = make_handoff()
    accept(handoff, by=rep)
    move_status(handoff.lead_id, "hot", by=rep, at=NOW + 10 * DAY)
    first, second = Clock.objects.filter(promise="care").order_by("started_at")
    assert (first.state(at=NOW), second.due_at) == (State.KEPT, NOW + 40 * DAY)
    move_status(handoff.lead_id, "won", by=rep, at=NOW + 20 * DAY, amount=5_000_000)
    assert Clock.objects.running().count() == 0
    assert list(violations(at=NOW + 20 * DAY)) == []


def test_care_that_ends_unnoticed_is_a_breach_and_extending_decides(rep):
    handoff = make_handoff()
    accept(handoff, by=rep)
    sweep(at=NOW + 31 * DAY)
    extend_care(handoff.lead_id, by=rep, at=NOW + 32 * DAY, reason="Chờ ngân sách quý sau")
    first, second = Clock.objects.filter(promise="care").order_by("started_at")
    assert (first.state(at=NOW), first.breach_owner, second.due_at) == (State.LATE, rep, NOW + 62 * DAY)
    end_care(handoff.lead_id, by=rep, at=NOW + 33 * DAY, reason="no_budget")
    assert Clock.objects.running().count() == 0
    assert list(violations(at=NOW + 33 * DAY)) == []


def test_care_goes_with_the_lead_to_its_new_owner(rep):
    handoff = make_handoff()
    accept(handoff, by=rep)
    other = make_user()
    reassign([handoff.lead_id], to=other, by=None, at=NOW + DAY)
    assert clock_of(handoff.lead_id, "care").owner == other
    sweep(at=NOW + 31 * DAY)
    assert clock_of(handoff.lead_id, "care").breach_owner == other
    assert list(violations(at=NOW + 31 * DAY)) == []


def test_calendar_changes_move_decisions_and_leave_care_alone(rep):
    (handoff,) = offer(make_lead(), whole=True)
    cared = make_handoff()
    accept(cared, by=rep)
    before = clock_of(handoff.lead_id, "decision").due_at
    add_special_day(datetime(2026, 11, 26, tzinfo=UTC).date(), name="Hội nghị", working=False, by=None, at=NOW)
    assert clock_of(handoff.lead_id, "decision").due_at == datetime(2026, 11, 30, 3, 0, tzinfo=UTC) > before
    assert clock_of(cared.lead_id, "care").due_at == NOW + 30 * DAY


# --- pauses ----------------------------------------------------------------------------------------


def test_pause_moves_the_due_time_by_the_business_time_it_stood_still(rep):
    lead = make_user(Role.TEAM_LEAD)
    clock = make_clock()
    pause_clock(clock.pk, by=lead, at=NOW + 30 * MINUTE, reason="outage")
    assert Standing.objects.get().sla_due_at is None
    assert sweep(at=NOW + DAY).breached == 0
    resumed = resume_clock(clock.pk, by=lead, at=NOW + 4 * HOUR)  # 10:30 to 14:00, an hour of lunch: 150 minutes
    assert (resumed.paused_minutes, resumed.due_at) == (150, datetime(2026, 11, 23, 8, 30, tzinfo=UTC))
    assert said(clock) == ["sla.paused", "sla.resumed"]
    assert Standing.objects.get().sla_due_at == resumed.due_at
    assert list(violations(at=NOW + 4 * HOUR)) == []


def test_pause_of_a_care_counts_days(rep):
    handoff = make_handoff()
    accept(handoff, by=rep)
    clock = clock_of(handoff.lead_id, "care")
    pause_clock(clock.pk, by=rep, at=NOW, reason="waits")
    assert resume_clock(clock.pk, by=rep, at=NOW + 5 * DAY).due_at == NOW + 35 * DAY


def test_attempt_while_paused_is_in_time_and_hand_overs_break_nothing(rep):
    clock = make_clock()
    pause_clock(clock.pk, by=rep, at=NOW, reason="disputed")
    reassign([clock.lead_id], to=make_user(), by=None, at=NOW + 9 * DAY)
    log_call(clock.lead_id, by=None, at=NOW + 10 * DAY, outcome="reached")
    clock.refresh_from_db()
    assert (clock.state(at=NOW), clock.breached_at, clock.paused_at) == (State.KEPT, None, None)


def test_only_running_clocks_in_time_are_paused_and_only_paused_ones_resumed(rep):
    clock = make_clock()
    with pytest.raises(Invalid):
        pause_clock(clock.pk, by=rep, at=NOW, reason="holiday")
    with pytest.raises(Conflict):
        resume_clock(clock.pk, by=rep, at=NOW)
    with pytest.raises(Conflict):
        pause_clock(clock.pk, by=rep, at=NOW + DAY, reason="outage")
    with pytest.raises(NotFound):
        pause_clock(0, by=rep, at=NOW, reason="outage")
    assert pause_clock(clock.pk, by=rep, at=NOW, reason="outage").state(at=NOW) == State.PAUSED


# --- escalation ------------------------------------------------------------------------------------


def told(clock: Clock) -> list[tuple[str, datetime]]:
    events = Event.objects.filter(lead=clock.lead_id, kind="sla.escalated").order_by("pk")
    return [(e.properties["to"], e.occurred_at) for e in events]


@pytest.fixture
def steps(rep):
    clock = make_clock()
    EscalationStep.objects.create(promise="first_touch", after_minutes=0, to="team_lead")
    EscalationStep.objects.create(promise="first_touch", after_minutes=240, to="manager")
    return clock


def test_escalation_goes_from_the_team_lead_to_the_manager_in_business_time(steps):
    for minute in range(0, 1000, 20):
        sweep(at=NOW + minute * MINUTE)
    due = steps.due_at
    assert told(steps) == [("team_lead", due), ("manager", due + 300 * MINUTE)]  # lunch in between


def test_escalation_after_a_missed_week_or_twice_or_turned_back_says_the_same(steps):
    sweep(at=NOW + 7 * DAY)
    assert [escalate(at=NOW + 7 * DAY), escalate(at=NOW), escalate(at=NOW + 8 * DAY)] == [0, 0, 0]
    assert told(steps) == [("team_lead", steps.due_at), ("manager", steps.due_at + 300 * MINUTE)]


def test_escalation_ends_with_the_attempt_and_names_who_broke_it(steps, rep):
    sweep(at=steps.due_at)
    reassign([steps.lead_id], to=make_user(), by=None, at=steps.due_at + MINUTE)
    log_call(steps.lead_id, by=None, at=steps.due_at + 2 * MINUTE, outcome="reached")
    sweep(at=NOW + 7 * DAY)
    assert [to for to, _at in told(steps)] == ["team_lead"]
    event = Event.objects.get(kind="sla.escalated")
    assert (event.properties["owner"], event.properties["segment"]) == (rep.pk, "rep")


def test_default_steps_come_with_the_product(db):
    assert list(EscalationStep.objects.order_by("promise", "after_minutes").values_list("promise", "to")) == [
        ("care", "team_lead"),
        ("decision", "team_lead"),
        ("decision", "manager"),
        ("first_touch", "team_lead"),
        ("first_touch", "manager"),
        ("next_attempt", "team_lead"),
    ]


# --- pages -----------------------------------------------------------------------------------------


def test_clock_is_paused_and_resumed_on_pages_of_those_who_lead():
    client, lead = as_role(Role.TEAM_LEAD)
    clock = clock_of(make_mql(at=EARLIER).pk, "decision")
    address = reverse("clock_pause", args=[clock.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": "outage"}, follow=True).status_code == 200
    clock.refresh_from_db()
    assert (clock.pause_reason, clock.owner) == ("outage", lead)
    page = client.get(reverse("lead", args=[clock.lead_id])).content.decode()
    assert reverse("clock_resume", args=[clock.pk]) in page
    client.post(reverse("clock_resume", args=[clock.pk]))
    clock.refresh_from_db()
    assert clock.paused_at is None
    assert enter(make_user()).get(address).status_code == 403
    assert as_role(Role.TEAM_LEAD)[0].get(address).status_code == 404


def test_escalation_is_edited_by_managers():
    client, _user = as_role(Role.SALES_MANAGER)
    page = client.get(reverse("escalation"))
    sent = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-promise": "care", "form-0-to": "manager"}
    assert (page.status_code, client.post(reverse("escalation"), sent).status_code) == (200, 422)
    client.post(reverse("escalation"), {**sent, "form-0-after_minutes": "60"})
    assert EscalationStep.objects.filter(promise="care", to="manager", after_minutes=60).count() == 1
    assert enter(make_user()).get(reverse("escalation")).status_code == 403
