"""The house the deal reads once: whatever anybody changes of it counts for the next hand-off."""

from datetime import timedelta

import pytest

from leads.assigning.house import house
from leads.models import Absence, AssignmentRule, Speciality
from tests.factories import NOW, make_team, make_user

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def rep():
    return make_user(team=make_team())


def test_the_same_house_is_read_once(rep, django_assert_num_queries):
    first = house(at=NOW)
    with django_assert_num_queries(1):
        assert house(at=NOW) is first
        assert [user.team for user in first.sellers] == [rep.team]


@pytest.mark.parametrize(
    ("name", "value"), [("on_duty", False), ("is_active", False), ("capacity", 0), ("role", "admin")]
)
def test_who_takes_no_leads_any_more_is_gone_at_once(rep, name, value):
    assert house(at=NOW).present(at=NOW) == [rep]
    setattr(rep, name, value)
    rep.save()
    assert house(at=NOW).present(at=NOW) == []


def test_capacity_and_share_are_those_of_now(rep):
    house(at=NOW)
    rep.capacity, rep.weight = 7, 3
    rep.save()
    assert [(u.capacity, u.weight) for u in house(at=NOW).sellers] == [(7, 3)]


def test_a_team_that_begins_to_keep_hours_is_seen(rep):
    house(at=NOW)
    rep.team.in_hours_only = True
    rep.team.save()
    assert [u.team.in_hours_only for u in house(at=NOW).sellers] == [True]


def test_an_absence_counts_from_its_first_to_its_last_day(rep):
    house(at=NOW)
    Absence.objects.create(user=rep, first=TODAY, last=TODAY + timedelta(days=1))
    days = [NOW + timedelta(days=n) for n in (-1, 0, 1, 2)]
    assert [house(at=day).present(at=day) for day in days] == [[rep], [], [], [rep]]


def test_rules_and_specialities_follow_each_change(rep):
    house(at=NOW)
    rule = AssignmentRule.objects.create(position=1, name="Hà Nội", cities=["Hà Nội"], team=rep.team)
    speciality = Speciality.objects.create(user=rep, products=["CRM"])
    assert [[r.name for r in house(at=NOW).rules], list(house(at=NOW).specialities)] == [["Hà Nội"], [rep.pk]]
    rule.active = False
    rule.save()
    speciality.delete()
    assert (house(at=NOW).rules, house(at=NOW).specialities) == ([], {})
