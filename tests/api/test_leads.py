from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.enums import Role
from api.v1.schemas import Lead as LeadSchema
from leads.models import Event, Lead, Standing, Submission
from tests.api.caller import Caller, problem
from tests.factories import arrive, make_handoff, make_lead, make_user

PAYLOAD = {
    "name": "Nguyễn Văn Đạt",
    "phone": "0912 345 678",
    "email": "Dat@Example.com",
    "company": "Công ty Hòa Bình",
    "title": "Giám đốc",
    "company_size": "51-200",
    "city": "Hà Nội",
    "product": "CRM",
    "source": "facebook",
    "campaign": "Tết",
    "external_id": "fb-1",
    "note": "Gọi buổi sáng",
    "utm": {"source": "fb", "medium": "cpc"},
    "consent": {"purpose": "marketing", "text_version": "1", "given_at": "2026-11-01T00:00:00+07:00"},
    "custom": {"áo": "xanh"},
    "event": {"kind": "ebook.downloaded", "occurred_at": "2026-01-01T09:00:00+07:00", "properties": {"id": "e1"}},
}


def test_post_lead_creates_and_shows_it(api):
    response = api.post("leads/", PAYLOAD)
    lead = Lead.objects.get()
    assert response.status_code == 201
    data = response.data
    assert response["Location"] == f"http://testserver/api/v1/leads/{lead.pk}/"
    assert (data["id"], data["outcome"], data["matched_by"]) == (lead.pk, "created", "")
    assert data["warnings"] == ["custom_unknown:áo"]
    assert (data["phone"], data["email"], data["company_size"]) == ("+84912345678", "dat@example.com", 51)
    assert (data["status"], data["status_label"], data["custom"]) == ("new", "Mới", {"áo": "xanh"})
    assert data["url"] == f"http://testserver/leads/{lead.pk}/"
    assert set(data) == set(LeadSchema().fields) | {"outcome", "matched_by", "warnings"}
    assert Submission.objects.get().client == "Kiểm thử"
    assert Event.objects.get(kind="ebook.downloaded").occurred_at.isoformat() == "2026-01-01T02:00:00+00:00"


def test_post_lead_matches_a_known_one(api):
    lead_id = arrive(phone="0912345678").lead_id
    response = api.post("leads/", {"phone": "+84 912 345 678", "city": "Huế"})
    assert response.status_code == 200
    assert (response.data["id"], response.data["outcome"], response.data["matched_by"]) == (lead_id, "matched", "phone")
    assert response.data["city"] == "Huế"


def test_post_lead_warns_and_keeps_what_it_can_not_read(api):
    response = api.post("leads/", {"phone": "12", "email": "nonsense", "external_id": "7"})
    assert response.status_code == 201
    assert response.data["warnings"] == ["phone_unusable", "email_unusable"]
    assert (response.data["phone"], response.data["source"]) == (None, "api")


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "", "no_identity"),
        ({"name": "An"}, "", "no_identity"),
        ([], "", "not_an_object"),
        (["x"], "", "not_an_object"),
        ("x", "", "not_an_object"),
        (5, "", "not_an_object"),
        ({"phone": {"a": 1}}, "phone", "invalid_type"),
        ({"phone": "0912345678", "utm": "x"}, "utm", "invalid_type"),
        ({"phone": "0912345678", "event": {"kind": "lead.created"}}, "event.kind", "reserved"),
        ({"phone": "0912345678", "event": {"kind": "a.b", "occurred_at": "x"}}, "event.occurred_at", "invalid"),
    ],
)
def test_post_lead_refuses_with_the_field(api, body, field, code):
    response = api.post("leads/", body)
    assert problem(response) == (422, code)
    assert (field, code) in [(e["field"], e["code"]) for e in response.data["errors"]]
    assert Lead.objects.count() == Submission.objects.count() == 0


def test_post_lead_lists_everything_that_is_wrong(api):
    response = api.post("leads/", {"phone": [], "name": {}, "event": {"kind": "NO WAY"}})
    assert [e["field"] for e in response.data["errors"]] == ["name", "phone", "event.kind"]


def test_post_lead_empty_body_is_a_lead_without_identity(api):
    assert problem(api.post("leads/")) == (422, "no_identity")


