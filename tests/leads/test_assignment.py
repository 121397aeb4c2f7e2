from collections import Counter
from datetime import timedelta

import pytest

from accounts.enums import Role
from core.errors import Invalid
from leads.assignment import drain_pool, reassign
from leads.models import Event, Handoff, Seat, Standing
from tests.factories import NOW, accept, make_handoff, make_lead, make_team, make_user

pytestmark = pytest.mark.django_db


def owners() -> Counter:
    return Counter(Handoff.objects.values_list("owner__full_name", flat=True))


def make_reps(*names: str, **fields) -> list:
    team = make_team()
    return [make_user(full_name=name, team=team, **fields) for name in names]


def test_handoffs_go_round():
    make_reps("A", "B", "C")
    for _n in range(7):
        make_handoff()
    assert sorted(owners().values()) == [2, 2, 3]


def test_share_doubles_the_leads():
    make_reps("A", weight=2)
    make_reps("B")
    for _n in range(9):
        make_handoff()
    assert owners() == {"A": 6, "B": 3}


@pytest.mark.parametrize("away", [{"on_duty": False}, {"is_active": False}, {"capacity": 0}])
def test_who_is_away_gets_nothing(away):
    make_reps("Away", **away)
    make_handoff()
    assert owners() == {None: 1}
    assert Event.objects.filter(kind="handoff.pooled").count() == 1


def test_marketers_and_managers_get_no_leads():
    make_user(Role.MARKETER)
    make_user(Role.SALES_MANAGER, team=make_team())
    make_handoff()
    assert owners() == {None: 1}


def test_full_rep_is_passed_over_until_a_decision_makes_room():
    make_reps("A", capacity=1)
    first, second = make_handoff(), make_handoff()
    assert owners() == {"A": 1, None: 1}
    accept(first)
    assert drain_pool(at=NOW) == 1
    second.refresh_from_db()
    assert second.owner.full_name == "A"


def test_in_hours_only_team_gets_nothing_at_night():
    make_user(team=make_team(in_hours_only=True))
    night = NOW + timedelta(hours=12)
    make_handoff(at=night)
    assert owners() == {None: 1}
    assert drain_pool(at=night + timedelta(days=2)) == 0  # Wednesday 22:00
    assert drain_pool(at=NOW + timedelta(days=2)) == 1  # Wednesday 10:00


def test_who_was_away_is_not_flooded_on_return():
    (back,) = make_reps("Back")
    make_handoff()
    back.on_duty = False
    back.save()
    make_reps("A", "B")
    for _n in range(10):
        make_handoff()
    back.on_duty = True
    back.save()
    for _n in range(6):
        make_handoff()
    assert 2 <= owners()["Back"] - 1 <= 4


def test_owner_who_is_free_keeps_the_lead():
    a, _b = make_reps("A", "B")
    lead = make_lead(by=a)
    for _n in range(3):
        make_handoff()
    assert make_handoff(lead=lead).owner == a


def test_drain_pool_without_anybody_free_records_nothing():
    make_handoff()
    events = Event.objects.count()
    assert drain_pool(at=NOW) == 0
    assert Event.objects.count() == events


def test_reassign_moves_lead_and_open_handoff_and_says_so():
    a, b = make_reps("A", "B", capacity=10)
    handoff = make_handoff()
    to = b if handoff.owner == a else a
    assert reassign([handoff.lead_id], to=to, by=make_user(Role.SALES_MANAGER), at=NOW) == 1
    handoff.refresh_from_db()
    assert (handoff.owner, Standing.objects.get(pk=handoff.lead_id).owner) == (to, to)
    event = Event.objects.filter(kind="lead.assigned").latest("pk")
    assert (event.properties["owner"], event.properties["why"]) == (to.pk, "manual")


def test_reassign_many_with_and_without_handoff():
    (rep,) = make_reps("A")
    leads = [make_lead().pk, make_lead().pk]
    assert reassign(leads, to=rep, by=None, at=NOW) == 2
    assert reassign(leads, to=rep, by=None, at=NOW) == 0
    assert set(Standing.objects.values_list("owner", flat=True)) == {rep.pk}


@pytest.mark.parametrize("person", [{"role": Role.MARKETER}, {"is_active": False}])
def test_reassign_to_somebody_who_takes_no_leads_is_refused(person):
    with pytest.raises(Invalid):
        reassign([make_lead().pk], to=make_user(**person), by=None, at=NOW)


def test_seats_stay_within_one_step_of_each_other():
    make_reps("A", "B", "C", "D")
    for _n in range(11):
        make_handoff()
    turns = sorted(Seat.objects.values_list("turn", flat=True))
    assert turns[-1] - turns[0] <= 2520
