import pytest
from django.utils import timezone

from accounts.enums import Role
from leads.models import Event, Standing
from tests.api.caller import Caller, problem
from tests.api.unchanged import unchanged
from tests.factories import NOW, arrive, make_lead, make_user


def test_event_of_a_lead_is_recorded_and_scored(api):
    lead = make_lead()
    response = api.post(f"leads/{lead.pk}/events/", {"kind": "form.contact", "properties": {"page": "/lien-he"}})
    event = Event.objects.get(kind="form.contact")
    assert response.status_code == 201
    assert response.data == {"outcome": "recorded", "id": event.pk, "lead": lead.pk}
    assert event.properties == {"page": "/lien-he"}
    assert Standing.objects.get().score == 50


def test_event_with_the_senders_id_is_taken_once(api):
    lead = make_lead()
    body = {"kind": "page.viewed", "external_id": "v1", "source": "site"}
    first, again = (api.post(f"leads/{lead.pk}/events/", body) for _n in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.data == {"outcome": "known", "id": None, "lead": lead.pk}
    assert Event.objects.filter(kind="page.viewed").count() == 1


def test_event_of_an_unknown_kind_is_kept_and_scores_nothing(api):
    lead = make_lead()
    assert api.post(f"leads/{lead.pk}/events/", {"kind": "shop.cart_filled"}).status_code == 201
    assert Standing.objects.get().score == 0


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "invalid"),
        ([], "not_an_object"),
        ({"kind": "Ô hay"}, "invalid"),
        ({"kind": "status.moved"}, "reserved"),
        ({"kind": "page.viewed", "properties": []}, None),
        ({"kind": "page.viewed", "properties": "x"}, "invalid"),
        ({"kind": "page.viewed", "occurred_at": "x"}, "invalid"),
        ({"kind": "page.viewed", "occurred_at": "2190-01-01"}, "in_the_future"),
    ],
)
def test_event_is_refused_with_the_field(api, body, code):
    path = f"leads/{make_lead().pk}/events/"
    if code is None:
        assert api.post(path, body).status_code == 201
        return
    with unchanged():
        assert problem(api.post(path, body)) == (422, code)


def test_event_of_an_unknown_lead_is_404(api):
    assert problem(api.post("leads/999/events/", {"kind": "page.viewed"})) == (404, "not_found")


def test_event_body_can_not_name_another_lead(api):
    lead, other = make_lead(), make_lead()
    api.post(f"leads/{lead.pk}/events/", {"kind": "page.viewed", "id": other.pk, "lead": other.pk})
    assert Event.objects.get(kind="page.viewed").lead_id == lead.pk


def test_events_address_leads_by_id_external_id_email_and_phone(api):
    lead_id = arrive(source="crm", external_id="7", email="a@b.vn", phone="0912345678").lead_id
    names = [{"id": lead_id}, {"source": "crm", "external_id": "7"}, {"email": "A@B.vn"}, {"phone": "+84 912345678"}]
    response = api.post("events/", {"events": [{"kind": "page.viewed", **name} for name in names]})
    assert response.status_code == 200
    assert {k: v for k, v in response.data.items() if k != "results"} == {"recorded": 4, "known": 0, "rejected": 0}
    assert {r["lead"] for r in response.data["results"]} == {lead_id}


def test_events_without_source_find_leads_sent_without_source(api):
    lead_id = api.post("leads/", {"external_id": "7"}).data["id"]
    response = api.post("events/", {"events": [{"kind": "page.viewed", "external_id": "7"}]})
    assert [r["lead"] for r in response.data["results"]] == [lead_id]


def test_events_keep_good_rows_when_others_fail(api):
    lead = make_lead()
    now = timezone.now().isoformat()
    rows = [{"id": lead.pk, "kind": "page.viewed", "occurred_at": now}, {"id": 10**12, "kind": "page.viewed"}, 5]
    response = api.post("events/", {"events": rows})
    assert [(r["index"], r["outcome"]) for r in response.data["results"]] == [
        (0, "recorded"),
        (1, "rejected"),
        (2, "rejected"),
    ]
    assert [e["code"] for r in response.data["results"] for e in r["errors"]] == ["unknown_lead", "not_an_object"]


@pytest.mark.parametrize(
    ("body", "code"), [({}, "not_a_list"), ([], "not_an_object"), ({"events": [{}] * 1001}, "too_many")]
)
def test_events_refuse_another_shape(api, body, code):
    assert problem(api.post("events/", body)) == (422, code)


def test_events_of_nothing_are_nothing(api):
    assert api.post("events/", {"events": []}).data == {"recorded": 0, "known": 0, "rejected": 0, "results": []}


def test_events_by_a_rep_reach_only_leads_the_rep_may_see(db):
    rep = make_user(Role.REP)
    own, foreign = make_lead(by=rep), make_lead()
    rows = [{"id": own.pk, "kind": "page.viewed"}, {"id": foreign.pk, "kind": "page.viewed"}]
    response = Caller(user=rep).post("events/", {"events": rows})
    assert [r["outcome"] for r in response.data["results"]] == ["recorded", "rejected"]
    assert response.data["results"][1]["lead"] is None


def test_events_by_a_marketer_reach_every_lead(db):
    lead = make_lead(at=NOW)
    response = Caller(user=make_user(Role.MARKETER)).post("events/", {"events": [{"id": lead.pk, "kind": "a.b"}]})
    assert response.data["recorded"] == 1