def test_post_lead_that_can_not_be_worked_on_is_queued(api, monkeypatch):
    monkeypatch.setattr("leads.intake.settle", _break)
    response = api.post("leads/", {"phone": "0912345678"}, Idempotency_Key="k")
    assert response.status_code == 202
    assert response.data == {
        "outcome": "queued",
        "matched_by": "",
        "warnings": [],
        "submission": Submission.objects.get().pk,
    }


def _break(*_args, **_more):
    raise RuntimeError("a mistake of ours")


def test_post_lead_by_a_rep_never_shows_a_colleagues_lead(db):
    owner, other = make_user(Role.REP), make_user(Role.REP)
    arrive(phone="0912345678", name="Bí mật", by=owner)
    response = Caller(user=other).post("leads/", {"phone": "0912345678"})
    assert response.status_code == 200
    assert response.data == {"outcome": "matched", "matched_by": "phone", "warnings": []}


def test_post_lead_by_a_rep_is_the_reps_own(db):
    rep = make_user(Role.REP)
    response = Caller(user=rep).post("leads/", {"phone": "0912345678"})
    assert response.status_code == 201
    assert response.data["owner"] == {"id": rep.pk, "name": rep.full_name}


def test_bulk_keeps_good_rows_when_others_fail(api):
    rows = [{"phone": "0912345678"}, {"name": "An"}, {"phone": "0912 345 678"}, "x", {"email": "a@b.vn"}]
    response = api.post("leads/bulk/", {"leads": rows})
    first, last = Lead.objects.order_by("pk").values_list("pk", flat=True)
    assert response.status_code == 200
    assert {k: v for k, v in response.data.items() if k != "results"} == {
        "created": 2,
        "matched": 1,
        "rejected": 2,
        "queued": 0,
    }
    assert [(r["index"], r["outcome"], r["id"]) for r in response.data["results"]] == [
        (0, "created", first),
        (1, "rejected", None),
        (2, "matched", first),
        (3, "rejected", None),
        (4, "created", last),
    ]
    assert [e["code"] for e in response.data["results"][1]["errors"]] == ["no_identity"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "not_a_list"),
        ({"leads": {}}, "not_a_list"),
        ({"leads": None}, "not_a_list"),
        ([], "not_an_object"),
        ({"leads": [{}] * 1001}, "too_many"),
    ],
)
def test_bulk_refuses_another_shape(api, body, code):
    assert problem(api.post("leads/bulk/", body)) == (422, code)


def test_bulk_of_nothing_is_nothing(api):
    assert api.post("leads/bulk/", {"leads": []}).data == {
        "created": 0,
        "matched": 0,
        "rejected": 0,
        "queued": 0,
        "results": [],
    }


def test_bulk_of_a_thousand_is_taken(api):
    response = api.post("leads/bulk/", {"leads": [{"phone": f"09{n:08d}"} for n in range(1000)]})
    assert response.data["created"] == 1000


def test_bulk_that_can_not_be_worked_on_is_queued(api, monkeypatch):
    monkeypatch.setattr("leads.intake.settle", _break)
    response = api.post("leads/bulk/", {"leads": [{"phone": "0912345678"}, {}]})
    assert (response.status_code, response.data["queued"], response.data["rejected"]) == (202, 1, 1)


def test_get_lead_shows_handoff_owner_and_clock(api):
    rep = make_user(Role.REP)
    handoff = make_handoff(at=timezone.now())
    data = api.get(f"leads/{handoff.lead_id}/").data
    standing = Standing.objects.get(pk=handoff.lead_id)
    assert data["owner"] == {"id": rep.pk, "name": rep.full_name}
    assert data["handoff"]["id"] == handoff.pk
    assert data["handoff"]["outcome"] == "open"
    assert datetime.fromisoformat(data["handoff"]["first_touch_due_at"]) == standing.sla_due_at
    assert data["sla"]["state"] == "ok"


def test_get_lead_says_how_the_promise_stands(api):
    lead, now = make_lead(), timezone.now()
    for due, warn, state in ((60, 30, "ok"), (60, -30, "warning"), (-30, -60, "breached")):
        Standing.objects.filter(pk=lead.pk).update(
            sla_due_at=now + timedelta(minutes=due), sla_warn_at=now + timedelta(minutes=warn)
        )
        assert api.get(f"leads/{lead.pk}/").data["sla"]["state"] == state


