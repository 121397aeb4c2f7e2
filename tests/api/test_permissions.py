"""The permission matrix of the API: every address x method x caller, on an own, a team's and a foreign lead.

A caller stands for everybody like it. `open` lists who gets through; everybody else is refused, and nothing changes.
"""

from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import get_resolver, reverse

from accounts.enums import Role
from api.enums import Scope
from api.v1.base import ApiView
from api.v1.reports import NAMED
from leads.merging.joining import merge
from leads.models import Lead
from tests.api.caller import Caller, problem
from tests.api.test_idempotency import _patterns
from tests.api.unchanged import unchanged
from tests.factories import NOW, make_handoff, make_team, make_user
from tests.scoring.studio import SCORED
from tests.sla.agreed import AGREED, Addressed

pytestmark = pytest.mark.slow
PEOPLE = ("rep", "team_lead", "marketer", "marketing_manager", "sales_manager", "admin")
KEYS = tuple(scope.value for scope in Scope)
ALL = frozenset(PEOPLE)
SALES = frozenset({"rep", "team_lead", "sales_manager", "admin"})
LEADERS = frozenset({"team_lead", "marketing_manager", "sales_manager", "admin"})
REPORTS = LEADERS | {"marketer"}
MANAGERS = frozenset({"marketing_manager", "sales_manager"})
DRAFTERS = frozenset({"marketer", "marketing_manager", "admin"})
ASSIGNERS = frozenset({"sales_manager", "admin"})
RULING = {"right": True, "note": "Đúng"}
DRAFT = {"revision": 2, "invalid_rate": 15}
OTHER = {"other": 0}  # a second lead of the house, to be merged with
RULE = {"name": "Huế", "team": 0}
AWAY = {"user": 0, "first": "2026-12-01", "last": "2026-12-02"}


def merged() -> Any:
    return merge(make_handoff().lead_id, make_handoff().lead_id, by=None, at=NOW)


MADE = SCORED | AGREED | {"merge": merged}


@dataclass(frozen=True)
class Call:
    """One address and method, and who may use it. `lead`: the address names a lead; `of`: something else that is made.

    `in_person`: no key may do it, whatever its scopes. `hidden`: for whom this thing is not there.
    """

    name: str
    method: str
    people: frozenset[str]
    scope: str
    body: Any = None
    lead: bool = False
    of: str = ""
    in_person: bool = False
    hidden: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return f"{self.method} {self.name}"

    def path(self, lead: Lead) -> str:
        if self.of:
            made = MADE[self.of]()
            if isinstance(made, Addressed):
                return f"{reverse(self.name, args=made.numbers)}?{made.query}"
            return reverse(self.name, args=[made.pk])
        return reverse(self.name, args=[lead.pk] if self.lead else [])


