"""What the past suggests, taken over into the draft: made on real rows, tried again afterwards."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from core.errors import Conflict, Invalid
from scoring import reading
from scoring.adopt import adopt
from scoring.backtest import start_backtest
from scoring.balance import evenly
from scoring.drafts import edit_settings, save_rule
from scoring.models import Backtest
from scoring.published import thresholds_of
from tests.api.caller import Caller, problem
from tests.factories import make_user
from tests.pages import as_role
from tests.scoring.makers import after, born, do
from tests.scoring.studio import finish, make_draft
from tests.scoring.test_rescore import rule_for, worth

pytestmark = pytest.mark.django_db


def tried(draft) -> Backtest:
    draft.refresh_from_db()
    job = start_backtest(draft, months=1, by=None, at=after(9))
    finish(at=after(9))
    job.refresh_from_db()
    return job


@pytest.fixture
def draft():
    """Six people with 20 to 75 points in force; only the last is handed over."""
    for kinds in (["form.demo"], ["form.contact"], ["form.contact", "form.demo"], ["meeting.booked"]):
        lead = born(event={"kind": kinds[0]})
        do(lead, *[(n + 1, kind) for n, kind in enumerate(kinds[1:])] or [(1, "nothing.known")])
    draft = make_draft()
    worth(draft, "meeting.booked", 40)
    return draft


def suggest(job: Backtest, points: dict[int, int], **balance) -> Backtest:
    """As if the past had suggested this."""
    suggested = {str(pk): value for pk, value in points.items()}
    Backtest.objects.filter(pk=job.pk).update(
        report={**job.report, "suggested": suggested, "balance": {**job.report["balance"], **balance}}
    )
    job.refresh_from_db()
    return job


def test_the_line_for_the_points_as_they_are_keeps_the_number_of_handoffs(draft):
    job = tried(draft)
    assert job.report["balance"] == {"leads": 4, "handoffs": 1, "draft": {"mql": 70, "handoffs": 1}}
    [line] = reading.balanced(job)
    assert (line.adopts, line.mql, line.now, line.handoffs, line.in_force, line.leads) == ("line", 70, 75, 1, 1, 4)
    assert reading.offers(job) == ["line"]
    adopt(job, "line")
    again = tried(draft)
    assert reading.totals(again)["draft"].handoffs == reading.totals(again)["published"].handoffs == 1


def test_the_trial_after_points_and_line_makes_the_promised_handoffs(draft, monkeypatch):
    demo, contact = rule_for(draft, "form.demo"), rule_for(draft, "form.contact")
    points = {str(demo.pk): 31, str(contact.pk): 0}
    monkeypatch.setattr("scoring.backtest.suggest_points", lambda *_given: points)
    job = tried(draft)
    assert job.report["balance"]["suggested"] == {"mql": 40, "handoffs": 1}
    assert reading.offers(job) == ["both", "points", "line"]
    adopt(job, "both")
    draft.refresh_from_db()
    demo.refresh_from_db()
    contact.refresh_from_db()
    assert (demo.points, demo.is_active, contact.points, contact.is_active) == (31, True, 50, False)
    limits = thresholds_of(draft)
    assert (limits.prospect, limits.lead, limits.mql, limits.sql_ready, draft.revision) == (10, 26, 40, 65, 3)
    assert reading.totals(tried(draft))["draft"].handoffs == 1


def test_points_alone_leave_the_lines(draft):
    rule = rule_for(draft, "form.demo")
    adopt(suggest(tried(draft), {rule.pk: 7}), "points")
    draft.refresh_from_db()
    rule.refresh_from_db()
    assert (rule.points, draft.mql, draft.revision) == (7, None, 3)


def test_a_line_for_sales_first_that_was_set_moves_along(draft):
    edit_settings(draft, {"sql_ready": 90})
    adopt(suggest(tried(draft), {}, draft={"mql": 120, "handoffs": 1}), "line")
    draft.refresh_from_db()
    assert (draft.mql, draft.sql_ready, draft.lead) == (120, 135, None)


def test_what_is_not_there_or_not_of_this_revision_can_not_be_taken(draft):
    job = tried(draft)
    for what in ("points", "both", "all"):
        with pytest.raises(Invalid):
            adopt(job, what)
    save_rule(draft, {"label_vi": "x", "event_kind": "x.y", "points": 1})
    with pytest.raises(Conflict):
        adopt(job, "line")


def test_no_line_is_suggested_where_nothing_was_handed_over():
    born(event={"kind": "form.demo"})
    job = tried(make_draft())
    assert (job.report["balance"], reading.balanced(job), reading.offers(job)) == (None, [], [])


def test_a_draft_edited_after_the_last_slice_ends_the_trial_without_a_report(draft, monkeypatch):
    job = start_backtest(draft, months=1, by=None, at=after(9))
    with monkeypatch.context() as held:
        held.setattr("scoring.slices._end_what_is_done", lambda *_given, **_more: None)
        finish(at=after(9))
    edit_settings(draft, {"mql": 60})
    finish(at=after(9))
    job.refresh_from_db()
    assert (job.state, job.report) == ("cancelled", {})


def test_evenly_takes_from_the_first_to_the_last():
    assert [list(evenly(range(n), 4)) for n in (0, 3, 4, 5, 9)] == [
        [], [0, 1, 2], [0, 1, 2, 3], [0, 2, 4], [0, 3, 6],
    ]  # fmt: skip


def test_a_marketer_takes_the_line_over_on_the_page(draft):
    job = tried(draft)
    page, act = reverse("scoring_backtest", args=[job.pk]), reverse("scoring_backtest_adopt", args=[job.pk])
    rep, _rep = as_role(Role.REP, language="en")
    shown = rep.get(page).content.decode()
    assert "MQL from <strong>70</strong> (now 75)" in shown
    assert "Take over" not in shown
    assert rep.post(act, {"what": "line"}).status_code == 403
    client, _user = as_role(Role.MARKETER, language="en")
    assert "Take over into the draft:" in client.get(page).content.decode()
    assert client.post(act, {"what": "line"}).url == reverse("scoring_version", args=[draft.version])
    draft.refresh_from_db()
    assert draft.mql == 70
    later = client.get(page).content.decode()
    assert "try it again before you take anything over" in later


def test_the_page_says_why_a_rule_gets_no_points_and_where_there_is_no_number_to_keep():
    born(event={"kind": "form.demo"})
    client, _user = as_role(Role.MARKETER, language="en")
    job = tried(make_draft())
    page = reverse("scoring_backtest", args=[job.pk])
    shown = client.get(page).content.decode()
    assert "it fires for nearly everybody, so it tells nobody apart" in shown
    assert "too few leads to compare" in shown
    Backtest.objects.update(report={**job.report, "suggested": {"1": 2}})
    assert "there is no number to keep" in client.get(page).content.decode()


def test_suggestions_over_the_api(draft):
    caller, job = Caller(user=make_user(Role.MARKETER)), tried(draft)
    path = f"scoring/backtests/{job.pk}/"
    assert caller.get(path).data["report"]["balanced"] == [
        {"adopt": "line", "mql": 70, "now": 75, "handoffs": 1, "in_force": 1, "leads": 4}
    ]
    assert problem(caller.post(f"{path}adopt/", {"what": "points"})) == (422, "nothing_suggested")
    assert caller.post(f"{path}adopt/", {"what": "line"}).data["mql"] == 70
    assert problem(caller.post(f"{path}adopt/", {"what": "line"})) == (409, "revision_changed")
