"""Skills, and somebody who leaves, over the API."""

import pytest

from accounts.enums import Role
from leads.models import Speciality, Standing
from tests.api.caller import Caller, problem
from tests.api.unchanged import unchanged
from tests.factories import make_handoff, make_team, make_user

pytestmark = pytest.mark.django_db
WORDS = {"products": ["Gói A"], "cities": ["Huế", "Đà Nẵng"], "languages": []}


@pytest.fixture
def team(db):
    return make_team()


def test_people_are_listed_with_what_they_are_given(api, team, django_assert_num_queries):
    rep, other = make_user(team=team, weight=2), make_user(capacity=5)
    make_user(Role.MARKETER)
    Speciality.objects.create(user=rep, **WORDS)
    api.get("assignment/people/")
    rows = api.get("assignment/people/").data["results"]
    assert rows[0] == {
        "id": rep.pk, "name": rep.full_name, "team": {"id": team.pk, "name": team.name}, "on_duty": True,
        "capacity": 30, "weight": 2, **WORDS,
    }  # fmt: skip
    assert [(row["id"], row["capacity"], row["cities"]) for row in rows[1:]] == [(other.pk, 5, [])]
    assert [row["id"] for row in api.get(f"assignment/people/?team={team.pk}").data["results"]] == [rep.pk]


def test_skills_are_set_whole_and_empty_means_anything(api, team):
    rep = make_user(team=team)
    address = f"assignment/people/{rep.pk}/skills/"
    assert api.put(address, WORDS).data["cities"] == ["Huế", "Đà Nẵng"]
    assert api.put(address, {"languages": ["en"]}).data == api.get(address).data
    assert Speciality.objects.get(user=rep).cities == []
    assert api.put(address, {}).data["languages"] == []
    assert Speciality.objects.count() == 0
    with unchanged():
        assert api.put(address, {"cities": "Huế"}).status_code == 422
        assert api.put(address, {"colour": ["red"]}).status_code == 422


def test_a_team_lead_sees_and_sets_the_own_team_alone(team):
    mine, other = make_user(team=team), make_user()
    lead = Caller(user=make_user(Role.TEAM_LEAD, team=team, on_duty=False))
    assert {row["id"] for row in lead.get("assignment/people/").data["results"]} >= {mine.pk}
    assert other.pk not in {row["id"] for row in lead.get("assignment/people/").data["results"]}
    assert lead.put(f"assignment/people/{mine.pk}/skills/", WORDS).status_code == 200
    with unchanged():
        for address in (f"assignment/people/{other.pk}/skills/", f"assignment/people/{10**20}/skills/"):
            assert problem(lead.put(address, WORDS)) == (404, "not_found")
            assert problem(lead.get(address)) == (404, "not_found")
        assert problem(lead.post(f"assignment/people/{other.pk}/leaving/", {})) == (404, "not_found")


def test_somebody_leaves_and_a_colleague_gets_all(api, team):
    rep = make_user(team=team)
    leads = [make_handoff().lead_id for _n in range(3)]
    heir = make_user(team=team)
    done = api.post(f"assignment/people/{rep.pk}/leaving/", {"to": heir.pk})
    assert (done.status_code, done.data) == (200, {"given": 3, "waiting": 0})
    assert set(Standing.objects.filter(lead__in=leads).values_list("owner", flat=True)) == {heir.pk}
    rep.refresh_from_db()
    assert rep.on_duty is False
    assert api.post(f"assignment/people/{rep.pk}/leaving/", {"to": heir.pk}).data == {"given": 0, "waiting": 0}


def test_without_a_name_the_rules_choose_and_what_nobody_takes_waits(api, team):
    rep = make_user(team=team)
    make_handoff()
    rep.is_active = False
    rep.save()
    assert api.post(f"assignment/people/{rep.pk}/leaving/").data == {"given": 0, "waiting": 1}


def test_nobody_hands_over_to_somebody_who_takes_no_leads(api, team):
    rep, marketer = make_user(team=team), make_user(Role.MARKETER)
    with unchanged():
        for to, code in ((marketer.pk, "unknown_user"), (rep.pk, "not_a_seller"), (0, "min_value")):
            assert problem(api.post(f"assignment/people/{rep.pk}/leaving/", {"to": to})) == (422, code)
