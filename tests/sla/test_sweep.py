from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from leads.assignment import reassign
from leads.calls import log_call
from leads.models import Event, Standing
from sla.checks import violations
from sla.life import settle
from sla.models import Clock
from sla.sweep import Swept, sweep
from sla.tasks import sweep_clocks
from tests.factories import NOW, make_lead, make_user
from tests.sla.makers import MINUTE, make_clock, offer, said

pytestmark = pytest.mark.django_db


def test_sweep_with_nothing_due_says_nothing():
    make_clock()
    assert sweep(at=NOW + 59 * MINUTE) == Swept(0, 0, 0)


def test_sweep_with_nothing_due_hardly_asks(django_assert_num_queries):
    make_clock()
    with django_assert_num_queries(7):  # the calendar's version, and two claims with their savepoints
        sweep(at=NOW)


def test_sweep_each_minute_warns_twice_and_breaches_once():
    clock = make_clock()
    for minute in range(180):
        sweep(at=NOW + minute * MINUTE)
    assert said(clock) == ["sla.warned", "sla.warned", "sla.breached"]
    events = Event.objects.filter(kind="sla.warned").order_by("pk")
    assert [(e.properties["level"], e.occurred_at) for e in events] == [
        (50, clock.warn50_at),
        (80, clock.warn80_at),
    ]


def test_sweep_records_the_due_time_not_its_own():
    clock = make_clock()
    late = NOW + timedelta(days=7)
    assert sweep(at=late) == Swept(0, 0, 1)
    event = Event.objects.get(kind="sla.breached")
    assert (event.occurred_at, event.recorded_at) == (clock.due_at, late)


def test_sweep_twice_says_nothing_twice():
    clock = make_clock()
    assert [sweep(at=clock.due_at), sweep(at=clock.due_at)] == [Swept(0, 0, 1), Swept(0, 0, 0)]


def test_sweep_with_the_clock_turned_back_says_nothing():
    clock = make_clock()
    sweep(at=clock.due_at)
    assert sweep(at=NOW) == Swept(0, 0, 0)
    assert sweep(at=clock.due_at + MINUTE) == Swept(0, 0, 0)
    assert said(clock) == ["sla.breached"]


def test_sweep_leaves_the_overdue_clock_running_and_shown():
    clock = make_clock()
    sweep(at=clock.due_at)
    clock.refresh_from_db()
    assert (clock.stopped_at, clock.breached_at) == (None, clock.due_at)
    assert Standing.objects.get().sla_due_at == clock.due_at
    assert list(violations(at=clock.due_at)) == []


def test_sweep_of_many_goes_in_chunks():
    offer(*[make_lead() for _n in range(7)])
    assert sweep(at=NOW + timedelta(days=1), chunk=2) == Swept(0, 0, 7)
    assert Event.objects.filter(kind="sla.breached").count() == 7


def test_sweep_asks_as_often_for_twelve_clocks_as_for_one():
    asked = []
    for count in (1, 12):
        offer(*[make_lead() for _n in range(count)])
        with CaptureQueriesContext(connection) as queries:
            assert sweep(at=NOW + timedelta(days=1)).breached == count
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_sweep_after_a_touch_says_nothing():
    rep = make_user()
    clock = make_clock()
    log_call(clock.lead_id, by=rep, at=NOW + MINUTE, outcome="reached")
    assert sweep(at=NOW + timedelta(days=9)) == Swept(0, 0, 0)


def test_sweep_missed_for_a_week_gives_the_same_facts_as_one_each_minute():
    first, second = make_user(), make_user()

    def live(*, swept: bool) -> list[tuple[str, datetime, int | None]]:
        clock = make_clock()
        reassign([clock.lead_id], to=first, by=None, at=NOW)
        for minute in range(0, 200, 10):
            at = NOW + minute * MINUTE
            if minute == 130:
                reassign([clock.lead_id], to=second, by=None, at=at)
            if swept:
                sweep(at=at)
        sweep(at=NOW + timedelta(days=7))
        breaches = clock.lead.events.filter(kind="sla.breached")
        return [(e.kind, e.occurred_at, e.properties["owner"]) for e in breaches]

    often, once = live(swept=True), live(swept=False)
    assert often == once == [("sla.breached", NOW + 120 * MINUTE, first.pk)]


def test_sweep_during_tet_breaches_nothing():
    friday = datetime(2026, 2, 13, 10, 0, tzinfo=UTC)  # 17:00, the last half hour before Tết
    clock = make_clock(at=friday)
    for day in range(9):
        assert sweep(at=friday + timedelta(days=day)).breached == 0
    assert sweep(at=clock.due_at) == Swept(0, 0, 1)


def test_task_sweeps_now():
    make_clock(at=NOW - timedelta(days=9000))
    assert sweep_clocks() == {"moved": 0, "warned": 0, "breached": 1, "escalated": 0}


STEPS = st.lists(
    st.one_of(st.integers(0, 400).map(lambda m: ("sweep", m)), st.integers(0, 400).map(lambda m: ("give", m))),
    max_size=8,
)


@given(steps=STEPS)
@settings(max_examples=25, deadline=None)
def test_state_in_the_database_follows_the_pure_life(steps):
    """Whatever the order of sweeps and hand-overs, the stored clock is what the pure rules say of it."""
    one, two = make_user(), make_user()
    clock = make_clock()
    reassign([clock.lead_id], to=one, by=None, at=NOW)
    owner, model = one, Clock.objects.get(pk=clock.pk)
    for kind, minute in sorted(steps, key=lambda step: step[1]):
        at = NOW + minute * MINUTE
        if kind == "sweep":
            sweep(at=at)
        else:
            owner = two if owner == one else one
            reassign([clock.lead_id], to=owner, by=None, at=at)
        list(settle(model, at=at))
        if model.breached_at is None:
            model.owner_id = owner.pk
    sweep(at=NOW + timedelta(days=1))
    list(settle(model, at=NOW + timedelta(days=1)))
    clock.refresh_from_db()
    assert clock.breached_at == model.breached_at == clock.due_at
    assert Event.objects.filter(lead=clock.lead_id, kind="sla.breached").count() == 1
    assert clock.breach_owner_id == Event.objects.get(lead=clock.lead_id, kind="sla.breached").properties["owner"]
