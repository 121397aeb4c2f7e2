from datetime import UTC, date, datetime, timedelta

import pytest

from leads.assignment import reassign
from leads.calls import log_call
from leads.decisions import decide
from leads.events import Fact, record
from leads.models import Event, Handoff, Standing
from leads.standing import lock
from sla.checks import violations
from sla.enums import State
from sla.models import Agreement, Clock
from tests.factories import NOW, accept, make_lead, make_user
from tests.sla.makers import MINUTE, make_clock, offer, owner_of, said

pytestmark = pytest.mark.django_db

HALF_PAST_FOUR = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)  # Friday in Ho Chi Minh City


def test_start_gives_a_warm_lead_two_business_hours():
    clock = make_clock(score=80)
    assert (clock.minutes, clock.started_at, clock.promise) == (120, NOW, "first_touch")
    assert clock.due_at == NOW + 120 * MINUTE
    assert clock.agreement.version == 1


@pytest.mark.parametrize(("score", "minutes"), [(99, 120), (100, 15), (250, 15)])
def test_start_gives_a_hot_lead_fifteen_business_minutes(score, minutes):
    assert make_clock(score=score).minutes == minutes


def test_start_shows_the_due_time_on_the_standing():
    clock = make_clock()
    standing = Standing.objects.get(pk=clock.lead_id)
    assert (standing.sla_due_at, standing.sla_warn_at) == (clock.due_at, clock.warn80_at)


def test_start_on_friday_afternoon_falls_due_on_monday():
    clock = make_clock(at=HALF_PAST_FOUR)
    assert clock.due_at == datetime(2026, 11, 30, 2, 0, tzinfo=UTC)  # one hour on Friday, one on Monday from 8:00


def test_start_at_midnight_counts_from_the_morning():
    midnight = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)  # 0:00 on Tuesday
    assert make_clock(at=midnight).due_at == datetime(2026, 12, 1, 3, 0, tzinfo=UTC)


def test_start_before_tet_falls_due_after_it():
    before = datetime(2026, 2, 13, 10, 0, tzinfo=UTC)  # Friday 17:00, the last half hour before Tết 2026
    clock = make_clock(at=before)
    assert clock.due_at == datetime(2026, 2, 23, 2, 30, tzinfo=UTC)  # Monday 9:30


def test_start_of_a_batch_gives_each_its_clock():
    leads = [make_lead() for _n in range(3)]
    offer(*leads)
    assert Clock.objects.count() == 3
    assert list(violations(at=NOW)) == []


def test_start_is_judged_by_the_agreement_in_force_then():
    Agreement.objects.create(version=2, in_force_from=date(2026, 11, 24), first_touch_minutes=60)
    assert make_clock(at=NOW).minutes == 120
    later = make_clock(at=NOW + timedelta(days=1))
    assert (later.minutes, later.agreement.version) == (60, 2)


def test_start_without_any_agreement_takes_the_default_one():
    Agreement.objects.all().delete()
    assert make_clock().agreement.version == 1


def test_clock_belongs_to_the_rep_the_lead_was_given_to():
    rep = make_user()
    clock = make_clock()
    assert (clock.owner, clock.team) == (rep, rep.team)


def test_clock_of_the_pool_belongs_to_the_queue():
    clock = make_clock()
    assert (clock.owner, clock.team) == (None, None)


def test_hand_over_moves_the_responsibility_from_that_moment():
    first = make_user()
    clock = make_clock()
    second = make_user()
    reassign([clock.lead_id], to=second, by=None, at=NOW + 30 * MINUTE)
    assert owner_of(clock) == second
    log_call(clock.lead_id, by=second, at=NOW + 150 * MINUTE, outcome="reached")
    clock.refresh_from_db()
    assert (clock.breach_owner, clock.breach_segment) == (second, "rep")
    assert first != second


def test_hand_over_after_the_due_time_leaves_the_breach_with_the_first():
    first = make_user()
    clock = make_clock()
    second = make_user()
    reassign([clock.lead_id], to=second, by=None, at=NOW + 150 * MINUTE)
    clock.refresh_from_db()
    assert (clock.breach_owner, clock.owner) == (first, second)
    assert said(clock) == ["sla.breached"]
    log_call(clock.lead_id, by=second, at=NOW + 160 * MINUTE, outcome="reached")
    clock.refresh_from_db()
    assert (clock.breach_owner, clock.state(at=NOW)) == (first, State.LATE)


