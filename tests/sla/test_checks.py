"""Each violation is seen, and a healthy database has none."""

import pytest

from leads.calls import log_call
from leads.models import Handoff, Standing
from sla.checks import violations
from sla.models import Clock
from tests.factories import NOW, make_user
from tests.sla.makers import MINUTE, make_clock

pytestmark = pytest.mark.django_db


def test_violations_of_a_healthy_database_are_none():
    rep = make_user()
    make_clock()
    touched = make_clock()
    log_call(touched.lead_id, by=rep, at=NOW, outcome="no_answer")
    assert list(violations(at=NOW)) == []


def test_violations_name_an_open_handoff_without_a_clock():
    clock = make_clock()
    handoff, lead = clock.handoff_id, clock.lead_id
    clock.delete()
    assert list(violations(at=NOW)) == [
        f"open hand-off {handoff} waits without a clock",
        f"lead {lead}: the standing shows another due time than the clock",
    ]


def test_violations_name_a_clock_that_runs_on_after_the_touch():
    clock = make_clock()
    Handoff.objects.update(first_touch_at=NOW)
    assert list(violations(at=NOW)) == [f"open hand-off {clock.handoff_id} has been touched, but its clock runs"]


def test_violations_name_a_clock_of_a_decided_handoff():
    clock = make_clock()
    Handoff.objects.update(outcome="accepted", decided_at=NOW)
    assert list(violations(at=NOW)) == [f"clock {clock.pk} runs, but hand-off {clock.handoff_id} is decided"]


def test_violations_name_a_standing_that_shows_nothing():
    clock = make_clock()
    Standing.objects.update(sla_due_at=None, sla_warn_at=None)
    assert list(violations(at=NOW)) == [f"lead {clock.lead_id}: the standing shows another due time than the clock"]


def test_violations_name_a_standing_that_shows_a_stopped_clock():
    clock = make_clock()
    Clock.objects.update(stopped_at=NOW, stop_reason="touched", next_at=None)
    Handoff.objects.update(first_touch_at=NOW)
    assert list(violations(at=NOW)) == [f"lead {clock.lead_id}: the standing shows another due time than the clock"]


@pytest.mark.parametrize("owned", [True, False])
def test_violations_name_different_owners(owned):
    if owned:
        make_user()
    clock = make_clock()
    other = make_user()
    Clock.objects.update(owner=None if owned else other)
    assert list(violations(at=NOW)) == [f"clock {clock.pk} and its lead {clock.lead_id} have different owners"]


def test_violations_name_a_breach_nobody_recorded_for_five_minutes():
    clock = make_clock()
    assert list(violations(at=clock.due_at + 4 * MINUTE)) == []
    assert list(violations(at=clock.due_at + 5 * MINUTE)) == [
        f"clock {clock.pk} is overdue since 2026-11-23 05:00, and no sweep has said so"
    ]


def test_violations_are_shown_twenty_at_a_time():
    for _n in range(21):
        make_clock()
    Clock.objects.all().delete()
    Standing.objects.update(sla_due_at=None, sla_warn_at=None)
    assert len(list(violations(at=NOW))) == 20
