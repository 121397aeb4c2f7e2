"""Who is told of declines, recalls, escalations and disputes: through delivery rows, like everything else."""

from datetime import timedelta

import pytest

from accounts.enums import Role
from leads.assigning.handback import decline, recall_untouched
from notifications.models import Delivery
from sla.disputes import decide_dispute, dispute_breach
from sla.models import Clock
from sla.sweep import sweep
from tests.factories import NOW, make_handoff, make_team, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def house():
    team = make_team()
    return {
        "rep": make_user(team=team),
        "lead": make_user(Role.TEAM_LEAD, team=team, on_duty=False),
        "manager": make_user(Role.SALES_MANAGER),
    }


def told(kind: str, channel: str = "app") -> set[int]:
    rows = Delivery.objects.filter(kind=kind, channel=channel)
    return set(rows.values_list("recipient", flat=True))


def test_the_team_lead_hears_of_a_decline(house):
    decline(make_handoff().lead_id, by=house["rep"], at=NOW, reason="Người quen")
    assert told("handoff.declined") == {house["lead"].pk, house["rep"].pk}
    assert told("handoff.declined", "email") == {house["lead"].pk}


def test_the_rep_hears_of_a_recall_and_the_manager_of_the_last_one(house):
    other = make_user(team=house["rep"].team)
    make_handoff()
    recall_untouched(at=NOW + 2 * DAY)
    assert (len(told("handoff.recalled")), told("handoff.held")) == (1, set())
    recall_untouched(at=NOW + 4 * DAY)
    assert told("handoff.recalled") == {house["rep"].pk, other.pk}
    assert told("handoff.held") == {house["manager"].pk}


def test_escalation_reaches_the_team_lead_then_the_manager(house):
    make_handoff()
    sweep(at=NOW + timedelta(hours=3))
    assert told("sla.breached") == {house["rep"].pk, house["lead"].pk}  # the first step comes with the breach
    assert told("sla.escalated") == set()
    sweep(at=NOW + timedelta(hours=3) + DAY)
    assert told("sla.escalated") == {house["manager"].pk}


def test_a_dispute_goes_to_the_manager_and_its_decision_back(house):
    make_handoff()
    sweep(at=NOW + timedelta(hours=3))
    clock = Clock.objects.get(breached_at__isnull=False)
    dispute = dispute_breach(clock.pk, by=house["lead"], at=NOW + DAY, reason="Tổng đài hỏng")
    assert told("sla.disputed") == {house["manager"].pk}
    decide_dispute(dispute.pk, right=True, by=house["manager"], at=NOW + DAY, note="Đúng")
    assert told("sla.dispute_decided") == {house["rep"].pk, house["lead"].pk}
