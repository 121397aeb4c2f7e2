"""What is read: hand-offs, the log, the score, who am I."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.enums import Role
from api.v1.schemas import Event as EventSchema
from api.v1.schemas import Handoff as HandoffSchema
from api.v1.schemas import Score as ScoreSchema
from api.v1.schemas import ScoreEntry, Whoami
from leads.models import Handoff, Standing
from tests.api.caller import Caller, problem
from tests.factories import NOW, accept, make_handoff, make_lead, make_mql, make_user

# --- hand-offs ------------------------------------------------------------------------------------


def ids(response) -> list[int]:
    assert response.status_code == 200, response.content
    return [row["id"] for row in response.data["results"]]


def test_handoffs_are_listed_newest_first(api):
    first, second = make_handoff(at=NOW), make_handoff(at=NOW + timedelta(hours=1))
    response = api.get("handoffs/")
    assert ids(response) == [second.pk, first.pk]
    assert ids(api.get("handoffs/?ordering=offered_at")) == [first.pk, second.pk]
    assert set(response.data["results"][0]) == set(HandoffSchema().fields)
    assert response.data["results"][0]["lead"] == {"id": second.lead_id, "name": second.lead.name}


def test_handoffs_filters(api):
    rep = make_user(Role.REP)
    done = accept(make_handoff(at=NOW))
    now = timezone.now()
    product = make_handoff(at=NOW + timedelta(days=1), kind="pql")
    assert ids(api.get("handoffs/?outcome=accepted")) == [done.pk]
    assert ids(api.get("handoffs/?outcome=open,accepted")) == [product.pk, done.pk]
    assert ids(api.get("handoffs/?kind=pql")) == [product.pk]
    assert ids(api.get(f"handoffs/?owner={rep.pk}")) == [product.pk, done.pk]
    assert ids(api.get("handoffs/?owner=none")) == []
    assert ids(api.get("handoffs/?offered_after=2026-11-24")) == [product.pk]
    assert ids(api.get("handoffs/?offered_before=2026-11-24")) == [done.pk]
    Standing.objects.filter(pk=product.lead_id).update(sla_due_at=now, sla_warn_at=now)
    Standing.objects.filter(pk=done.lead_id).update(sla_due_at=now + timedelta(days=1), sla_warn_at=now)
    assert ids(api.get("handoffs/?sla=breached")) == [product.pk]
    assert ids(api.get("handoffs/?sla=ok,warning")) == [done.pk]


@pytest.mark.parametrize(
    "query", ["outcome=x", "kind=x", "owner=x", "offered_after=x", "sla=x", "ordering=id", "cursor=x"]
)
def test_handoffs_refuse_a_bad_filter(api, query):
    response = api.get(f"handoffs/?{query}")
    assert response.status_code == 422
    assert response.data["errors"][0]["field"] == query.partition("=")[0]


@pytest.mark.parametrize("count", [1, 3])
def test_handoffs_take_three_queries(api, count, django_assert_num_queries):
    make_user(Role.REP)
    for _n in range(count):
        make_handoff()
    api.get("me/")
    with django_assert_num_queries(3):
        assert len(ids(api.get("handoffs/"))) == count


def test_handoffs_of_a_rep_are_the_reps_own(db):
    rep, _other = make_user(Role.REP), make_user(Role.REP)
    for _n in range(4):
        make_handoff()
    own = set(Handoff.objects.filter(owner=rep).values_list("pk", flat=True))
    assert set(ids(Caller(user=rep).get("handoffs/"))) == own
    assert len(own) == 2


# --- the log --------------------------------------------------------------------------------------


def test_timeline_is_the_log_newest_first_in_pages(api):
    lead = make_lead(at=NOW)
    for minute in range(3):
        at = (NOW + timedelta(minutes=minute + 1)).isoformat()
        api.post(f"leads/{lead.pk}/events/", {"kind": "page.viewed", "occurred_at": at, "properties": {"n": minute}})
    first = api.get(f"leads/{lead.pk}/timeline/?page_size=2").data
    assert [e["properties"].get("n") for e in first["results"]] == [2, 1]
    assert set(first["results"][0]) == set(EventSchema().fields)
    assert first["results"][0]["label"] == "Xem trang"
    rest = api.get(first["next"].removeprefix("http://testserver")).data
    assert rest["results"][0]["kind"] == "page.viewed"
    assert rest["results"][-1]["kind"] == "lead.created"
    assert rest["next"] is None


def test_timeline_takes_kinds_and_shows_who(api):
    rep = make_user(Role.REP)
    lead = make_lead(by=rep)
    data = api.get(f"leads/{lead.pk}/timeline/?kind=lead.created,call.logged").data
    assert [(e["kind"], e["actor"]) for e in data["results"]] == [
        ("lead.created", {"id": rep.pk, "name": rep.full_name})
    ]
    assert api.get(f"leads/{lead.pk}/timeline/?kind=%00").status_code == 200


@pytest.mark.parametrize("views", [1, 5])
def test_timeline_takes_three_queries(api, views, django_assert_num_queries):
    lead = make_lead()
    for _n in range(views):
        api.post(f"leads/{lead.pk}/events/", {"kind": "page.viewed"})
    with django_assert_num_queries(3):  # the key, the lead, the log
        api.get(f"leads/{lead.pk}/timeline/")


# --- the score ------------------------------------------------------------------------------------


def test_score_explains_itself_and_what_comes_off(api):
    lead = make_mql(at=timezone.now())
    data = api.get(f"leads/{lead.pk}/score/").data
    assert set(data) == set(ScoreSchema().fields)
    assert (data["score"], data["engagement"], data["fit"]) == (75, 75, 0)
    assert sum(entry["points"] for entry in data["entries"]) == 75
    assert set(data["entries"][0]) == set(ScoreEntry().fields)
    assert {"at", "points", "why"} == set(data["upcoming"][0])


def test_score_at_a_date_is_what_it_was(api):
    lead = make_mql(at=NOW - timedelta(days=5))
    for day, score in ((-6, 0), (-4, 75)):
        at = (NOW + timedelta(days=day)).isoformat().replace("+00:00", "Z")
        assert api.get(f"leads/{lead.pk}/score/?at={at}").data["score"] == score


def test_score_at_no_date_is_refused(api):
    assert problem(api.get(f"leads/{make_lead().pk}/score/?at=x")) == (422, "invalid")
    assert api.get(f"leads/{make_lead().pk}/score/?at=").status_code == 200


# --- who am I -------------------------------------------------------------------------------------


def test_me_of_a_key(db):
    data = Caller("leads:write", "reports:read").get("me/").data
    assert (data["kind"], data["name"], data["scopes"]) == ("key", "Kiểm thử", ["leads:write", "reports:read"])
    assert set(data) == set(Whoami().fields)


def test_me_of_a_person(db):
    rep = make_user(Role.REP)
    data = Caller(user=rep).get("me/").data
    assert (data["kind"], data["email"], data["role"]) == ("user", rep.email, "rep")
    assert data["team"] == {"id": rep.team_id, "name": rep.team.name}
    assert "leads.work" in data["permissions"]
    assert "keys.manage" not in data["permissions"]
    assert set(data) == set(Whoami().fields)


def test_me_of_a_person_without_team(db):
    assert Caller(user=make_user(Role.ADMIN)).get("me/").data["team"] is None
