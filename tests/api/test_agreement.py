"""The agreement over the API: promises, clocks, breaches, verdicts, disputes."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.enums import Role
from sla.drafting import edit_draft, open_draft
from sla.models import Agreement, Clock, Dispute
from tests.api.caller import Caller, problem
from tests.api.unchanged import unchanged
from tests.factories import NOW, make_team, make_user
from tests.sla.agreed import breach, dispute, paused_clock, running_clock, verdict
from tests.sla.makers import make_clock

pytestmark = pytest.mark.django_db
HUGE = 10**20


def boss() -> Caller:
    return Caller(user=make_user(Role.SALES_MANAGER))


def test_agreement_in_force_says_its_terms_in_figures_and_words(api):
    data = api.get("agreement/", Accept_Language="en").data
    assert (data["version"], data["state"], data["in_force_from"]) == (1, "agreed", "2000-01-01")
    assert (data["terms"]["first_touch_minutes"], data["terms"]["kept_rate"]) == (120, 90)
    assert data["promises"][5]["value"] == "15 business minutes"
    assert (data["signatures"], data["differences"]) == ([], [])


def test_versions_are_listed_with_what_they_change(api):
    manager = make_user(Role.MARKETING_MANAGER)
    draft = open_draft(by=manager, at=NOW)
    edit_draft(terms={"invalid_rate": 15}, revision=draft.revision, by=manager, at=NOW)
    Agreement.objects.filter(pk=draft.pk).update(signed_by_marketing=manager, marketing_signed_at=NOW)
    rows = api.get("agreement/versions/").data["results"]
    assert [(row["version"], row["state"]) for row in rows] == [(2, "draft"), (1, "agreed")]
    assert [(one["before"], one["after"]) for one in rows[0]["differences"]][-1] == ("20\u00a0%", "15\u00a0%")
    assert rows[0]["signatures"][0] | {"at": ""} == {
        "side": "marketing", "by": {"id": manager.pk, "name": manager.full_name}, "at": "",
    }  # fmt: skip
    assert api.get("agreement/versions/2/").data == rows[0]
    for number in (3, HUGE):
        assert problem(api.get(f"agreement/versions/{number}/")) == (404, "not_found")


def test_clocks_are_listed_by_how_they_stand(api):
    broken, running = breach(), running_clock()
    rows = {row["id"]: row for row in api.get("clocks/").data["results"]}
    assert rows[running.pk]["state"] in {"ok", "warning"}
    assert (rows[broken.pk]["state"], rows[broken.pk]["breach_segment"]) == ("breached", broken.breach_segment)
    for query, wanted in {
        "running=true&broken=false": {running.pk},
        "broken=true": {broken.pk},
        "paused=true": set(),
        "promise=decision": set(),
        f"lead={running.lead_id}": {running.pk},
        f"handoff={broken.handoff_id}": {broken.pk},
        "owner=none": {row["id"] for row in rows.values() if row["owner"] is None},
        "team=none": {row["id"] for row in rows.values() if row["team"] is None},
        f"due_after={date.today() + timedelta(days=3650)}": set(),  # noqa: DTZ011 - any day far off
        "due_before=2000-01-01": set(),
    }.items():
        assert {row["id"] for row in api.get(f"clocks/?{query}").data["results"]} == wanted, query
    assert problem(api.get("clocks/?promise=none"))[0] == 422
    assert [row["id"] for row in api.get("clocks/?ordering=due_at&page_size=1").data["results"]] == [broken.pk]


def test_a_rep_sees_the_clocks_of_the_leads_that_are_theirs():
    make_user(Role.REP, team=make_team())
    clock = running_clock()
    other = Caller(user=make_user(Role.REP, team=make_team(), on_duty=False))
    assert [row["id"] for row in Caller(user=clock.owner).get("clocks/").data["results"]] == [clock.pk]
    assert other.get("clocks/").data["results"] == []
    lead = Caller(user=make_user(Role.TEAM_LEAD, team=make_team(), on_duty=False))
    manager = boss()
    with unchanged():
        assert problem(lead.post(f"clocks/{clock.pk}/pause/", {"reason": "outage"})) == (404, "not_found")
        assert problem(manager.post(f"clocks/{HUGE}/resume/")) == (404, "not_found")


def test_a_clock_stands_still_and_goes_on():
    clock, leader = running_clock(), boss()
    paused = leader.post(f"clocks/{clock.pk}/pause/", {"reason": "waits"})
    assert (paused.status_code, paused.data["state"], paused.data["pause_reason"]) == (200, "paused", "waits")
    assert problem(leader.post(f"clocks/{clock.pk}/pause/", {"reason": "waits"})) == (409, "not_running")
    assert problem(leader.post(f"clocks/{clock.pk}/pause/", {"reason": "tea"}))[0] == 422
    resumed = leader.post(f"clocks/{clock.pk}/resume/")
    assert (resumed.data["state"], resumed.data["paused_at"]) == ("ok", None)
    assert problem(leader.post(f"clocks/{clock.pk}/resume/")) == (409, "not_paused")


def test_no_key_pauses_a_clock(api):
    clock = paused_clock()
    with unchanged():
        for path in (f"clocks/{clock.pk}/resume/", f"breaches/{clock.pk}/dispute/"):
            assert problem(api.post(path, {"reason": "x"})) == (403, "permission_denied")


def test_breaches_are_listed_under_whoever_answers():
    make_user(Role.REP, team=make_team())
    clock = breach()
    rep, mate = clock.breach_owner, make_user(Role.REP, on_duty=False)
    assert rep is not None
    for who, wanted in ((rep, [clock.pk]), (mate, []), (make_user(Role.MARKETER), [clock.pk])):
        assert [row["id"] for row in Caller(user=who).get("breaches/").data["results"]] == wanted
    caller = Caller(user=rep)
    for query, wanted in {
        "segment=rep": [clock.pk],
        "segment=marketing": [],
        f"owner={rep.pk}": [clock.pk],
        f"team={rep.team_id}": [clock.pk],
        "team=none": [],
    }.items():
        assert [row["id"] for row in caller.get(f"breaches/?{query}").data["results"]] == wanted, query


def test_a_breach_is_disputed_and_decided():
    clock = breach()
    rep, judge = Caller(user=clock.breach_owner or make_user(Role.ADMIN)), boss()
    raised = rep.post(f"breaches/{clock.pk}/dispute/", {"reason": "Tổng đài hỏng"})
    assert (raised.status_code, raised.data["state"], raised.data["clock"]) == (201, "open", clock.pk)
    assert problem(rep.post(f"breaches/{clock.pk}/dispute/", {"reason": "Nữa"})) == (409, "disputed")
    assert problem(judge.post(f"breaches/{running_clock().pk}/dispute/", {"reason": "x"})) == (404, "not_found")
    (shown,) = judge.get("disputes/?state=open").data["results"]
    assert shown == raised.data
    ruling = {"right": True, "note": "Có biên bản"}
    decided = judge.post(f"disputes/{shown['id']}/decide/", ruling)
    assert (decided.data["state"], decided.data["note"]) == ("upheld", "Có biên bản")
    assert problem(judge.post(f"disputes/{shown['id']}/decide/", ruling)) == (409, "decided")
    assert rep.get("breaches/").data["results"][0]["disputes"] == [decided.data]
    assert judge.get("disputes/?state=open").data["results"] == []


def test_nobody_decides_their_own_dispute():
    clock, judge = breach(), boss()
    raised = judge.post(f"breaches/{clock.pk}/dispute/", {"reason": "Không đúng"}).data
    with unchanged():
        answer = judge.post(f"disputes/{raised['id']}/decide/", {"right": True, "note": "Đúng"})
        assert problem(answer) == (403, "own_dispute")
        assert problem(judge.post(f"disputes/{HUGE}/decide/", {"right": True, "note": "Đúng"})) == (404, "not_found")
        assert problem(judge.post(f"disputes/{raised['id']}/decide/", {"right": True}))[0] == 422


def test_a_verdict_is_disputed_by_the_side_it_speaks_of():
    closed = verdict()
    (shown,) = boss().get("verdicts/").data["results"]
    assert (shown["id"], shown["who"], shown["month"]) == (closed.pk, "marketing", "2026-10-01")
    stranger = Caller(user=make_user(Role.TEAM_LEAD, team=make_team()))
    assert stranger.get("verdicts/").data["results"] == []
    assert problem(stranger.post(f"verdicts/{closed.pk}/dispute/", {"reason": "x"})) == (404, "not_found")
    raised = boss().post(f"verdicts/{closed.pk}/dispute/", {"reason": "Thiếu nguồn"})
    assert (raised.status_code, raised.data["verdict"], raised.data["clock"]) == (201, closed.pk, None)
    assert boss().get("verdicts/").data["results"][0]["disputes"] == [raised.data]


def test_responsibility_of_a_span_names_what_was_broken(api):
    clock = breach()
    day = timezone.localdate(clock.due_at)
    today = timezone.localdate()  # a day that runs: what Marketing promised for it is not missed yet
    data = api.get(f"reports/responsibility/?from={day}&to={today}").data
    assert (data["from"], data["to"], data["team"], data["source"], data["who"]) == (
        str(day), str(today), None, "", "sales",
    )  # fmt: skip
    (part,) = data["judgements"]
    found = {one["code"]: one for one in part["findings"]}
    assert (part["version"], found["process"]["kept"], found["process"]["actual"]) == (1, False, 0.0)
    assert (found["process"]["side"], found["volume"]["side"]) == ("sales", "marketing")
    assert part["figures"]["broken"] == {"first_touch": 1}
    other = api.get(f"reports/responsibility/?from={day}&to={day}&source=TikTok").data
    assert (other["source"], other["who"], other["outlook"]) == ("TikTok", "nobody", None)


def test_responsibility_looks_ahead_while_the_month_runs(api):
    today = timezone.localdate()
    data = api.get(f"reports/responsibility/?from={today.replace(day=1)}&to={today}").data
    assert data["outlook"]["promised"] == 100
    old = api.get("reports/responsibility/?from=2025-01-01&to=2025-01-31").data
    assert (old["outlook"], len(old["judgements"])) == (None, 1)
    assert problem(api.get("reports/responsibility/?from=x"))[0] == 422
    own = make_user(Role.TEAM_LEAD, team=make_team())
    assert Caller(user=own).get("reports/responsibility/").data["team"] == own.team_id


def test_disputes_are_for_managers():
    raised = dispute()
    assert Dispute.objects.get() == raised
    rep = Caller(user=make_user(Role.REP))
    assert problem(rep.get("disputes/")) == (403, "permission_denied")


def test_lists_cost_the_same_however_long(api, django_assert_num_queries):
    for _n in range(4):
        clock = make_clock()
        Clock.objects.filter(pk=clock.pk).update(breached_at=clock.due_at, next_at=None, breach_segment="queue")
    api.get("breaches/?page_size=1")
    with django_assert_num_queries(3):
        assert len(api.get("breaches/?page_size=2").data["results"]) == 2
    with django_assert_num_queries(3):
        assert len(api.get("breaches/?page_size=4").data["results"]) == 4
