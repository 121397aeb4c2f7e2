"""Weekly feedback, call audits and the bonus over the API."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from accounts.enums import Role
from sla.bonus import approve
from sla.months import local_day, month_before
from tests.api.caller import Caller, problem
from tests.api.unchanged import unchanged
from tests.factories import NOW, accept, make_handoff, make_team, make_user
from tests.sla.agreed import audited, feedback, given_feedback, seller

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)
DECEMBER = datetime(2026, 12, 2, 3, 0, tzinfo=UTC)
HUGE = 10**20


def test_a_team_gives_its_feedback_and_marketing_answers():
    row = feedback()
    rep, marketer = Caller(user=seller()), Caller(user=make_user(Role.MARKETER))
    assert problem(marketer.post(f"feedback/{row.pk}/answer/", {"answer": "Cảm ơn"})) == (409, "not_given")
    assert problem(rep.post(f"feedback/{row.pk}/give/", {})) == (422, "required")
    given = rep.post(f"feedback/{row.pk}/give/", {"good": "Đúng tệp"})
    assert (given.status_code, given.data["good"], given.data["given_by"]["id"]) == (200, "Đúng tệp", seller().pk)
    answered = marketer.post(f"feedback/{row.pk}/answer/", {"answer": "Cảm ơn"})
    assert (answered.data["answer"], answered.data["answered_at"] is not None) == ("Cảm ơn", True)
    assert problem(rep.post(f"feedback/{row.pk}/give/", {"stop": "Số ảo"})) == (409, "answered")
    assert rep.get(f"feedback/{row.pk}/").data == answered.data


def test_feedback_is_listed_for_the_own_team(api):
    row = given_feedback()
    for query, wanted in {
        "given=true&answered=false": [row.pk],
        "given=false": [],
        f"team={row.team_id}": [row.pk],
        "due_after=2026-11-28": [],
        "due_before=2026-11-28": [row.pk],
    }.items():
        assert [one["id"] for one in api.get(f"feedback/?{query}").data["results"]] == wanted, query
    stranger = Caller(user=make_user(Role.REP, team=make_team()))
    assert stranger.get("feedback/").data["results"] == []
    with unchanged():
        assert problem(stranger.get(f"feedback/{row.pk}/")) == (404, "not_found")
        assert problem(api.get(f"feedback/{HUGE}/")) == (404, "not_found")
        assert problem(api.post(f"feedback/{row.pk}/give/", {"good": "x"})) == (403, "permission_denied")


def test_a_call_is_reviewed_once():
    row, boss = audited(), make_user(Role.SALES_MANAGER)
    leader = Caller(user=boss)
    (shown,) = leader.get("audits/?reviewed=false").data["results"]
    assert (shown["id"], shown["call"]["note"], shown["right"]) == (row.pk, "Máy bận", None)
    path = f"audits/{row.pk}/review/"
    assert problem(leader.post(path, {"right": False})) == (422, "note_required")
    reviewed = leader.post(path, {"right": False, "note": "Không gọi"})
    assert (reviewed.data["right"], reviewed.data["note"]) == (False, "Không gọi")
    assert reviewed.data["reviewer"] == {"id": boss.pk, "name": boss.full_name}
    assert problem(leader.post(path, {"right": True})) == (409, "reviewed")
    assert [one["id"] for one in leader.get(f"audits/?rep={row.rep_id}").data["results"]] == [row.pk]
    assert leader.get("audits/?reviewed=false").data["results"] == []


def test_a_team_lead_reviews_the_team_alone(api):
    row, stranger = audited(), Caller(user=make_user(Role.TEAM_LEAD, team=make_team()))
    assert [one["id"] for one in api.get("audits/").data["results"]] == [row.pk]
    assert stranger.get("audits/").data["results"] == []
    with unchanged():
        assert problem(stranger.post(f"audits/{row.pk}/review/", {"right": True})) == (404, "not_found")


def test_bonus_of_a_month_is_everybodys_own(api):
    rep = seller()
    accept(make_handoff(), by=rep, at=NOW)
    manager = make_user(Role.SALES_MANAGER)
    preview = api.get("bonus/?month=2026-11").data
    assert preview["month"] == "2026-11-01"
    assert [(one["person"]["id"], one["total"], one["approved_at"]) for one in preview["results"]] == [
        (rep.pk, 50_000, None)
    ]
    approve(NOVEMBER, rep, by=manager, at=DECEMBER)
    own = Caller(user=rep).get(f"bonus/{rep.pk}/?month=2026-11").data
    assert [(line["kind"], line["amount"], line["correction"]) for line in own["lines"]] == [
        ("accepted", 50_000, False)
    ]
    assert own["approved_by"] == {"id": manager.pk, "name": manager.full_name}
    assert Caller(user=manager).get(f"bonus/{rep.pk}/?month=2026-11").data == own
    mate = Caller(user=make_user(Role.REP))
    assert [one["total"] for one in mate.get("bonus/?month=2026-11").data["results"]] == [0]
    assert problem(mate.get(f"bonus/{rep.pk}/")) == (404, "not_found")
    assert problem(api.get(f"bonus/{HUGE}/")) == (404, "not_found")


def test_bonus_without_a_month_is_that_of_the_month_before(api):
    assert api.get("bonus/").data["month"] == str(month_before(local_day(timezone.now())))
    for text in ("x", "2026-13", "2026-11-01"):
        assert problem(api.get(f"bonus/?month={text}"))[0] == 422
