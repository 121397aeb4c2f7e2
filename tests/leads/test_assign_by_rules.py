import pytest

from core.errors import Conflict
from leads.assignment import assign_by_rules
from leads.models import Handoff, Standing
from tests.factories import NOW, make_handoff, make_lead, make_team, make_user

pytestmark = pytest.mark.django_db


def owners(lead_id: int) -> tuple[int | None, int | None]:
    return Standing.objects.get(pk=lead_id).owner_id, Handoff.objects.get(lead=lead_id).owner_id


@pytest.fixture
def rep():
    return make_user(team=make_team())


def test_assign_by_rules_takes_a_lead_out_of_the_pool(rep):
    rep.on_duty = False
    rep.save()
    lead = make_handoff().lead
    assert owners(lead.pk) == (None, None)
    assert assign_by_rules(lead.pk, by=None, at=NOW) is False
    rep.on_duty = True
    rep.save()
    assert assign_by_rules(lead.pk, by=None, at=NOW) is True
    assert owners(lead.pk) == (rep.pk, rep.pk)


def test_assign_by_rules_leaves_it_with_whoever_is_free(rep):
    lead = make_handoff().lead
    make_user(team=rep.team)
    assert assign_by_rules(lead.pk, by=None, at=NOW) is False
    assert owners(lead.pk) == (rep.pk, rep.pk)


def test_assign_by_rules_finds_another_when_the_owner_is_away(rep):
    lead = make_handoff().lead
    other = make_user(team=rep.team)
    rep.on_duty = False
    rep.save()
    assert assign_by_rules(lead.pk, by=None, at=NOW) is True
    assert owners(lead.pk) == (other.pk, other.pk)


def test_assign_by_rules_keeps_the_owner_when_nobody_is_free(rep):
    lead = make_handoff().lead
    rep.on_duty = False
    rep.save()
    assert assign_by_rules(lead.pk, by=None, at=NOW) is False
    assert owners(lead.pk) == (rep.pk, rep.pk)


def test_assign_by_rules_needs_an_open_handoff(rep):
    lead = make_lead(by=rep)
    with pytest.raises(Conflict):
        assign_by_rules(lead.pk, by=rep, at=NOW)
