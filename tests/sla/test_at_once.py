"""Clocks while everybody works on them, on connections of their own."""

from functools import partial

import pytest

from core.errors import Conflict
from leads.assignment import reassign
from leads.calls import log_call
from leads.models import Event
from leads.standing import lock
from sla.checks import violations
from sla.models import CalendarChange, Clock
from sla.office import set_office_hours
from sla.sweep import sweep
from tests.concurrency.crowd import at_once
from tests.factories import NOW, make_lead, make_user
from tests.sla.makers import MINUTE, offer
from tests.sla.test_office import MORNINGS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]

LATER = NOW + 150 * MINUTE


def breaches() -> int:
    return Event.objects.filter(kind="sla.breached").count()


def test_four_sweeps_at_once_record_each_breach_once():
    offer(*[make_lead() for _n in range(60)])
    swept = at_once([partial(sweep, at=LATER, chunk=7)] * 4)
    assert sum(s.breached for s in swept) == breaches() == 60
    assert list(violations(at=LATER)) == []


def test_sweeps_and_calls_at_once_agree():
    rep = make_user(capacity=500)
    handoffs = offer(*[make_lead() for _n in range(30)])

    def call() -> None:
        for handoff in handoffs[:20]:
            log_call(handoff.lead_id, by=rep, at=LATER, outcome="reached")

    at_once([call, *[partial(sweep, at=LATER, chunk=5)] * 2])
    sweep(at=LATER)
    assert breaches() == 30
    assert Clock.objects.filter(breached_at=None).count() == 0
    assert Clock.objects.running().count() == 10
    assert list(violations(at=LATER)) == []


def test_sweep_and_hand_over_at_once_blame_the_one_who_had_it():
    first = make_user(capacity=500)
    handoffs = offer(*[make_lead() for _n in range(30)])
    second = make_user(capacity=500)
    give = partial(reassign, [h.lead_id for h in handoffs], to=second, by=None, at=LATER)
    at_once([give, *[partial(sweep, at=LATER, chunk=5)] * 2])
    sweep(at=LATER)
    assert set(Clock.objects.values_list("breach_owner", "owner")) == {(first.pk, second.pk)}
    assert breaches() == 30


def test_lead_somebody_is_changing_is_left_to_the_next_sweep():
    handoffs = offer(*[make_lead() for _n in range(5)])
    with lock([handoffs[0].lead_id]):
        (swept,) = at_once([partial(sweep, at=LATER)])
    assert (swept.breached, sweep(at=LATER).breached) == (4, 1)


def test_two_administrators_changing_hours_at_once_count_up_or_are_refused():
    def change(hour: int) -> bool:
        try:
            set_office_hours(MORNINGS[:hour], by=None, at=NOW)
        except Conflict:
            return False
        return True

    done = at_once([partial(change, n) for n in (1, 2, 3, 4)])
    versions = list(CalendarChange.objects.order_by("version").values_list("version", flat=True))
    assert versions == list(range(1, sum(done) + 1))