def test_hand_over_out_of_the_queue_too_late_is_the_queues_breach():
    clock = make_clock()
    rep = make_user()
    reassign([clock.lead_id], to=rep, by=None, at=NOW + 121 * MINUTE)
    clock.refresh_from_db()
    assert (clock.breach_segment, clock.breach_owner, clock.owner) == ("queue", None, rep)


def test_hand_over_back_to_the_pool_gives_the_clock_to_the_queue():
    make_user()
    clock = make_clock()
    with lock([clock.lead_id]) as rows:
        pooled = Fact(clock.lead_id, "handoff.pooled", NOW + MINUTE, properties={"handoff": clock.handoff_id})
        record([pooled], at=NOW + MINUTE, rows=rows)
    assert owner_of(clock) is None


def test_assignment_of_a_lead_without_hand_off_touches_no_clock():
    lead = make_lead()
    reassign([lead.pk], to=make_user(), by=None, at=NOW)
    assert Clock.objects.count() == 0


@pytest.mark.parametrize("outcome", ["reached", "no_answer", "busy", "wrong_number"])
def test_attempt_by_a_person_stops_the_clock_whatever_came_of_it(outcome):
    rep = make_user()
    clock = make_clock()
    log_call(clock.lead_id, by=rep, at=NOW + 5 * MINUTE, outcome=outcome)
    clock.refresh_from_db()
    assert (clock.stopped_at, clock.stop_reason) == (NOW + 5 * MINUTE, "touched")
    following = Clock.objects.running().filter(lead=clock.lead_id).first()
    standing = Standing.objects.get(pk=clock.lead_id)
    assert standing.sla_due_at == (following.due_at if following else None)
    assert list(violations(at=NOW)) == []


def test_attempt_by_a_machine_stops_nothing():
    clock = make_clock()
    with lock([clock.lead_id]) as rows:
        properties = {"handoff": clock.handoff_id, "outcome": "reached", "human": False}
        record([Fact(clock.lead_id, "call.logged", NOW + MINUTE, properties=properties)], at=NOW, rows=rows)
    clock.refresh_from_db()
    assert clock.stopped_at is None


@pytest.mark.parametrize("kind", ["page.viewed", "qualification.saved", "status.moved", "email.opened"])
def test_nothing_but_an_attempt_stops_the_clock(kind):
    clock = make_clock()
    with lock([clock.lead_id]) as rows:
        record([Fact(clock.lead_id, kind, NOW, properties={"handoff": clock.handoff_id})], at=NOW, rows=rows)
    clock.refresh_from_db()
    assert clock.stopped_at is None


def test_attempt_logged_later_counts_when_it_was_made():
    rep = make_user()
    clock = make_clock()
    log_call(clock.lead_id, by=rep, at=NOW + 200 * MINUTE, occurred_at=NOW + 20 * MINUTE, outcome="no_answer")
    clock.refresh_from_db()
    assert (clock.stopped_at, clock.breached_at, said(clock)) == (NOW + 20 * MINUTE, None, [])


def test_attempt_before_the_hand_off_counts_from_its_start():
    rep = make_user()
    clock = make_clock()
    log_call(clock.lead_id, by=rep, at=NOW + MINUTE, occurred_at=NOW - 60 * MINUTE, outcome="no_answer")
    clock.refresh_from_db()
    assert clock.stopped_at == NOW


def test_earlier_attempt_told_later_wins():
    rep = make_user()
    clock = make_clock()
    log_call(clock.lead_id, by=rep, at=NOW + 180 * MINUTE, outcome="no_answer")
    assert said(clock) == ["sla.breached"]
    log_call(clock.lead_id, by=rep, at=NOW + 181 * MINUTE, occurred_at=NOW + 10 * MINUTE, outcome="no_answer")
    clock.refresh_from_db()
    assert (clock.stopped_at, clock.breached_at) == (NOW + 10 * MINUTE, None)
    assert said(clock) == ["sla.breached", "sla.retracted"]
    assert Handoff.objects.get().first_touch_at == NOW + 10 * MINUTE


