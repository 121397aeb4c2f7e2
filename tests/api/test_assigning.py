"""Assignment rules, absences, the dry run and fairness over the API."""

import pytest
from django.utils import timezone

from accounts.enums import Role, Side
from leads.models import Absence, AssignmentRule
from tests.api.caller import Caller, problem
from tests.api.unchanged import unchanged
from tests.factories import NOW, make_handoff, make_lead, make_team, make_user
from tests.sla.agreed import absence, rule, seller

pytestmark = pytest.mark.django_db
HUGE = 10**20


def test_rules_are_made_moved_edited_and_taken_away(api):
    team, rep = make_team(), make_user(Role.REP)
    first = api.post("assignment/rules/", {"name": "Huế", "cities": ["Huế"], "team": team.pk})
    second = api.post("assignment/rules/", {"name": "Lớn", "score_min": 90, "person": rep.pk})
    assert (first.status_code, first.data["position"], first.data["team"]) == (
        201,
        1,
        {"id": team.pk, "name": team.name},
    )
    assert (second.data["position"], second.data["person"]["id"], second.data["sources"]) == (2, rep.pk, [])
    moved = api.post(f"assignment/rules/{second.data['id']}/move/", {"way": "up"})
    assert moved.data == {"rules": [second.data["id"], first.data["id"]]}
    assert [one["name"] for one in api.get("assignment/rules/").data["results"]] == ["Lớn", "Huế"]
    path = f"assignment/rules/{first.data['id']}/"
    assert api.patch(path, {"active": False, "products": ["Bảo trì"]}).data["products"] == ["Bảo trì"]
    assert api.get(path).data | {"position": 1} == first.data | {"active": False, "products": ["Bảo trì"]}
    removed = api.send("DELETE", path)
    assert (removed.status_code, removed.content) == (204, b"")
    assert problem(api.get(path)) == (404, "not_found")
    assert problem(api.send("DELETE", path)) == (404, "not_found")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "Không đi đâu"},
        {"name": "x", "team": 2**63},
        {"name": "x", "team": "a"},
        {"name": "x", "score_min": 9, "score_max": 5},
        {"name": "x", "colour": "red"},
        {"name": "x", "cities": "Huế"},
    ],
)
def test_rules_that_can_not_be(api, body):
    given = {"team": make_team().pk, **body} if len(body) > 1 else body
    with unchanged():
        assert problem(api.post("assignment/rules/", given))[0] == 422


def test_a_rule_leads_to_sales_and_to_one_of_the_two(api):
    found, marketing, rep = rule(), make_team(side=Side.MARKETING), make_user(Role.REP)
    with unchanged():
        for body in ({"team": marketing.pk}, {"person": rep.pk}, {"team": None}):
            assert problem(api.patch(f"assignment/rules/{found.pk}/", body))[0] == 422
        assert problem(api.post(f"assignment/rules/{HUGE}/move/", {"way": "up"})) == (404, "not_found")
        assert problem(api.post(f"assignment/rules/{found.pk}/move/", {"way": "left"}))[0] == 422
    assert AssignmentRule.objects.count() == 1


def test_absences_of_the_own_people():
    away = absence()
    lead = Caller(user=make_user(Role.TEAM_LEAD, team=away.user.team))
    stranger = Caller(user=make_user(Role.TEAM_LEAD, team=make_team()))
    days = {"first": "2026-12-01", "last": "2026-12-03"}
    made = lead.post("assignment/absences/", {"user": away.user_id, **days, "reason": "Phép"})
    assert (made.status_code, made.data["user"]["id"], made.data["last"]) == (201, away.user_id, "2026-12-03")
    assert [one["id"] for one in lead.get("assignment/absences/?from=2026-12-01").data["results"]] == [made.data["id"]]
    assert [one["id"] for one in lead.get(f"assignment/absences/?user={away.user_id}").data["results"]] == [
        away.pk,
        made.data["id"],
    ]
    assert stranger.get("assignment/absences/").data["results"] == []
    with unchanged():
        assert problem(stranger.post("assignment/absences/", {"user": away.user_id, **days})) == (422, "unknown_user")
        assert problem(stranger.send("DELETE", f"assignment/absences/{away.pk}/")) == (404, "not_found")
        backwards = {"user": away.user_id, "first": "2026-12-03", "last": "2026-12-01"}
        assert problem(lead.post("assignment/absences/", backwards)) == (422, "backwards")
    assert lead.send("DELETE", f"assignment/absences/{away.pk}/").status_code == 204
    assert Absence.objects.count() == 1


def test_a_key_notes_absences_of_any_seller(api):
    rep = seller()
    body = {"user": rep.pk, "first": "2026-12-01", "last": "2026-12-01"}
    assert api.post("assignment/absences/", body).status_code == 201
    assert problem(api.post("assignment/absences/", {**body, "user": make_user(Role.ADMIN).pk})) == (
        422,
        "unknown_user",
    )


def test_who_would_get_this_lead_and_why(api):
    rep, idle = seller(), make_user(Role.REP, on_duty=False)
    lead, found = make_lead(), rule()
    data = api.get(f"leads/{lead.pk}/trial/").data
    assert (data["chosen"], data["keeps"], data["rule"]) == ({"id": rep.pk, "name": rep.full_name}, False, None)
    assert data["rules"] == [{"id": found.pk, "name": "Huế", "miss": "city"}]
    assert {one["user"]["id"]: (one["bar"], one["turn"]) for one in data["reps"]} == {
        rep.pk: (None, 1),
        idle.pk: ("off_duty", None),
    }
    fits = api.get(f"leads/{make_lead(phone='0987654321', city='Huế').pk}/trial/").data
    assert (fits["rule"], fits["rules"][0]["miss"]) == (found.pk, None)
    assert problem(api.get(f"leads/{HUGE}/trial/")) == (404, "not_found")


def test_fairness_of_a_span(api):
    rep, mate = seller(), make_user(Role.REP, team=make_team())
    make_handoff()
    day = timezone.localdate(NOW)
    data = api.get(f"assignment/fairness/?from={day}&to={day}").data
    assert (data["from"], data["total"], data["spread"], data["pool"]) == (str(day), 1, 1.0, 0)
    assert sorted(one["by_turn"] for one in data["reps"]) == [0, 1]
    assert {one["user"]["id"] for one in data["reps"]} == {rep.pk, mate.pk}
    own = Caller(user=make_user(Role.TEAM_LEAD, team=mate.team, on_duty=False))
    assert {one["user"]["id"] for one in own.get("assignment/fairness/").data["reps"]} >= {mate.pk}
    assert rep.pk not in {one["user"]["id"] for one in own.get("assignment/fairness/").data["reps"]}
