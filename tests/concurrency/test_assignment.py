"""Leads dealt out while everybody is dealing."""

from collections import Counter
from functools import partial

import pytest

from accounts.models import User
from core.errors import Conflict
from leads.assignment import drain_pool
from leads.calls import log_call
from leads.checks import violations
from leads.decisions import decide
from leads.models import Event, Handoff
from tests.concurrency.crowd import at_once
from tests.factories import NOW, accept, make_handoff, make_lead, make_team, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def owners() -> Counter:
    return Counter(Handoff.objects.filter(owner__isnull=False).values_list("owner", flat=True))


def test_concurrent_handoffs_are_dealt_out_evenly():
    team = make_team()
    for _n in range(8):
        make_user(team=team, capacity=500)
    leads = [make_lead() for _n in range(120)]
    at_once([partial(lambda part: [make_handoff(lead=x) for x in part], leads[n::6]) for n in range(6)])
    counts = owners().values()
    assert (sum(counts), max(counts) - min(counts)) == (120, 0)
    assert list(violations(at=NOW)) == []


def test_two_reps_taking_one_lead_of_the_pool_do_not_both_get_it():
    handoff = make_handoff()
    reps = [make_user(), make_user()]

    def take(rep: User) -> bool:
        try:
            log_call(handoff.lead_id, by=rep, at=NOW, outcome="reached")
        except Conflict:
            return False
        return True

    at_once([partial(take, rep) for rep in reps])
    assert Event.objects.filter(kind="lead.assigned").count() == 1
    assert list(violations(at=NOW)) == []


def test_pool_drained_by_four_at_once_gives_each_lead_once():
    for _n in range(40):
        make_handoff()
    team = make_team()
    for _n in range(4):
        make_user(team=team, capacity=7)
    at_once([partial(drain_pool, at=NOW)] * 4)
    drain_pool(at=NOW)
    assert sorted(owners().values()) == [7, 7, 7, 7]
    assert Event.objects.filter(kind="lead.assigned").count() == 28
    assert Handoff.objects.pool().count() == 12
    assert list(violations(at=NOW)) == []


def test_accept_and_discard_at_once_leave_one_decision():
    rep = make_user()
    handoff = make_handoff()

    def discard() -> str:
        return decide(handoff.lead_id, by=rep, at=NOW, outcome="discard", reason="competitor").outcome

    def attempt(act) -> str:
        try:
            return str(act())
        except Conflict:
            return "conflict"

    results = at_once([partial(attempt, lambda: accept(handoff, by=rep).outcome), partial(attempt, discard)])
    assert results.count("conflict") == 1
    assert Event.objects.filter(kind__in=["handoff.accepted", "handoff.discarded"]).count() == 1
    assert list(violations(at=NOW)) == []