def test_second_attempt_changes_nothing():
    rep = make_user()
    clock = make_clock()
    log_call(clock.lead_id, by=rep, at=NOW + MINUTE, outcome="no_answer")
    log_call(clock.lead_id, by=rep, at=NOW + 300 * MINUTE, outcome="no_answer")
    clock.refresh_from_db()
    assert (clock.stopped_at, said(clock)) == (NOW + MINUTE, [])


@pytest.mark.parametrize("outcome", ["recycle", "discard"])
def test_decision_without_an_attempt_ends_the_clock_unkept(outcome):
    clock = make_clock()
    decide(clock.lead_id, by=make_user(), at=NOW + MINUTE, outcome=outcome, reason="duplicate")
    clock.refresh_from_db()
    assert (clock.stop_reason, clock.state(at=NOW)) == ("decided", State.UNTOUCHED)
    assert Standing.objects.get(pk=clock.lead_id).sla_due_at is None
    assert list(violations(at=NOW)) == []


def test_acceptance_after_a_call_leaves_the_touch():
    rep = make_user()
    clock = make_clock()
    log_call(clock.lead_id, by=rep, at=NOW + MINUTE, outcome="reached")
    accept(clock.handoff, by=rep, at=NOW + 9 * MINUTE)
    clock.refresh_from_db()
    assert (clock.stopped_at, clock.stop_reason) == (NOW + MINUTE, "touched")


def test_third_miss_ends_everything_in_one_transaction():
    rep = make_user()
    clock = make_clock()
    for n in (1, 2, 3):
        log_call(clock.lead_id, by=rep, at=NOW + n * MINUTE, outcome="no_answer")
    assert Handoff.objects.get().outcome == "recycled"
    assert list(violations(at=NOW)) == []


def test_new_cycle_has_a_clock_of_its_own():
    clock = make_clock()
    decide(clock.lead_id, by=make_user(), at=NOW + MINUTE, outcome="recycle", reason="bad_timing")
    (again,) = offer(clock.lead, at=NOW + timedelta(days=1))
    assert Clock.objects.filter(lead=clock.lead_id).count() == 2
    assert Standing.objects.get(pk=clock.lead_id).sla_due_at == Clock.objects.get(handoff=again).due_at


def test_breach_is_an_event_that_names_the_rep():
    rep = make_user()
    clock = make_clock()
    log_call(clock.lead_id, by=rep, at=NOW + 500 * MINUTE, outcome="reached")
    event = Event.objects.get(kind="sla.breached")
    assert event.occurred_at == clock.due_at
    assert event.properties == {
        "handoff": clock.handoff_id,
        "promise": "first_touch",
        "minutes": 120,
        "due_at": clock.due_at.isoformat(),
        "owner": rep.pk,
        "owner_name": rep.full_name,
        "team": rep.team_id,
        "segment": "rep",
    }


def test_batch_with_everything_in_it_is_taken_in_the_order_of_life():
    """Opened, handed over, called and decided in one record: as an import of history tells it."""
    rep = make_user()
    clock = make_clock()
    handoff = clock.handoff_id
    Clock.objects.all().delete()
    told = [
        ("handoff.recycled", 50, {"reason": "bad_timing"}),
        ("call.logged", 9, {"human": True}),
        ("lead.assigned", 2, {"owner": rep.pk, "team": rep.team_id}),
        ("handoff.opened", 0, {"score": 80}),
    ]
    facts = [
        Fact(clock.lead_id, kind, NOW + minute * MINUTE, properties={"handoff": handoff, **more})
        for kind, minute, more in told
    ]
    with lock([clock.lead_id]) as rows:
        record(facts, at=NOW + timedelta(days=1), rows=rows)
    again = Clock.objects.get(promise="first_touch")
    assert (again.owner, again.stopped_at, again.state(at=NOW)) == (rep, NOW + 9 * MINUTE, State.KEPT)
    assert Standing.objects.get(pk=clock.lead_id).sla_due_at is None


def test_several_attempts_in_one_batch_count_the_first():
    clock = make_clock()
    properties = {"handoff": clock.handoff_id, "human": True}
    calls = [Fact(clock.lead_id, "call.logged", NOW + n * MINUTE, properties=properties) for n in (40, 7, 90)]
    with lock([clock.lead_id]) as rows:
        record(calls, at=NOW + timedelta(days=1), rows=rows)
    clock.refresh_from_db()
    assert clock.stopped_at == NOW + 7 * MINUTE
