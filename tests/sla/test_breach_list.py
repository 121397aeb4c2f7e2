"""The list of broken promises, narrowed down by what stands in the address."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role
from sla.disputes import decide_dispute, dispute_breach, dispute_verdict
from sla.models import Clock, Verdict
from sla.pausing import pause_clock
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


def test_disputes_are_found_by_state_subject_and_lead(broken):
    rep, first, second = broken
    manager = make_user(Role.SALES_MANAGER)
    clocks = {lead: Clock.objects.get(lead=lead, promise="first_touch") for lead in (first, second)}
    mine = dispute_breach(clocks[first].pk, by=rep, at=LATER, reason="Mất mạng")
    dispute_breach(clocks[second].pk, by=rep, at=LATER, reason="Nghỉ lễ")
    decide_dispute(mine.pk, right=False, by=manager, at=LATER, note="Vẫn tính")
    month = Verdict.objects.create(month=date(2026, 10, 1), who="sales", findings=[], closed_at=LATER)
    dispute_verdict(month.pk, by=rep, at=LATER, reason="Sai số")
    client = enter(manager)

    def reasons(**asked: str) -> set[str]:
        return {one.reason for one in client.get(reverse("disputes"), asked).context["page"].rows}

    assert reasons() == {"Mất mạng", "Nghỉ lễ", "Sai số"}
    assert reasons(state="rejected") == reasons(q="0912000001") == {"Mất mạng"}
    assert (reasons(about="verdict"), reasons(about="clock", state="open")) == ({"Sai số"}, {"Nghỉ lễ"})
    assert "Không có gì phù hợp" in client.get(reverse("disputes"), {"q": "không ai"}).content.decode()


def test_what_stands_still_is_listed_the_longest_first_and_goes_on_from_there(broken):
    rep, _first, _second = broken
    boss = make_user(Role.SALES_MANAGER)
    third, fourth = make_lead(phone="0912000003"), make_lead(phone="0912000004")
    offer(third, fourth, at=LATER, whole=True)
    clocks = {lead: Clock.objects.get(lead=lead, promise="decision") for lead in (third, fourth)}
    pause_clock(clocks[fourth].pk, by=boss, at=LATER + timedelta(minutes=1), reason="outage")
    pause_clock(clocks[third].pk, by=boss, at=LATER + timedelta(minutes=2), reason="asked_later")

    def still(client, **asked: str) -> list[int]:
        return [clock.lead_id for clock in client.get(reverse("paused_clocks"), asked).context["page"].rows]

    manager = enter(boss)
    assert still(manager) == [fourth.pk, third.pk]
    assert (still(manager, reason="outage"), still(manager, q="0912000003")) == ([fourth.pk], [third.pk])
    assert "Không có gì phù hợp" in manager.get(reverse("paused_clocks"), {"q": "không ai"}).content.decode()
    assert "Đồng hồ đang tạm dừng: 2" in " ".join(manager.get(reverse("breaches")).content.decode().split())
    lead, _user = as_role(Role.TEAM_LEAD, team=rep.team)
    other, _user = as_role(Role.TEAM_LEAD, team=make_team())
    assert (len(still(lead)), still(other)) == (2, [])
    assert "Không có đồng hồ nào tạm dừng" in other.get(reverse("paused_clocks")).content.decode()
    assert enter(rep).get(reverse("paused_clocks")).status_code == 403
    assert "tạm dừng" not in enter(rep).get(reverse("breaches")).content.decode()
