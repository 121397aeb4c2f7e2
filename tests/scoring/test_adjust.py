import pytest
from django.urls import reverse

from accounts.enums import Role
from core.errors import Invalid
from leads.models import Event
from scoring.adjust import adjust_score
from scoring.checks import violations
from scoring.decay import sweep_decay
from scoring.explain import why
from tests.api.caller import Caller, problem
from tests.factories import make_user
from tests.pages import EARLIER, as_role
from tests.scoring.makers import after, born, do, ledger, standing

pytestmark = pytest.mark.django_db


def test_points_by_hand_are_an_event_and_a_row_with_their_reason():
    lead, boss = born(event={"kind": "form.contact"}), make_user(Role.MARKETING_MANAGER)
    adjust_score(lead.pk, points=10, reason="  Gặp ở hội chợ ", by=boss, at=after(1))
    assert ledger(lead) == [("award", 50, 0), ("manual", 10, 1)]
    assert (standing(lead).score, standing(lead).engagement, standing(lead).stage) == (60, 60, "lead")
    event = Event.objects.get(kind="score.adjusted")
    assert (event.actor, event.properties) == (boss, {"points": 10, "reason": "Gặp ở hội chợ"})
    line = why(lead.pk, at=after(1)).entries[0]
    assert (line.kind, line.points, line.reason, line.event) == (
        "manual",
        10,
        "Gặp ở hội chợ",
        "Điểm được sửa bằng tay",
    )
    assert list(violations(at=after(1))) == []


def test_taking_points_takes_engagement_first_and_never_more_than_there_is():
    lead = born(title="Giám đốc", event={"kind": "form.demo"})
    adjust_score(lead.pk, points=-30, reason="Sinh viên", by=None, at=after(1))
    assert (standing(lead).fit, standing(lead).engagement) == (5, 0)
    adjust_score(lead.pk, points=-30, reason="Sinh viên", by=None, at=after(2))
    assert ledger(lead)[-2:] == [("manual", -30, 1), ("manual", -5, 2)]
    assert list(violations(at=after(2))) == []


def test_points_by_hand_hand_a_lead_over_and_end_no_quiet_spell():
    lead = born(event={"kind": "form.contact"})
    adjust_score(lead.pk, points=25, reason="Gọi tới tổng đài", by=make_user(), at=after(29))
    assert (standing(lead).stage, standing(lead).handoff_open) == ("mql", True)
    sweep_decay(at=after(30))
    assert ledger(lead)[-1] == ("decay", -15, 30)
    assert list(violations(at=after(30))) == []


def test_points_by_hand_among_late_events_are_derived_again():
    lead = born()
    adjust_score(lead.pk, points=5, reason="Quen", by=None, at=after(2))
    do(lead, (1, "form.demo"), at=3)
    assert ledger(lead) == [("award", 20, 1), ("manual", 5, 2)]
    assert list(violations(at=after(3))) == []


def test_taking_from_an_empty_score_by_a_later_look_leaves_no_row():
    lead = born(event={"kind": "page.viewed"})
    adjust_score(lead.pk, points=-3, reason="Nhầm", by=None, at=after(2))
    do(lead, (1, "form.demo"), at=3)
    assert standing(lead).score == 20
    assert list(violations(at=after(3))) == []


@pytest.mark.parametrize(
    ("points", "reason", "code"), [(0, "x", "invalid"), (1001, "x", "invalid"), (5, "  ", "reason_required")]
)
def test_what_can_not_be(points, reason, code):
    lead = born()
    with pytest.raises(Invalid) as refused:
        adjust_score(lead.pk, points=points, reason=reason, by=None, at=after(1))
    assert refused.value.code == code


def test_there_must_be_something_to_take():
    with pytest.raises(Invalid) as refused:
        adjust_score(born().pk, points=-1, reason="x", by=None, at=after(1))
    assert refused.value.code == "nothing_to_take"


def test_the_lead_page_offers_it_to_those_who_may():
    lead = born(at=EARLIER, event={"kind": "form.contact"})
    url = reverse("score_adjust", args=[lead.pk])
    marketer, _user = as_role(Role.MARKETER)
    assert url in marketer.get(reverse("lead", args=[lead.pk])).content.decode()
    assert marketer.get(url).status_code == 200
    answer = marketer.post(url, {"points": "7", "reason": "Khách cũ giới thiệu"}, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert standing(lead).score == 57
    assert "Khách cũ giới thiệu" in marketer.get(reverse("lead", args=[lead.pk])).content.decode()
    refused = marketer.post(url, {"points": "0", "reason": "Thử"})
    assert refused.status_code == 422
    assert "Thử" in refused.content.decode()
    rep, _rep = as_role(Role.REP)
    assert rep.get(url).status_code == 403
    lead_of_team, _lead = as_role(Role.TEAM_LEAD)
    assert lead_of_team.get(url).status_code == 404


def test_over_the_api():
    lead = born(at=EARLIER, event={"kind": "form.contact"})
    answer = Caller("leads:write").post(f"leads/{lead.pk}/score/", {"points": -20, "reason": "Trùng"})
    assert (answer.status_code, answer.data["score"]) == (200, 30)
    assert answer.data["entries"][0]["reason"] == "Trùng"
    refused = Caller("leads:write").post(f"leads/{lead.pk}/score/", {"points": 5})
    assert problem(refused) == (422, "required")
    assert problem(Caller("leads:read").post(f"leads/{lead.pk}/score/", {"points": 5, "reason": "x"}))[0] == 403