READ, WRITE = "leads:read", "leads:write"
CALLS = (
    Call("api_leads", "GET", ALL, READ),
    Call("api_leads", "POST", ALL, WRITE, {"phone": "0987654321"}),
    Call("api_leads_bulk", "POST", ALL, WRITE, {"leads": [{"phone": "0987654321"}]}),
    Call("api_lead", "GET", ALL, READ, lead=True),
    Call("api_lead", "PATCH", ALL, WRITE, {"city": "Huế"}, lead=True),
    Call("api_timeline", "GET", ALL, READ, lead=True),
    Call("api_score", "GET", ALL, READ, lead=True),
    Call("api_lead_events", "POST", ALL, "events:write", {"kind": "page.viewed"}, lead=True),
    Call("api_events", "POST", ALL, "events:write", {"events": []}),
    Call("api_status", "POST", SALES, WRITE, {"to": "researched"}, lead=True),
    Call("api_calls", "POST", SALES, WRITE, {"outcome": "busy"}, lead=True),
    Call("api_appointments", "POST", SALES, WRITE, {"starts_at": "2026-12-01T09:00:00+07:00"}, lead=True),
    Call("api_notes", "POST", ALL, WRITE, {"text": "Gọi lại"}, lead=True),
    Call("api_tags", "POST", ALL, WRITE, {"add": ["VIP"]}, lead=True),
    Call("api_qualification", "GET", ALL, READ, lead=True),
    Call("api_qualification", "PUT", SALES, WRITE, {"right_phone": True}, lead=True),
    Call("api_decision", "POST", SALES, WRITE, {"outcome": "recycle", "reason": "no_need"}, lead=True),
    Call("api_assign", "POST", LEADERS, WRITE, {}, lead=True),
    Call("api_duplicates", "GET", ALL, READ, lead=True),
    Call("api_merge", "POST", REPORTS, WRITE, OTHER, lead=True),
    Call("api_merge_undo", "POST", REPORTS, WRITE, {}, of="merge"),
    Call("api_handoffs", "GET", ALL, READ),
    Call("api_kpis", "GET", REPORTS, "reports:read"),
    Call("api_kpis_csv", "GET", REPORTS, "reports:read"),
    Call("api_kpis_xlsx", "GET", REPORTS, "reports:read"),
    Call("api_funnel", "GET", REPORTS, "reports:read"),
    Call("api_funnel_csv", "GET", REPORTS, "reports:read"),
    Call("api_funnel_xlsx", "GET", REPORTS, "reports:read"),
    *(
        Call(f"api_report_{key}{ending}", "GET", REPORTS, "reports:read")
        for key in NAMED
        for ending in ("", "_csv", "_xlsx")
    ),
    Call("api_score", "POST", REPORTS, WRITE, {"points": 5, "reason": "Quen"}, lead=True),
    Call("api_campaigns", "GET", DRAFTERS, "reports:read"),
    Call("api_campaigns", "PUT", DRAFTERS, "", {"source": "Zalo", "campaign": "Hè", "owner": None}, in_person=True),
    Call("api_models", "GET", ALL, "reports:read"),
    Call("api_models", "POST", DRAFTERS, "admin", {"name": "Thử"}),
    Call("api_model", "GET", ALL, "reports:read", of="draft"),
    Call("api_model", "PATCH", DRAFTERS, "admin", {"mql": 80}, of="draft"),
    Call("api_model_backtest", "POST", DRAFTERS, "admin", {"months": 3}, of="draft"),
    Call("api_model_sign", "POST", MANAGERS, "", {}, of="draft", in_person=True),
    Call("api_model_publish", "POST", MANAGERS | {"admin"}, "", {}, of="draft", in_person=True),
    Call("api_model_rollback", "POST", MANAGERS | {"admin"}, "", {"reason": "Nhầm"}, of="retired", in_person=True),
    Call("api_backtest", "GET", ALL, "reports:read", of="backtest"),
    Call("api_rescoring", "GET", ALL, "reports:read", of="rescoring"),
    *(
        Call(f"api_backtest_{act}", "POST", DRAFTERS, "admin", {}, of="backtest")
        for act in ("pause", "resume", "cancel")
    ),
    Call("api_backtest_adopt", "POST", DRAFTERS, "admin", {"what": "both"}, of="backtest"),
    *(
        Call(f"api_rescoring_{act}", "POST", MANAGERS | {"admin"}, "admin", {}, of="rescoring")
        for act in ("pause", "resume")
    ),
    Call("api_trial", "GET", LEADERS, READ, lead=True),
    Call("api_agreement", "GET", ALL, "reports:read"),
    Call("api_agreements", "GET", ALL, "reports:read"),
    Call("api_agreement_version", "GET", ALL, "reports:read", of="version"),
    Call("api_agreement_differences", "GET", ALL, "reports:read", of="versions"),
    Call("api_agreement_draft", "GET", ALL, "reports:read", of="agreed_draft"),
    Call("api_agreement_draft", "POST", MANAGERS | {"admin"}, "admin", {}),
    Call("api_agreement_draft", "PATCH", MANAGERS | {"admin"}, "admin", DRAFT, of="agreed_draft"),
    Call("api_agreement_draft", "DELETE", MANAGERS | {"admin"}, "admin", of="agreed_draft"),
    Call("api_agreement_sign", "POST", MANAGERS, "", {"revision": 2}, of="agreed_draft", in_person=True),
    Call("api_clocks", "GET", ALL, "reports:read"),
    Call("api_clock_pause", "POST", LEADERS, "", {"reason": "outage"}, of="clock", in_person=True),
    Call("api_clock_resume", "POST", LEADERS, "", {}, of="paused", in_person=True),
    Call("api_breaches", "GET", ALL, "reports:read"),
    Call("api_breach_dispute", "POST", ALL, "", {"reason": "Mất mạng"}, of="breach", in_person=True),
    Call("api_responsibility", "GET", REPORTS, "reports:read"),
    Call("api_responsibility_csv", "GET", REPORTS, "reports:read"),
    Call("api_responsibility_xlsx", "GET", REPORTS, "reports:read"),
    Call("api_verdicts", "GET", REPORTS, "reports:read"),
    Call("api_verdict_dispute", "POST", REPORTS, "", {"reason": "Sai số"}, of="verdict", in_person=True),
    Call("api_disputes", "GET", MANAGERS | {"admin"}, "admin"),
    Call("api_dispute_decide", "POST", MANAGERS | {"admin"}, "", RULING, of="dispute", in_person=True),
    Call("api_feedback_list", "GET", ALL, "reports:read"),
    Call("api_feedback", "GET", ALL, "reports:read", of="feedback"),
    Call("api_feedback_give", "POST", SALES, "", {"good": "Đúng tệp"}, of="feedback", in_person=True),
    Call("api_feedback_answer", "POST", DRAFTERS, "", {"answer": "Đã sửa"}, of="given", in_person=True),
    Call("api_audits", "GET", LEADERS, "admin"),
    Call("api_audit_review", "POST", LEADERS, "", {"right": True}, of="audited", in_person=True),
    Call("api_bonus", "GET", ALL, "admin"),
    Call("api_bonus_person", "GET", ALL, "admin", of="marketer", hidden=frozenset({"rep", "team_lead", "marketer"})),
    Call("api_bonus_plans", "GET", MANAGERS | {"admin"}, "admin"),
    Call("api_bonus_plans", "POST", MANAGERS | {"admin"}, "admin", {"first_month": "2027-01"}),
    Call("api_bonus_plan", "DELETE", MANAGERS | {"admin"}, "", of="bonus_plan", in_person=True),
    Call("api_bonus_approve_month", "POST", MANAGERS | {"admin"}, "", {"month": "2026-10"}, in_person=True),
    Call("api_bonus_approve", "POST", MANAGERS | {"admin"}, "", {"month": "2026-10"}, of="marketer", in_person=True),
    Call("api_bonus_correct", "POST", MANAGERS | {"admin"}, "", {}, of="statement", in_person=True),
    Call("api_people", "GET", LEADERS, READ),
    Call("api_skills", "GET", LEADERS, READ, of="seller"),
    Call("api_skills", "PUT", LEADERS, "admin", {"cities": ["Huế"]}, of="seller"),
    Call("api_leaving", "POST", LEADERS, "admin", {}, of="seller"),
    Call("api_rules", "GET", LEADERS, READ),
    Call("api_rules", "POST", ASSIGNERS, "admin", RULE),
    Call("api_rule", "GET", LEADERS, READ, of="rule"),
    Call("api_rule", "PATCH", ASSIGNERS, "admin", {"active": False}, of="rule"),
    Call("api_rule", "DELETE", ASSIGNERS, "admin", of="rule"),
    Call("api_rule_move", "POST", ASSIGNERS, "admin", {"way": "up"}, of="rule"),
    Call("api_absences", "GET", LEADERS, READ),
    Call("api_absences", "POST", LEADERS, "admin", AWAY),
    Call("api_absence", "DELETE", LEADERS, "admin", of="absence"),
    Call("api_fairness", "GET", LEADERS, READ),
    Call("api_me", "GET", ALL, ""),
)
OPEN_TO_ALL = {"healthz": 503, "readyz": 503, "api_schema": 200, "api_docs": 200, "api_unknown": 404}
PAGES = {"api_keys", "api_key_new", "api_key_revoke"}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass
class House:
    """A lead with an open hand-off that `rep` has, and the people around it."""

    lead: Lead
    team: Any

    def caller(self, who: str) -> Caller:
        if who in KEYS:
            return Caller(who)
        return Caller(user=self.rep if who == "rep" else make_user(who, **self.place(who)))

    @property
    def rep(self):
        return self.lead.standing.owner

    def place(self, who: str) -> dict[str, Any]:
        return {"team": self.team} if who == "team_lead" else {}


