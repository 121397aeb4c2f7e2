"""What came back from reps is numbered without gaps and never returns to them by itself."""

from datetime import timedelta

import pytest

from accounts.enums import Role
from leads.assigning.handback import decline, recall_untouched
from leads.assignment import drain_pool, reassign
from leads.checks import violations
from leads.models import Event, Handback, Handoff
from tests.factories import NOW, make_handoff, make_team, make_user
from tests.notifications.makers import say

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_declined_recalled_and_held_leads_are_in_order():
    team = make_team()
    first, _second, _third = (make_user(team=team) for _n in range(3))
    handoff = make_handoff()
    decline(handoff.lead_id, by=Handoff.objects.get().owner or first, at=NOW, reason="Người quen")
    for days in (2, 4, 6):
        recall_untouched(at=NOW + days * DAY)
        drain_pool(at=NOW + days * DAY)
    assert list(Handback.objects.order_by("kind", "number").values_list("kind", "number")) == [
        ("declined", 1),
        ("recalled", 1),
        ("recalled", 2),
    ]
    assert list(violations(at=NOW)) == []


def test_a_leader_may_give_it_to_the_same_rep_again():
    rep = make_user(team=make_team())
    handoff = make_handoff()
    decline(handoff.lead_id, by=rep, at=NOW, reason="Bận")
    reassign([handoff.lead_id], to=rep, by=make_user(Role.SALES_MANAGER), at=NOW + DAY)
    assert Handoff.objects.get().owner == rep
    assert list(violations(at=NOW)) == []


def test_violations_name_a_recall_that_is_not_counted():
    handoff, rep = make_handoff(), make_user()
    Handback.objects.create(handoff=handoff, user=rep, kind="recalled", number=2, at=NOW)
    assert list(violations(at=NOW)) == [f"hand-off {handoff.pk} was recalled 1 times, but the last is number 2"]


def test_violations_name_a_handoff_dealt_to_whoever_gave_it_back():
    rep = make_user(team=make_team())
    handoff = make_handoff()
    decline(handoff.lead_id, by=rep, at=NOW, reason="Bận")
    reassign([handoff.lead_id], to=rep, by=make_user(Role.SALES_MANAGER), at=NOW)
    given = Event.objects.filter(kind="lead.assigned").order_by("-pk")[:1].get()
    say("lead.assigned", given.lead, **{**given.properties, "why": "declined"})
    assert list(violations(at=NOW)) == [
        f"hand-off {handoff.pk} was dealt to {rep.pk} again, who had given it back or lost it"
    ]
