"""The document says what the code does: same fields in, same fields out, every answer named."""

import orjson
import pytest
from django.test import Client
from rest_framework.serializers import Serializer

from api.v1 import docs, schemas, sent
from api.v1.events import MOST_EVENTS
from api.v1.handoffs import CONDITIONS as HANDOFF_CONDITIONS
from api.v1.handoffs import ORDERINGS as HANDOFF_ORDERINGS
from api.v1.leads import MOST_LEADS, ORDERINGS
from leads.bant import POINTS
from leads.enquiry import TEXT_LIMITS, UTM
from leads.filters import CONDITIONS
from leads.profile import EDITABLE, TEXTS
from leads.qualification import CHECKS, NOTES
from reports.funnel import funnel
from reports.kpis import kpi_table


@pytest.fixture(scope="module")
def document() -> dict:
    return orjson.loads(Client().get("/api/schema/").content)


def fields(serializer: type[Serializer]) -> set[str]:
    return set(serializer().fields)


def longest(serializer: type[Serializer], name: str) -> int:
    return serializer().fields[name].max_length


def test_document_is_as_it_was(document, snapshot):
    """A change of the contract is seen here first: look at it, then `pytest --snapshot-update`."""
    assert document == snapshot


def test_document_is_openapi_3(document):
    assert document["openapi"].startswith("3.")
    assert document["components"]["securitySchemes"].keys() == {"apiKey", "cookieAuth"}
    assert document["components"]["securitySchemes"]["apiKey"]["scheme"] == "bearer"


def test_a_lead_takes_what_is_documented():
    assert fields(sent.LeadIn) == {
        *TEXT_LIMITS,
        "phone",
        "email",
        "company_size",
        "utm",
        "consent",
        "custom",
        "event",
    }
    assert {name: longest(sent.LeadIn, name) for name in TEXT_LIMITS} == TEXT_LIMITS
    assert fields(sent.Utm) == set(UTM)


def test_a_profile_takes_what_is_documented():
    assert fields(sent.ProfileIn) == set(EDITABLE)
    assert {name: longest(sent.ProfileIn, name) for name in TEXTS} == {name: TEXT_LIMITS[name] for name in TEXTS}


def test_a_qualification_takes_what_is_documented():
    assert fields(sent.QualificationIn) == {*CHECKS, *NOTES, *POINTS, "budget_amount"}
    for name, points in POINTS.items():
        assert set(sent.QualificationIn().fields[name].choices) == set(points)


def test_lists_take_the_filters_that_are_documented():
    assert {p.name for p in docs.LEAD_FILTERS} == {*CONDITIONS, "sla", "ordering"}
    assert {p.name for p in docs.HANDOFF_FILTERS} == {*HANDOFF_CONDITIONS, "ordering"}
    assert docs.LEAD_FILTERS[-1].enum == list(ORDERINGS)
    assert docs.HANDOFF_FILTERS[-1].enum == list(HANDOFF_ORDERINGS)


def test_bulk_limits_are_documented():
    assert sent.LeadsIn().fields["leads"].max_length == MOST_LEADS == 1000
    assert sent.EventsIn().fields["events"].max_length == MOST_EVENTS == 1000


def test_reports_answer_the_columns_that_are_documented(db, rf):
    from reports.address import read
    from tests.factories import NOW

    scope = read({}, user=None, at=NOW)
    assert fields(schemas.KpiRow) == {column.key for column in kpi_table([]).columns}
    assert fields(schemas.FunnelRow) == {column.key for column in funnel(scope).columns}


def operations(document: dict):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method in {"get", "post", "put", "patch", "delete"}:
                yield f"{method.upper()} {path}", operation


def test_every_operation_names_its_refusals(document):
    for name, operation in operations(document):
        codes = set(operation["responses"])
        assert {"401", "403", "422", "429", "503"} <= codes, name
        for code, response in operation["responses"].items():
            kinds = set(response.get("content", ()))  # 204 has none
            assert (kinds == {"application/problem+json"}) == (int(code) >= 400), (name, code)


def test_every_post_documents_its_idempotency_key(document):
    for name, operation in operations(document):
        given = {p["name"] for p in operation.get("parameters", [])}
        assert ("Idempotency-Key" in given) == name.startswith("POST"), name


def test_every_operation_has_a_name_of_its_own(document):
    names = [operation["operationId"] for _name, operation in operations(document)]
    assert len(names) == len(set(names))


def test_paths_of_the_contract_are_all_there(document):
    assert {
        "/api/v1/leads/", "/api/v1/leads/bulk/", "/api/v1/leads/{lead_id}/", "/api/v1/leads/{lead_id}/events/",
        "/api/v1/leads/{lead_id}/status/", "/api/v1/leads/{lead_id}/calls/", "/api/v1/leads/{lead_id}/qualification/",
        "/api/v1/leads/{lead_id}/decision/", "/api/v1/leads/{lead_id}/assign/", "/api/v1/leads/{lead_id}/score/",
        "/api/v1/leads/{lead_id}/timeline/", "/api/v1/events/", "/api/v1/handoffs/", "/api/v1/reports/kpis/",
        "/api/v1/reports/funnel/", "/api/v1/me/",
    } <= set(document["paths"])  # fmt: skip
