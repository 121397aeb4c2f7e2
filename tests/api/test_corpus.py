"""The fixed corpus: input that has broken others, sent to every address that takes any. Never a 500."""

import orjson
import pytest

from leads.models import Lead
from tests.api.caller import Caller
from tests.api.unchanged import unchanged
from tests.factories import make_handoff, make_user

pytestmark = pytest.mark.slow
DEEP = {"a": 1}
for _level in range(28):
    DEEP = {"d": DEEP}

NASTY = {
    "nul": "a\x00b",
    "controls": "".join(map(chr, range(32))) + "\x7f\x85",
    "huge int": 2**63,
    "huge negative": -(2**63),
    "largest u64": 2**64 - 1,
    "float": 1.7976931348623157e308,
    "tiny": 5e-324,
    "true": True,
    "null": None,
    "long": "ữ" * 20_000,
    "rtl": "\u202eabc\u202c \u0645\u0631\u062d\u0628\u0627",
    "homoglyph": "Nguy\u0435n \u0391nh",
    "nfd": "Nguye\u0302\u0303n \u0110a\u0323t",
    "emoji": "👩‍👩‍👧‍👦🇻🇳",
    "zero width": "a\u200bb\ufeff",
    "formula": '=HYPERLINK("http://x","y")',
    "html": "<script>alert(1)</script>",
    "sql": "'; DROP TABLE leads_lead; --",
    "percent": "%s%s%n{0}{{x}}",
    "unit separator": "a\x1fb",
    "list": ["a", {"b": [None]}],
    "object": {"\x00": "\x00", "": [], "a" * 500: {}},
    "deep": DEEP,
    "wide": {str(n): n for n in range(3000)},
    "noncharacter": "\uffff\ufffe\U0010ffff",
    "date": "0001-01-01T00:00:00+14:00",
    "leap": "2026-02-30T25:61:61Z",
    "far": "9999-12-31T23:59:59-14:00",
}
LEAD_FIELDS = (
    "name", "phone", "email", "company", "title", "company_size", "city", "product", "source", "campaign",
    "external_id", "note", "utm", "consent", "custom", "event", "unknown",
)  # fmt: skip
EVENT_FIELDS = (
    "kind",
    "occurred_at",
    "external_id",
    "properties",
    "source",
    "id",
    "email",
    "phone",
    "lead_external_id",
)
ACTS = {
    ("PATCH", ""): ("name", "phone", "email", "company", "title", "company_size", "city", "product", "custom"),
    ("POST", "status/"): ("to", "reason", "amount"),
    ("POST", "calls/"): ("outcome", "duration_seconds", "occurred_at", "note", "callback_at", "direction"),
    ("PUT", "qualification/"): ("right_phone", "budget", "budget_amount", "need", "need_note", "timing"),
    ("POST", "decision/"): ("outcome", "reason", "note", "wake_on"),
    ("POST", "assign/"): ("owner",),
    ("POST", "events/"): EVENT_FIELDS,
}  # fmt: skip
VALID = {
    "status/": {"to": "wrong_target", "reason": "x"},
    "calls/": {"outcome": "callback", "callback_at": "2190-01-01T00:00:00Z"},
    "decision/": {"outcome": "recycle", "reason": "other", "note": "x"},
    "events/": {"kind": "page.viewed"},
}


@pytest.mark.parametrize("nasty", NASTY.values(), ids=NASTY.keys())
def test_lead_with_a_nasty_value_in_any_field_is_kept_or_refused(api, nasty):
    for number, field in enumerate(LEAD_FIELDS):
        valid = {"phone": f"09{number:08d}", "source": "web", "external_id": str(number)}
        response = api.post("leads/", {**valid, field: nasty})
        assert response.status_code in {200, 201, 422}, (field, response.content)
        if response.status_code == 422:
            assert not Lead.objects.filter(external_id=str(number)).exists()


