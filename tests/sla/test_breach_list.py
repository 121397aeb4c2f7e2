"""The list of broken promises, narrowed down by what stands in the address."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role
from sla.disputes import dispute_breach
from sla.models import Clock
from sla.sweep import sweep
from tests.factories import NOW, make_lead, make_team, make_user
from tests.pages import as_role, enter
from tests.sla.makers import offer

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=7)


@pytest.fixture
def broken():
    """Two leads of one team: a first touch and a decision each."""
    rep = make_user(team=make_team(name="Đội Một"))
    first, second = make_lead(phone="0912000001"), make_lead(phone="0912000002")
    offer(first, second, whole=True)
    sweep(at=LATER)
    return rep, first, second


def found(client, **asked):
    page = client.get(reverse("breaches"), asked)
    return sorted((clock.lead_id, clock.promise) for clock in page.context["page"].rows)


def test_breaches_are_found_by_promise_team_and_lead(broken):
    rep, first, second = broken
    client, _user = as_role(Role.SALES_MANAGER)
    assert len(found(client)) == 4
    assert found(client, promise="decision") == sorted([(first.pk, "decision"), (second.pk, "decision")])
    assert (len(found(client, team=rep.team_id)), found(client, team=make_team().pk)) == (4, [])
    assert {lead for lead, _promise in found(client, q="0912000002")} == {second.pk}
    assert len(found(client, promise="x", team="x", dispute="x")) == 4


def test_breaches_are_found_by_whether_they_are_disputed(broken):
    rep, first, _second = broken
    client, _user = as_role(Role.SALES_MANAGER)
    clock = Clock.objects.get(lead=first, promise="first_touch")
    dispute_breach(clock.pk, by=rep, at=LATER, reason="Mất mạng")
    assert found(client, dispute="open") == found(client, dispute="any") == [(first.pk, "first_touch")]
    assert len(found(client, dispute="none")) == 3


def test_a_seller_has_no_team_to_choose_and_is_told_when_nothing_matches(broken):
    rep, *_leads = broken
    page = enter(rep).get(reverse("breaches"), {"q": "không ai"})
    assert ("team" in page.context["form"].fields, page.context["page"].rows) == (False, [])
    assert "Không có gì phù hợp" in page.content.decode()
