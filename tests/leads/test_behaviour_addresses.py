import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leads.behaviour import behave
from leads.enums import Channel
from leads.merging.joining import merge
from leads.models import Event
from tests.factories import NOW, arrive

pytestmark = pytest.mark.django_db


def outcomes(*items: object, **options: object) -> list[str]:
    return [s.outcome for s in behave(items, at=NOW, **options)]


def test_behave_external_id_alone_names_the_lead_and_not_the_event():
    lead_id = arrive(source="shop", external_id="7", phone="0912345678").lead_id
    item = {"source": "shop", "external_id": "7", "kind": "page.viewed"}
    assert outcomes(item, item) == ["recorded", "recorded"]
    assert list(Event.objects.filter(kind="page.viewed").values_list("lead_id", "external_id")) == [(lead_id, None)] * 2


@pytest.mark.parametrize("name", [{"phone": "0912 345 678"}, {"email": "a@b.vn"}, {"lead_external_id": "7"}])
def test_behave_external_id_names_the_event_where_something_else_names_the_lead(name):
    arrive(source="shop", external_id="7", phone="0912345678", email="a@b.vn")
    item = {"source": "shop", "external_id": "click-1", "kind": "page.viewed", **name}
    assert outcomes(item, item) == ["recorded", "known"]
    assert Event.objects.get(kind="page.viewed").external_id == "click-1"


def test_behave_default_source_is_that_of_leads_without_one():
    arrive(external_id="7", channel=Channel.API)
    item = {"external_id": "7", "kind": "page.viewed"}
    assert outcomes(item) == ["rejected"]
    assert outcomes(item, default_source=Channel.API) == ["recorded"]


def test_behave_visible_limits_the_leads():
    mine, other = arrive().lead_id, arrive().lead_id
    items = [{"id": mine, "kind": "page.viewed"}, {"id": other, "kind": "page.viewed"}]
    assert outcomes(*items, visible={mine}) == ["recorded", "rejected"]


def test_behave_by_our_own_ids_looks_nobody_up():
    lead_id = arrive().lead_id
    with CaptureQueriesContext(connection) as context:
        assert outcomes({"id": lead_id, "kind": "page.viewed"}, {"id": 10**12, "kind": "page.viewed"}) == [
            "recorded",
            "rejected",
        ]
    asked = [q["sql"] for q in context.captured_queries if "leads_lead" in q["sql"] or "FIND_MATCHES" in q["sql"]]
    assert [" ".join(sql.split())[:49] for sql in asked] == [
        "SELECT id, COALESCE(merged_into_id, id) FROM leads_l"[:49]
    ]


def test_behave_by_the_id_of_a_merged_lead_is_of_the_one_it_has_become():
    kept, gone = arrive(phone="0912345678").lead_id, arrive(email="a@b.vn").lead_id
    merge(kept, gone, by=None, at=NOW)
    sighting = behave([{"id": gone, "kind": "page.viewed"}], at=NOW)[0]
    assert (sighting.outcome, sighting.lead_id) == ("recorded", kept)
