"""Attempts, reminders, and the end of care (DOMAIN 3)."""

from datetime import timedelta

import pytest

from core.errors import Conflict, Invalid
from leads.calls import log_call
from leads.care import begin_care, end_care, extend_care
from leads.enums import ReminderKind, Stage, Status
from leads.models import Event, Handoff, Policy, Reminder, Standing
from leads.moves import move_status
from leads.reminders import remind, sweep_reminders
from notifications.models import Delivery
from tests.concurrency.crowd import at_once
from tests.factories import NOW, accept, make_handoff, make_lead, make_mql, make_user

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def rep():
    return make_user()


@pytest.fixture
def handoff(rep):
    return Handoff.objects.get(lead=make_mql())


def kinds():
    return list(Event.objects.filter(kind__startswith="reminder.").values_list("kind", flat=True))


def test_a_miss_makes_the_next_attempt_due_and_the_rep_is_told_then(rep, handoff):
    log_call(handoff.lead_id, by=rep, at=NOW, outcome="no_answer")
    due = Standing.objects.get().next_step_at
    assert sweep_reminders(at=due - timedelta(seconds=1)) == 0
    assert sweep_reminders(at=due) == 1
    event = Event.objects.get(kind="reminder.call")
    assert (event.occurred_at, event.properties["owner"]) == (due, rep.pk)
    assert Delivery.objects.get(kind="reminder.call").recipient == rep
    assert sweep_reminders(at=due + DAY) == 0


def test_the_numbers_are_the_agreements(rep, handoff):
    Policy.objects.update_or_create(pk=1, defaults={"attempts": 2, "retry_hours": 1})
    log_call(handoff.lead_id, by=rep, at=NOW, outcome="busy")
    assert Standing.objects.get().next_step_at == NOW + HOUR
    log_call(handoff.lead_id, by=rep, at=NOW + HOUR, outcome="busy")
    row = Standing.objects.get()
    handoff.refresh_from_db()
    assert (row.status, row.owner_id, handoff.outcome, handoff.reason) == (
        "unreachable",
        None,
        "recycled",
        "unreachable",
    )


def test_a_call_back_that_was_kept_is_not_reminded_of(rep, handoff):
    log_call(handoff.lead_id, by=rep, at=NOW, outcome="callback", callback_at=NOW + HOUR)
    log_call(handoff.lead_id, by=rep, at=NOW + HOUR / 2, outcome="reached")
    assert sweep_reminders(at=NOW + 2 * HOUR) == 0
    assert kinds() == []


def test_a_new_time_replaces_the_old_one(rep, handoff):
    log_call(handoff.lead_id, by=rep, at=NOW, outcome="callback", callback_at=NOW + HOUR)
    log_call(handoff.lead_id, by=rep, at=NOW, outcome="callback", callback_at=NOW + 3 * HOUR)
    assert Reminder.objects.get(kind=ReminderKind.CALL).due_at == NOW + 3 * HOUR
    assert sweep_reminders(at=NOW + 2 * HOUR) == 0
    assert sweep_reminders(at=NOW + 4 * HOUR) == 1


def test_nobody_is_told_of_a_lead_that_is_nobodys():
    lead = make_lead()
    remind(lead.pk, ReminderKind.CALL, due_at=NOW)
    assert sweep_reminders(at=NOW) == 0
    assert Reminder.objects.get().done_at == NOW


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_tell_once(rep):
    for _n in range(6):
        lead = make_mql()
        log_call(lead.pk, by=rep, at=NOW, outcome="callback", callback_at=NOW + HOUR)
    told = at_once([lambda: sweep_reminders(at=NOW + 2 * HOUR)] * 3)
    assert sum(told) == 6
    assert kinds() == ["reminder.call"] * 6


def test_care_begins_with_acceptance_and_again_with_each_move(rep, handoff):
    accept(handoff, by=rep)
    handoff.refresh_from_db()
    assert handoff.care_until == NOW + 30 * DAY
    move_status(handoff.lead_id, "hot", by=rep, at=NOW + 5 * DAY)
    handoff.refresh_from_db()
    assert handoff.care_until == NOW + 35 * DAY
    assert sweep_reminders(at=NOW + 34 * DAY) == 0
    assert sweep_reminders(at=NOW + 36 * DAY) == 1
    assert kinds() == ["reminder.care"]


def test_care_of_a_lead_that_is_won_ends_in_silence(rep, handoff):
    accept(handoff, by=rep)
    move_status(handoff.lead_id, "hot", by=rep, at=NOW)
    move_status(handoff.lead_id, "won", by=rep, at=NOW, amount=1_000_000)
    assert sweep_reminders(at=NOW + 40 * DAY) == 0


def test_the_rep_goes_on_with_a_reason(rep, handoff):
    accept(handoff, by=rep)
    assert extend_care(handoff.lead_id, by=rep, at=NOW + 31 * DAY, reason=" Chờ ký ") == NOW + 61 * DAY
    assert Event.objects.get(kind="care.extended").properties["reason"] == "Chờ ký"
    with pytest.raises(Invalid):
        extend_care(handoff.lead_id, by=rep, at=NOW, reason=" ")


def test_the_rep_gives_an_accepted_lead_back(rep, handoff):
    accept(handoff, by=rep)
    wake = (NOW + 20 * DAY).date()
    end_care(handoff.lead_id, by=rep, at=NOW + DAY, reason="bad_timing", note="Năm sau", wake_on=wake)
    row = Standing.objects.get()
    handoff.refresh_from_db()
    assert (row.stage, row.status, row.owner_id, row.score, row.wake_on) == (Stage.LEAD, "potential", None, 50, wake)
    assert (handoff.outcome, handoff.care_until) == ("accepted", None)
    assert sweep_reminders(at=NOW + 60 * DAY) == 0


def test_an_accepted_lead_given_back_can_become_an_mql_again(rep, handoff):
    accept(handoff, by=rep)
    end_care(handoff.lead_id, by=rep, at=NOW + DAY, reason="bad_timing")
    make_handoff(lead=handoff.lead, at=NOW + 2 * DAY)
    row = Standing.objects.get()
    assert (row.status, row.stage, row.cycle) == (Status.NEW, Stage.MQL, 2)


@pytest.mark.parametrize(("reason", "field"), [("", "reason"), ("weather", "reason"), ("other", "note")])
def test_giving_back_needs_a_reason(rep, handoff, reason, field):
    accept(handoff, by=rep)
    with pytest.raises(Invalid) as refused:
        end_care(handoff.lead_id, by=rep, at=NOW, reason=reason)
    assert refused.value.field == field


def test_only_an_accepted_lead_is_in_care(rep, handoff):
    with pytest.raises(Conflict):
        extend_care(handoff.lead_id, by=rep, at=NOW, reason="x")
    with pytest.raises(Conflict):
        end_care(handoff.lead_id, by=rep, at=NOW, reason="no_need")


def test_care_of_nobody_is_nothing():
    assert begin_care({}, at=NOW) == NOW + 30 * DAY
    assert Reminder.objects.count() == 0