@pytest.mark.parametrize("lead_id", ["999", "9223372036854775807", "9223372036854775808", "1" * 40])
def test_get_lead_unknown_is_404(api, lead_id):
    assert problem(api.get(f"leads/{lead_id}/")) == (404, "not_found")
    assert problem(api.patch(f"leads/{lead_id}/", {"name": "x"})) == (404, "not_found")


def test_list_pages_by_cursor_both_ways(api):
    ids = [make_lead().pk for _n in range(5)]
    first = api.get("leads/?page_size=2").data
    second = api.get(first["next"].removeprefix("http://testserver")).data
    last = api.get(second["next"].removeprefix("http://testserver")).data
    assert [[r["id"] for r in page["results"]] for page in (first, second, last)] == [
        ids[:2:-1],
        ids[2:0:-1],
        ids[:1],
    ]
    assert (first["previous"], last["next"]) == (None, None)
    back = api.get(last["previous"].removeprefix("http://testserver")).data
    assert back["results"] == second["results"]


def test_list_filters_orders_and_keeps_both_in_the_links(api):
    for name in ("An", "Bình", "An"):
        make_lead(name=name)
    data = api.get("leads/?q=an&ordering=created_at&page_size=1").data
    assert [r["name"] for r in data["results"]] == ["An"]
    assert "q=an" in data["next"]
    assert "ordering=created_at" in data["next"]


@pytest.mark.parametrize(
    ("query", "field"),
    [("ordering=name", "ordering"), ("page_size=x", "page_size"), ("cursor=x", "cursor"), ("status=x", "status")],
)
def test_list_refuses_what_it_does_not_know(api, query, field):
    response = api.get(f"leads/?{query}")
    assert response.status_code == 422
    assert [e["field"] for e in response.data["errors"]] == [field]


@pytest.mark.parametrize(("size", "shown"), [("0", 1), ("1", 1), ("200", 3), ("5000", 3), ("", 3)])
def test_list_page_size_stays_between_1_and_200(api, size, shown):
    for _n in range(3):
        make_lead()
    assert len(api.get(f"leads/?page_size={size}").data["results"]) == shown


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_three_queries_whatever_its_length(api, count, django_assert_num_queries):
    make_user(Role.REP)
    for _n in range(count):
        make_handoff()
    api.get("me/")  # the key's "last used" is written once a minute
    with django_assert_num_queries(3):  # the key, the page, the leads
        assert len(api.get("leads/").data["results"]) == count


def test_patch_changes_the_profile_and_nothing_else(api):
    lead = make_lead(name="An", phone="0912345678")
    response = api.patch(f"leads/{lead.pk}/", {"name": "Bình", "company_size": 12, "city": ""})
    assert response.status_code == 200
    assert (response.data["name"], response.data["company_size"], response.data["phone"]) == (
        "Bình",
        12,
        "+84912345678",
    )


@pytest.mark.parametrize("field", ["status", "score", "stage", "owner", "grade", "id", "created_at", "source", "tags"])
def test_patch_read_only_fields_are_refused(api, field):
    lead = make_lead()
    response = api.patch(f"leads/{lead.pk}/", {"name": "Khác", field: 99})
    assert problem(response) == (422, "read_only")
    assert response.data["errors"][0]["field"] == field
    assert Lead.objects.get().name == lead.name


def test_patch_to_another_leads_phone_is_a_conflict(api):
    make_lead(phone="0912345678")
    other = make_lead(phone="0987654321")
    assert problem(api.patch(f"leads/{other.pk}/", {"phone": "0912345678"})) == (409, "already_taken")


def test_patch_needs_an_object(api):
    assert problem(api.patch(f"leads/{make_lead().pk}/", [1])) == (422, "not_an_object")


def test_patch_of_nothing_changes_nothing(api):
    lead = make_lead()
    assert api.patch(f"leads/{lead.pk}/", {}).status_code == 200
    assert not Event.objects.filter(kind="lead.updated").exists()