@pytest.fixture
def house(db) -> House:
    team = make_team()
    make_user(Role.REP, team=team)
    lead = make_handoff().lead
    OTHER["other"] = make_handoff().lead_id
    RULE["team"], AWAY["user"] = team.pk, lead.standing.owner_id
    return House(Lead.objects.select_related("standing__owner").get(pk=lead.pk), team)


def allowed(call: Call, who: str) -> bool:
    if call.in_person:
        return who in call.people and who not in KEYS
    return who in call.people or (who in KEYS and call.scope in {who, ""}) or who in {"admin", "admin key"}


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_nobody_gets_nowhere(call, house, anonymous):
    path = call.path(house.lead)
    with unchanged():
        assert problem(anonymous.send(call.method, path, call.body)) == (401, "not_authenticated")


@pytest.mark.parametrize("who", [*PEOPLE, *(k for k in KEYS if k != "admin"), "admin key"])
@pytest.mark.parametrize("call", CALLS, ids=str)
def test_who_may_do_what(call, who, house):
    caller = Caller("admin") if who == "admin key" else house.caller(who)
    path = call.path(house.lead)
    if who in call.hidden:
        with unchanged():
            assert problem(caller.send(call.method, path, call.body)) == (404, "not_found")
        return
    if allowed(call, who):
        assert caller.send(call.method, path, call.body).status_code in {200, 201, 204}
        return
    with unchanged():
        assert problem(caller.send(call.method, path, call.body)) == (403, "permission_denied")