@pytest.mark.parametrize("nasty", NASTY.values(), ids=NASTY.keys())
def test_bulk_with_nasty_rows_keeps_the_good_one(api, nasty):
    rows = [{"phone": "0912345678", field: nasty} for field in LEAD_FIELDS if field not in {"phone", "external_id"}]
    rows += [nasty, {"phone": "0987654321", "name": "Người tốt"}]
    response = api.post("leads/bulk/", {"leads": rows})
    assert response.status_code == 200
    assert response.data["queued"] == 0
    assert Lead.objects.filter(phone="+84987654321", name="Người tốt").exists()


@pytest.mark.parametrize("nasty", NASTY.values(), ids=NASTY.keys())
def test_bulk_events_with_nasty_values(api, nasty):
    lead_id = api.post("leads/", {"phone": "0912345678"}).data["id"]
    rows = [{"id": lead_id, "kind": "page.viewed", field: nasty} for field in EVENT_FIELDS] + [nasty]
    response = api.post("events/", {"events": [*rows, {"id": lead_id, "kind": "last.one"}]})
    assert response.status_code == 200
    assert response.data["results"][-1]["outcome"] == "recorded"


@pytest.mark.parametrize("nasty", NASTY.values(), ids=NASTY.keys())
def test_acts_take_or_refuse_a_nasty_value(api, nasty):
    make_user()
    for (method, path), fields in ACTS.items():
        lead_id = make_handoff().lead_id
        for field in fields:
            body = {**VALID.get(path, {}), field: nasty}
            response = api.send(method, f"leads/{lead_id}/{path}", body)
            assert response.status_code in {200, 201, 409, 422}, (path, field, response.content)


@pytest.mark.parametrize("nasty", NASTY.values(), ids=NASTY.keys())
def test_acts_take_or_refuse_a_nasty_body(api, nasty):
    make_user()
    lead_id = make_handoff().lead_id
    for method, path in ACTS:
        response = api.send(method, f"leads/{lead_id}/{path}", nasty)
        assert response.status_code in {200, 201, 409, 422}, (path, response.content)


PAGING = ("cursor", "page_size", "ordering", "format")
PERIOD = ("period", "from", "to", "group_by", "team", "owner", "source")
ADDRESSES = {
    "leads/": (
        "status", "stage", "owner", "team", "source", "campaign", "score_min", "score_max", "grade", "created_after",
        "created_before", "mql_after", "mql_before", "has_open_handoff", "sla", "tag", "q", *PAGING,
    ),
    "handoffs/": ("outcome", "kind", "owner", "offered_after", "offered_before", "sla", *PAGING),
    "leads/{id}/timeline/": ("kind", *PAGING),
    "leads/{id}/score/": ("at",),
    "reports/kpis/": PERIOD,
    "reports/funnel.csv": PERIOD,
}  # fmt: skip
QUERIES = [
    "%00",
    "%FF%FE",
    "%ED%A0%80",
    "9" * 30,
    "-1",
    "1e400",
    "NaN",
    "'",
    "%25",
    ",",
    "a" * 3000,
    "%E2%80%AE",
    "[]",
    "0001-01-01",
]


@pytest.mark.parametrize("query", QUERIES, ids=lambda q: q[:12])
def test_any_query_is_answered_or_refused(api, query):
    lead_id = api.post("leads/", {"phone": "0912345678"}).data["id"]
    with unchanged():
        for address, names in ADDRESSES.items():
            for name in names:
                response = api.get(f"{address.format(id=lead_id)}?{name}={query}")
                assert response.status_code in {200, 404, 422}, (address, name, response.content)


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "\x01", "é", "a\tb", "\x7f"])
def test_nasty_idempotency_keys(api, key):
    response = api.post("leads/", {"phone": "0912345678"}, Idempotency_Key=key)
    assert response.status_code in {201, 400}


def test_nasty_headers(db):
    caller = Caller("admin")
    for name, value in (
        ("Accept", "\xff"),
        ("Accept-Language", "\xff" * 300),
        ("X-Forwarded-For", "'"),
        ("Cookie", "\xff=\xff; ="),
    ):
        caller.headers[name] = value
        assert caller.get("me/").status_code in {200, 406}
        del caller.headers[name]


def test_corpus_is_valid_json():
    assert orjson.loads(orjson.dumps(NASTY)).keys() == NASTY.keys()
