"""Leads dealt out while reps go on and off duty: nobody is forgotten, nothing deadlocks, the deal stays fair."""

from collections import Counter
from functools import partial

import pytest
from django.db import transaction

from accounts.models import User
from leads.assigning.dealing import deal
from leads.assigning.editing import save_rule
from leads.assignment import drain_pool
from leads.checks import violations
from leads.models import AssignmentRule, Handoff
from leads.standing import Standings
from tests.concurrency.crowd import at_once
from tests.factories import NOW, make_handoff, make_lead, make_team, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def test_dealing_while_reps_come_and_go_loses_nothing_and_stays_within_capacity():
    team = make_team()
    reps = [make_user(team=team, capacity=40) for _n in range(6)]
    save_rule(AssignmentRule(name="Đội", team=team))
    leads = [make_lead() for _n in range(90)]

    def hand(part: int) -> None:
        for lead in leads[part::3]:
            make_handoff(lead=lead)

    def switch(rep: User) -> None:
        for n in range(6):
            User.objects.filter(pk=rep.pk).update(on_duty=n % 2 == 1)

    at_once([*[partial(hand, n) for n in range(3)], *[partial(switch, rep) for rep in reps[:3]]])
    drain_pool(at=NOW)
    loads = Counter(Handoff.objects.values_list("owner", flat=True))
    assert (Handoff.objects.pool().count(), sum(loads.values())) == (0, 90)
    assert max(loads.values()) <= 40
    assert list(violations(at=NOW)) == []


def test_two_teams_dealt_at_once_never_wait_for_each_other_in_a_circle():
    one, two = make_team(), make_team()
    for team in (one, two):
        for _n in range(2):
            make_user(team=team, capacity=500)
    save_rule(AssignmentRule(name="Một", team=one, sources=["a"]))
    save_rule(AssignmentRule(name="Hai", team=two, sources=["b"]))
    leads = [make_lead(source="ab"[n % 2]) for n in range(60)]

    def hand(part: int) -> None:
        for lead in leads[part::4]:
            make_handoff(lead=lead)

    at_once([partial(hand, n) for n in range(4)])
    counts = Counter(Handoff.objects.values_list("team", "owner"))
    for team in (one, two):
        shares = [n for (team_id, _owner), n in counts.items() if team_id == team.pk]
        assert (len(shares), max(shares) - min(shares)) == (2, 0)


def test_a_batch_of_two_thousand_is_dealt_to_the_lead(django_assert_max_num_queries):
    """Fixed membership: the spread is at most one, and the cost does not follow the number of leads."""
    team = make_team()
    reps = [make_user(team=team, capacity=1000) for _n in range(7)]
    save_rule(AssignmentRule(name="Đội", team=team))
    rows = Standings()
    for n in range(1, 2001):
        rows.add(n, source="", campaign="", at=NOW)
    handoffs = [Handoff(lead_id=n, cycle=1, kind="mql", score=80, model_version=1, offered_at=NOW) for n in rows]
    with transaction.atomic(), django_assert_max_num_queries(25):
        owners = deal(handoffs, at=NOW, rows=rows, fresh=True).owners
    counts = Counter(user.pk for user in owners.values())
    assert sum(counts.values()) == 2000
    assert set(counts) == {rep.pk for rep in reps}
    assert max(counts.values()) - min(counts.values()) <= 1
