from datetime import UTC, datetime, timedelta

import pytest

from core.errors import Invalid
from leads.calls import log_call
from leads.enums import Outcome, Status
from leads.models import Call, Event, Handoff, Policy, Standing
from tests.factories import NOW, accept, make_handoff, make_lead, make_user

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def standing(lead_id: int) -> Standing:
    return Standing.objects.get(pk=lead_id)


def test_call_is_stored_and_recorded():
    rep, handoff = make_user(), make_handoff()
    call = log_call(
        handoff.lead_id, by=rep, at=NOW + MINUTE, outcome="reached", duration_seconds=240, note="Hẹn thứ Sáu"
    )
    assert (call.attempt, call.handoff_id, call.by_id, call.duration_seconds) == (1, handoff.pk, rep.pk, 240)
    event = Event.objects.get(kind="call.logged")
    assert event.properties == {
        "call": call.pk, "handoff": handoff.pk, "outcome": "reached", "direction": "outbound", "attempt": 1,
        "seconds": 240, "note": "Hẹn thứ Sáu", "human": True,
    }  # fmt: skip


def test_first_call_touches_the_handoff_once():
    rep, handoff = make_user(), make_handoff()
    log_call(handoff.lead_id, by=rep, at=NOW + 5 * MINUTE, outcome="busy")
    log_call(handoff.lead_id, by=rep, at=NOW + 9 * MINUTE, outcome="reached")
    handoff.refresh_from_db()
    assert handoff.first_touch_at == NOW + 5 * MINUTE


def test_touch_never_lies_before_the_offer():
    handoff = make_handoff()
    log_call(handoff.lead_id, by=make_user(), at=NOW + MINUTE, occurred_at=NOW - MINUTE, outcome="reached")
    handoff.refresh_from_db()
    assert handoff.first_touch_at == NOW


def test_call_of_the_future_counts_as_now():
    call = log_call(make_lead().pk, by=make_user(), at=NOW, occurred_at=NOW + MINUTE, outcome="reached")
    assert call.occurred_at == NOW


def test_reached_call_makes_new_researched():
    lead = make_lead()
    log_call(lead.pk, by=make_user(), at=NOW + MINUTE, outcome="reached")
    assert standing(lead.pk).status == Status.RESEARCHED


def test_reached_call_leaves_a_potential_lead_where_it_is():
    rep, handoff = make_user(), make_handoff()
    accept(handoff, by=rep)
    log_call(handoff.lead_id, by=rep, at=NOW + MINUTE, outcome="reached")
    assert standing(handoff.lead_id).status == Status.POTENTIAL


def test_rep_who_calls_a_lead_of_the_pool_takes_it():
    handoff = make_handoff()  # nobody on duty: the pool
    rep = make_user()
    log_call(handoff.lead_id, by=rep, at=NOW + MINUTE, outcome="reached")
    handoff.refresh_from_db()
    assert (handoff.owner_id, standing(handoff.lead_id).owner_id) == (rep.pk, rep.pk)


def test_first_miss_is_due_again_after_four_business_hours():
    handoff = make_handoff()
    log_call(handoff.lead_id, by=make_user(), at=NOW, outcome="no_answer")
    # 10:00 + 2 h until lunch + 2 h from 13:00 = 15:00 in Ho Chi Minh City
    assert standing(handoff.lead_id).next_step_at == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def test_second_miss_is_due_again_on_the_next_business_day():
    rep, handoff = make_user(), make_handoff()
    log_call(handoff.lead_id, by=rep, at=NOW, outcome="no_answer")
    log_call(handoff.lead_id, by=rep, at=NOW + 5 * MINUTE, outcome="busy")
    assert standing(handoff.lead_id).next_step_at == NOW + 5 * MINUTE + timedelta(days=2)  # 24/11 is a public holiday


def test_third_miss_makes_it_unreachable_and_recycles():
    rep, handoff = make_user(), make_handoff()
    for minutes in (1, 2, 3):
        log_call(handoff.lead_id, by=rep, at=NOW + minutes * MINUTE, outcome="no_answer")
    handoff.refresh_from_db()
    row = standing(handoff.lead_id)
    assert (handoff.outcome, handoff.reason) == (Outcome.RECYCLED, "unreachable")
    assert (row.status, row.owner_id, row.handoff_open, row.next_step_at) == (Status.UNREACHABLE, None, False, None)


def test_attempts_are_a_setting():
    Policy.objects.create(pk=1, attempts=1)
    handoff = make_handoff()
    log_call(handoff.lead_id, by=make_user(), at=NOW, outcome="no_answer")
    assert Handoff.objects.get().outcome == Outcome.RECYCLED


def test_misses_after_a_reached_call_do_not_recycle():
    rep, handoff = make_user(), make_handoff()
    for outcome in ("reached", "no_answer", "busy", "no_answer"):
        log_call(handoff.lead_id, by=rep, at=NOW, outcome=outcome)
    handoff.refresh_from_db()
    assert handoff.outcome == Outcome.OPEN


def test_misses_on_an_accepted_lead_never_recycle():
    rep, handoff = make_user(), make_handoff()
    accept(handoff, by=rep)
    for _n in range(4):
        log_call(handoff.lead_id, by=rep, at=NOW, outcome="no_answer")
    handoff.refresh_from_db()
    assert handoff.outcome == Outcome.ACCEPTED


def test_missed_incoming_call_asks_for_nothing():
    handoff = make_handoff()
    log_call(handoff.lead_id, by=make_user(), at=NOW, outcome="no_answer", direction="inbound")
    assert standing(handoff.lead_id).next_step_at is None


def test_callback_is_the_next_step():
    handoff = make_handoff()
    when = NOW + timedelta(hours=3)
    log_call(handoff.lead_id, by=make_user(), at=NOW, outcome="callback", callback_at=when)
    assert standing(handoff.lead_id).next_step_at == when


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"outcome": "shouted"}, "outcome"),
        ({"outcome": "reached", "direction": "sideways"}, "direction"),
        ({"outcome": "reached", "duration_seconds": -1}, "duration_seconds"),
        ({"outcome": "reached", "duration_seconds": 10**6}, "duration_seconds"),
        ({"outcome": "callback"}, "callback_at"),
        ({"outcome": "callback", "callback_at": NOW}, "callback_at"),
    ],
)
def test_impossible_call_is_refused_and_nothing_stored(given, field):
    lead = make_lead()
    with pytest.raises(Invalid) as refusal:
        log_call(lead.pk, by=make_user(), at=NOW, **given)
    assert refusal.value.field == field
    assert Call.objects.count() == 0
