from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role
from leads.assigning.editing import add_absence
from leads.assigning.handback import decline
from leads.assigning.rules import Profile
from leads.calls import log_call
from leads.models import Absence, AssignmentRule, Handoff, Speciality, Standing
from tests.factories import NOW, make_handoff, make_team, make_user
from tests.leads.rules import rule
from tests.pages import EARLIER, as_role, enter, lead_of

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
HANOI = Profile(source="facebook", campaign="tet", city="Hà Nội", product="Pro", language="vi", score=80)


@pytest.fixture
def manager():
    return as_role(Role.SALES_MANAGER)[0]


def test_page_shows_rules_fairness_and_absences_in_a_fixed_number_of_queries(manager, django_assert_num_queries):
    team = make_team()
    reps = [make_user(team=team) for _n in range(3)]
    for n in range(3):
        rule(name=f"Quy tắc {n}", sources=["facebook"], score_min=80, score_max=90, team=team)
        make_handoff()
    decline(Handoff.objects.first().lead_id, by=Handoff.objects.first().owner, at=NOW, reason="Xa quá")
    add_absence(reps[0], first=date(2026, 11, 23), last=date(2026, 11, 24), reason="Nghỉ phép")
    Absence.objects.update(last=date(2099, 1, 1))  # still away whenever this runs
    with django_assert_num_queries(12):
        page = manager.get("/assignment/?days=90").content.decode()
    assert ("Quy tắc 2" in page, "Xa quá" in page, "Nghỉ phép" in page) == (True, True, True)


def test_rule_is_made_changed_and_removed_on_its_page(manager):
    team = make_team("Miền Bắc")
    sent = {"name": "Hà Nội", "cities": "Hà Nội, Hải Phòng,\nHà Nội", "team": team.pk, "active": "on"}
    assert manager.post(reverse("assignment_rule_new"), sent).status_code == 302
    made = AssignmentRule.objects.get()
    assert (made.cities, made.sources, made.team) == (["Hà Nội", "Hải Phòng"], [], team)
    page = manager.get(reverse("assignment_rule", args=[made.pk])).content.decode()
    assert 'value="Hà Nội, Hải Phòng"' in page
    wrong = manager.post(reverse("assignment_rule", args=[made.pk]), {**sent, "team": ""})
    assert (wrong.status_code, "chỉ một trong hai" in wrong.content.decode()) == (422, True)
    assert manager.post(reverse("assignment_rule_move", args=[made.pk]), {"way": "up"}).status_code == 302
    assert manager.post(reverse("assignment_rule_remove", args=[made.pk])).status_code == 302
    assert AssignmentRule.objects.count() == 0


def test_skills_and_absences_are_set_by_those_who_lead(manager):
    rep = make_user()
    address = reverse("assignment_speciality", args=[rep.pk])
    assert manager.get(address).status_code == 200
    manager.post(address, {"products": "Pro", "cities": "", "languages": "en"})
    assert (Speciality.objects.get().products, Speciality.objects.get().languages) == (["Pro"], ["en"])
    days = {"user": rep.pk, "first": "2026-11-23", "last": "2026-11-24", "reason": "Cưới"}
    assert manager.post(reverse("assignment_absence_add"), {**days, "last": "2026-11-22"}).status_code == 422
    manager.post(reverse("assignment_absence_add"), days)
    away = Absence.objects.get()
    manager.post(reverse("assignment_absence_remove", args=[away.pk]))
    assert Absence.objects.count() == 0


def test_a_team_lead_sets_the_own_team_only():
    lead = make_user(Role.TEAM_LEAD)
    client = enter(lead)
    mate, stranger = make_user(team=lead.team), make_user()
    assert client.get("/assignment/").status_code == 200
    assert client.get(reverse("assignment_rule_new")).status_code == 403
    for name in ("assignment_speciality", "assignment_leaving"):
        assert client.get(reverse(name, args=[mate.pk])).status_code == 200
        assert client.get(reverse(name, args=[stranger.pk])).status_code == 404


def test_leaving_hands_everything_over_from_the_page(manager):
    rep = make_user()
    make_handoff()
    to = make_user()
    address = reverse("assignment_leaving", args=[rep.pk])
    assert manager.get(address).context["count"] == 1
    said = manager.post(address, {"to": to.pk}, follow=True).content.decode()
    assert "Đã bàn giao 1 lead." in said
    assert Standing.objects.get().owner == to


def test_rep_declines_on_the_page_of_the_lead():
    rep = make_user()
    client, handoff = enter(rep), make_handoff()
    address = reverse("lead_decline", args=[handoff.lead_id])
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "Ngoài khu vực"}).headers["Location"] == "/today/"
    assert Handoff.objects.get().owner is None


def test_trial_is_shown_to_those_who_assign(manager):
    make_user(full_name="Trần Huy")
    handoff = make_handoff()
    rule(name="Nguồn khác", sources=["zalo"], team=make_team())
    page = manager.get(reverse("lead_trial", args=[handoff.lead_id])).content.decode()
    assert ("Trần Huy đang giữ lead này" in page, "nguồn khác" in page) == (True, True)
    assert enter(make_user()).get(reverse("lead_trial", args=[handoff.lead_id])).status_code == 403


def test_who_has_called_is_not_offered_to_decline():
    client, rep = as_role(Role.REP)
    lead = lead_of(rep)
    page, decline_at = f"/leads/{lead.pk}/", reverse("lead_decline", args=[lead.pk])
    assert decline_at in client.get(page).text
    log_call(lead.pk, by=rep, at=EARLIER, outcome="no_answer")
    assert decline_at not in client.get(page).text