@pytest.mark.parametrize("who", ["rep", "team_lead"])
@pytest.mark.parametrize("call", [c for c in CALLS if c.lead], ids=str)
def test_a_foreign_lead_is_not_there(call, who, house):
    """For a rep of another team, and for that team's lead: the same answer as for a lead that does not exist."""
    caller = Caller(user=make_user(who, team=make_team()))
    with unchanged():
        status, code = problem(caller.send(call.method, call.path(house.lead), call.body))
    assert (status, code) == ((404, "not_found") if who in call.people else (403, "permission_denied"))


def test_a_colleagues_lead_is_foreign_to_a_rep_of_the_same_team(house):
    mate = Caller(user=make_user(Role.REP, team=house.team))
    assert problem(mate.get(reverse("api_lead", args=[house.lead.pk]))) == (404, "not_found")
    assert mate.get(reverse("api_leads")).data["results"] == []


def test_a_lead_in_the_pool_is_everybodys(house):
    rep = house.rep
    rep.on_duty = False
    rep.save()
    pooled = make_handoff().lead
    other = Caller(user=make_user(Role.REP, on_duty=False))
    assert other.get(reverse("api_lead", args=[pooled.pk])).status_code == 200


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_methods_that_are_not_declared_are_closed(call, house):
    declared = {c.method for c in CALLS if c.name == call.name}
    caller, path = Caller("admin"), call.path(house.lead)
    with unchanged():
        for method in set(METHODS) - declared:
            assert problem(caller.send(method, path, {})) == (405, "method_not_allowed")


def test_a_view_that_declares_nothing_is_closed(api):
    class Forgotten(ApiView):
        def get(self, request):
            raise AssertionError("never reached")

    response = Forgotten.as_view()(_request(api))
    assert response.status_code == 403


def _request(api: Caller):
    return api.client.get("/api/v1/me/", headers=api.headers).wsgi_request


@pytest.mark.parametrize(("name", "status"), OPEN_TO_ALL.items())
def test_open_addresses(name, status, anonymous):
    path = reverse(name, args=["nothing/"] if name == "api_unknown" else [])
    answer = anonymous.get(path).status_code
    assert answer == status or (name, answer) == ("healthz", 200)


@pytest.mark.parametrize("who", PEOPLE)
def test_the_page_of_keys_is_the_administrators(who, db):
    user = make_user(who)
    caller = Caller(user=user)
    for name in ("api_keys", "api_key_new"):
        assert caller.get(reverse(name)).status_code == (200 if who == "admin" else 403)
    with unchanged():
        answer = caller.post(reverse("api_key_revoke", args=[999])).status_code
    assert answer == (404 if who == "admin" else 403)


@pytest.mark.parametrize("name", ["api_keys", "api_key_new"])
def test_the_page_of_keys_asks_strangers_to_log_in(name, anonymous):
    response = anonymous.get(reverse(name))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_every_address_of_the_api_is_in_the_matrix():
    ours = {p.name for p in _patterns(get_resolver("api.urls").url_patterns)}
    assert ours == {call.name for call in CALLS} | set(OPEN_TO_ALL) | PAGES


def test_every_declared_method_is_in_the_matrix():
    declared = {
        (p.name, method)
        for p in _patterns(get_resolver("api.urls").url_patterns)
        if hasattr(p.callback, "cls")
        for method in p.callback.cls.needs
    }
    assert declared == {(call.name, call.method) for call in CALLS}
