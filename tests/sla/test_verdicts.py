"""Who answers: the pure verdict, the figures read from the database, their evidence, the closed month, disputes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.enums import Role
from accounts.models import Team
from core.errors import Conflict, Invalid, NotFound, Refused
from leads.calls import log_call
from leads.decisions import decide
from leads.models import Event
from leads.moves import move_status
from sla.disputes import decide_dispute, dispute_breach, dispute_verdict
from sla.enums import Answers
from sla.feedback import ask_for_feedback, give_feedback
from sla.models import Agreement, Clock, Dispute, Feedback, Verdict
from sla.months import days, last_of, midnight, month_before, next_month, share_of_months
from sla.responsibility import Asked, close_month, evidence, figures_of, outlook, responsibility
from sla.sweep import sweep
from sla.tasks import keep_the_weeks
from sla.verdicts import Code, Figures, answers, forecast, judge, parts
from tests.factories import NOW, accept, make_handoff, make_team, make_user
from tests.pages import as_role, enter

db = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))
GOOD = {"judged": 100, "qualified": 60, "invalid": 5, "kept": {"first_touch": 95}, "broken": {"first_touch": 5}}


def who(*, volume: float | None = None, won_rate: int = 0, **figures) -> str:
    return answers(judge(Figures(**{**GOOD, **figures}), Agreement(version=1, won_rate=won_rate), volume=volume))


# --- the pure verdict ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ({}, Answers.NOBODY),
        ({"qualified": 39}, Answers.MARKETING),
        ({"qualified": 40}, Answers.NOBODY),
        ({"invalid": 21}, Answers.MARKETING),
        ({"volume": 61}, Answers.MARKETING),
        ({"volume": 60}, Answers.NOBODY),
        ({"broken": {"first_touch": 20}}, Answers.SALES),
        ({"broken": {"next_attempt": 20}}, Answers.SALES),
        ({"kept": {}, "broken": {"decision": 1}}, Answers.SALES),
        ({"kept": {"first_touch": 9, "decision": 9}, "broken": {"care": 2}}, Answers.SALES),
        ({"kept": {"first_touch": 9}, "broken": {}, "feedback_broken": 2}, Answers.SALES),
        ({"won_rate": 30, "accepted": 10, "won": 2}, Answers.SALES),
        ({"won_rate": 30, "accepted": 10, "won": 3}, Answers.NOBODY),
        ({"accepted": 10, "won": 0}, Answers.NOBODY),
        ({"qualified": 1, "broken": {"first_touch": 90}}, Answers.BOTH),
        ({"judged": 0, "qualified": 0, "invalid": 0, "kept": {}, "broken": {}}, Answers.NOBODY),
    ],
)
def test_verdict_of_the_domain(figures, expected):
    assert who(**figures) == expected


COUNTS = st.integers(0, 200)


@given(judged=COUNTS, qualified=COUNTS, invalid=COUNTS, kept=COUNTS, broken=COUNTS)
def test_verdict_never_blames_a_side_without_a_broken_finding(judged, qualified, invalid, kept, broken):
    figures = Figures(
        judged=judged, qualified=min(qualified, judged), invalid=min(invalid, judged),
        kept={"first_touch": kept}, broken={"first_touch": broken},
    )  # fmt: skip
    findings = judge(figures, Agreement(version=1), volume=None)
    failed = {finding.of_marketing for finding in findings if finding.kept is False}
    expected = {
        (): Answers.NOBODY,
        (True,): Answers.MARKETING,
        (False,): Answers.SALES,
        (False, True): Answers.BOTH,
    }
    assert answers(findings) == expected[tuple(sorted(failed))]


def test_parts_cut_the_period_where_the_version_changes():
    first = Agreement(version=1, in_force_from=date(2000, 1, 1))
    second = Agreement(version=2, in_force_from=date(2026, 11, 16))
    known = [first, second]
    assert parts(known, *NOVEMBER) == [
        (first, date(2026, 11, 1), date(2026, 11, 15)),
        (second, date(2026, 11, 16), date(2026, 11, 30)),
    ]
    assert parts(known, date(2026, 12, 1), date(2026, 12, 31)) == [(second, date(2026, 12, 1), date(2026, 12, 31))]
    assert parts([second], *NOVEMBER)[0] == (second, date(2026, 11, 1), date(2026, 11, 15))


@given(
    first=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    cuts=st.sets(st.dates(date(2020, 1, 1), date(2031, 1, 1)), max_size=5),
)
def test_parts_tile_the_period(first, cuts):
    last = first + timedelta(days=400)
    known = [Agreement(version=n, in_force_from=day) for n, day in enumerate(sorted(cuts), start=1)]
    found = parts(known or [Agreement(version=1, in_force_from=date(2000, 1, 1))], first, last)
    assert [day for _v, start, end in found for day in days(start, end)] == list(days(first, last))


def test_forecast_follows_the_rate_so_far():
    assert (forecast(30, passed=10, total=20), forecast(0, passed=10, total=20), forecast(3, passed=0, total=20)) == (
        60,
        0,
        None,
    )


def test_months_are_whole_whatever_their_length():
    assert share_of_months(date(2028, 2, 1), date(2028, 2, 29)) == pytest.approx(1)
    assert share_of_months(date(2026, 11, 16), date(2026, 11, 30)) == pytest.approx(0.5)
    assert (next_month(date(2026, 12, 31)), month_before(date(2026, 1, 5))) == (date(2027, 1, 1), date(2025, 12, 1))
    assert (last_of(date(2028, 2, 3)), midnight(date(2026, 11, 1))) == (
        date(2028, 2, 29),
        datetime(2026, 10, 31, 17, 0, tzinfo=UTC),
    )


# --- read from the database ------------------------------------------------------------------------


def asked(at=NOW + 9 * DAY, **scope) -> Asked:
    return Asked(*NOVEMBER, at, **scope)


@pytest.fixture
def month(request):
    """Two accepted (one won), one discarded as wrong contact, one open; a late touch and a late decision."""
    request.getfixturevalue("db")
    rep = make_user(team=make_team("Miền Bắc"))
    good, won, fake, late = (make_handoff(source=s) for s in ("Zalo", "Zalo", "Facebook", "Facebook"))
    for handoff in (good, won, fake):
        log_call(handoff.lead_id, by=rep, at=NOW + HOUR, outcome="reached")
    accept(good, by=rep, at=NOW + HOUR)
    accept(won, by=rep, at=NOW + HOUR)
    move_status(won.lead_id, "hot", by=rep, at=NOW + 2 * HOUR)
    move_status(won.lead_id, "won", by=rep, at=NOW + 3 * HOUR, amount=100_000_000)
    decide(fake.lead_id, by=rep, at=NOW + HOUR, outcome="discard", reason="wrong_contact")
    sweep(at=NOW + 6 * DAY)
    return {"rep": rep, "good": good, "won": won, "fake": fake, "late": late}


@db
def test_figures_and_their_evidence(month):
    figures = figures_of(asked())
    assert (figures.offered, figures.judged, figures.qualified, figures.invalid) == (4, 3, 2, 1)
    assert (figures.accepted, figures.won) == (2, 1)
    assert (figures.kept, figures.broken) == ({"first_touch": 3, "decision": 3}, {"first_touch": 1, "decision": 1})
    rows = {code: set(evidence(asked(), code)) for code in Code}
    assert rows == {
        Code.VOLUME: {month["good"], month["won"]},
        Code.QUALIFIED: {month["fake"]},
        Code.INVALID: {month["fake"]},
        Code.PROCESS: {month["late"]},
        Code.LATE: {month["late"]},
        Code.CLOSING: {month["good"]},
    }
    with pytest.raises(NotFound):
        evidence(asked(), "nonsense")


@db
def test_figures_of_one_source_and_one_team(month):
    assert figures_of(asked(source="Zalo")).offered == 2
    assert figures_of(asked(source="Zalo")).broken == {}
    assert figures_of(asked(team=month["rep"].team_id)).offered == 4
    assert figures_of(asked(team=make_team().pk)) == Figures()


@db
def test_period_is_judged_by_the_version_in_force_then(month):
    Agreement.objects.create(
        version=2, in_force_from=date(2026, 11, 27), kept_rate=10, invalid_rate=100, mql_per_month=0
    )
    Agreement.objects.filter(version=1).update(mql_per_month=0, invalid_rate=50)
    found = responsibility(asked())
    assert [(j.agreement.version, j.who) for j in found.judgements] == [(1, Answers.SALES), (2, Answers.NOBODY)]
    assert [f.code for j in found.judgements for f in j.findings if f.kept is False] == [Code.PROCESS]
    assert found.who == Answers.SALES


@db
def test_volume_is_judged_once_the_month_is_over(month):
    running = responsibility(asked(at=NOW + DAY)).judgements[0].findings[0]
    over = responsibility(asked(at=NOW + 9 * DAY)).judgements[0].findings[0]
    assert (running.kept, over.kept, over.actual, over.promised) == (None, False, 2, pytest.approx(100))
    assert responsibility(asked(source="Zalo")).judgements[0].findings[0].kept is None


@db
def test_outlook_runs_on_at_the_rate_so_far(month):
    found = outlook(at=NOW + 7 * DAY)
    assert (found.count, found.promised) == (2, 100)
    assert found.expected == pytest.approx(2 * 20 / (19 + 2 * 60 / 510), rel=0.01)


@db
def test_feedback_that_is_late_counts_against_the_team(month):
    ask_for_feedback(at=NOW)
    ask_for_feedback(at=NOW + 9 * DAY)
    assert (figures_of(asked()).feedback_kept, figures_of(asked()).feedback_broken) == (0, 1)
    assert figures_of(asked(source="Zalo")).feedback_broken == 0
    assert figures_of(asked(team=make_team().pk)).feedback_broken == 0


@db
def test_feedback_given_in_time_is_a_promise_kept(month):
    ask_for_feedback(at=NOW)
    give_feedback(Feedback.objects.get().pk, by=month["rep"], at=NOW, good="Zalo tốt", stop="")
    ask_for_feedback(at=NOW + 9 * DAY)
    assert figures_of(asked(team=month["rep"].team_id)).feedback_kept == 1


@db
def test_month_is_closed_once_for_all_teams_and_sources(month):
    at = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
    count = close_month(at=at)
    assert count == Verdict.objects.count() == 1 + Team.objects.filter(side="sales").count() + 2
    log_call(month["late"].lead_id, by=month["rep"], at=at, outcome="reached")
    assert (close_month(at=at + DAY), Verdict.objects.count()) == (0, count)
    whole = Verdict.objects.get(team=None, source="")
    assert (whole.who, whole.month, len(whole.findings)) == ("both", date(2026, 11, 1), 6)
    assert Verdict.objects.get(source="Zalo").who == "nobody"


# --- disputes --------------------------------------------------------------------------------------


def clock_of(handoff):
    return Clock.objects.get(handoff=handoff, promise="first_touch")


@db
def test_dispute_that_is_right_takes_the_breach_out(month):
    clock, manager = clock_of(month["late"]), make_user(Role.SALES_MANAGER)
    dispute = dispute_breach(clock.pk, by=month["rep"], at=NOW + 7 * DAY, reason="Tổng đài hỏng")
    assert figures_of(asked()).broken["first_touch"] == 1
    decide_dispute(dispute.pk, right=True, by=manager, at=NOW + 8 * DAY, note="Đúng là hỏng")
    assert figures_of(asked()).broken == {"decision": 1}
    assert set(evidence(asked(), Code.PROCESS)) == set()
    said = Event.objects.filter(kind__startswith="sla.dispute").order_by("pk")
    assert [(e.kind, e.actor) for e in said] == [("sla.disputed", month["rep"]), ("sla.dispute_decided", manager)]


@db
def test_dispute_that_is_rejected_may_be_raised_again(month):
    clock, manager = clock_of(month["late"]), make_user(Role.MARKETING_MANAGER)
    dispute = dispute_breach(clock.pk, by=month["rep"], at=NOW, reason="Không phải tôi")
    with pytest.raises(Conflict):
        dispute_breach(clock.pk, by=month["rep"], at=NOW, reason="Lần nữa")
    decide_dispute(dispute.pk, right=False, by=manager, at=NOW, note="Có ghi nhận")
    assert figures_of(asked()).broken["first_touch"] == 1
    with pytest.raises(Conflict):
        decide_dispute(dispute.pk, right=True, by=manager, at=NOW, note="Đổi ý")
    dispute_breach(clock.pk, by=month["rep"], at=NOW, reason="Có bằng chứng mới")
    assert Dispute.objects.count() == 2


@db
def test_dispute_needs_a_reason_a_breach_and_another_manager(month):
    clock, manager = clock_of(month["late"]), make_user(Role.SALES_MANAGER)
    with pytest.raises(Invalid):
        dispute_breach(clock.pk, by=manager, at=NOW, reason=" ")
    with pytest.raises(NotFound):
        dispute_breach(0, by=manager, at=NOW, reason="x")
    with pytest.raises(Conflict):
        dispute_breach(clock_of(month["good"]).pk, by=manager, at=NOW, reason="x")
    dispute = dispute_breach(clock.pk, by=manager, at=NOW, reason="x")
    for judge_ in (manager, month["rep"]):
        with pytest.raises(Refused):
            decide_dispute(dispute.pk, right=True, by=judge_, at=NOW, note="y")
    with pytest.raises(Conflict):
        decide_dispute(0, right=True, by=manager, at=NOW, note="y")


@db
def test_verdict_is_disputed_too(month):
    close_month(at=NOW + 9 * DAY)
    verdict, by = Verdict.objects.get(team=None, source=""), make_user(Role.MARKETING_MANAGER)
    dispute = dispute_verdict(verdict.pk, by=by, at=NOW, reason="Thiếu ngày lễ")
    decided = decide_dispute(dispute.pk, right=True, by=make_user(Role.ADMIN), at=NOW, note="Đúng")
    assert decided.state == "upheld"
    with pytest.raises(NotFound):
        dispute_verdict(0, by=by, at=NOW, reason="x")


# --- pages -----------------------------------------------------------------------------------------


@db
@pytest.mark.parametrize("role", [Role.TEAM_LEAD, Role.MARKETER, Role.SALES_MANAGER])
def test_page_says_who_answers_and_opens_the_evidence(month, role, django_assert_max_num_queries):
    client, _user = as_role(role, **({"team": month["rep"].team} if role == Role.TEAM_LEAD else {}))
    close_month(at=NOW + 9 * DAY)
    with django_assert_max_num_queries(26):
        page = client.get("/responsibility/?month=2026-11")
    assert page.status_code == 200
    assert page.context["found"].who in {"sales", "both"}
    rows = client.get("/responsibility/rows/process/?month=2026-11")
    assert [h.pk for h in rows.context["page"].rows] == [month["late"].pk]
    assert client.get("/responsibility/rows/nonsense/?month=2026-11").status_code == 404
    assert client.get("/responsibility/rows/closing/?month=2020-01").context["count"] == 0
    assert client.get("/responsibility/").status_code == 200


@db
def test_breach_is_disputed_and_decided_on_pages(month):
    rep = enter(month["rep"])
    clock = clock_of(month["late"])
    assert len(rep.get(reverse("breaches")).context["page"].rows) == 2
    address = reverse("dispute_breach", args=[clock.pk])
    assert (rep.get(address).status_code, rep.post(address, {"reason": ""}).status_code) == (200, 422)
    assert "Đã khiếu nại" in rep.post(address, {"reason": "Nghỉ lễ"}, follow=True).content.decode()
    assert rep.get(reverse("disputes")).status_code == 403
    manager, _user = as_role(Role.SALES_MANAGER)
    assert "Nghỉ lễ" in manager.get(reverse("disputes")).content.decode()
    decide_ = reverse("dispute_decide", args=[Dispute.objects.get().pk])
    assert (manager.get(decide_).status_code, manager.post(decide_, {"right": "yes"}).status_code) == (200, 422)
    manager.post(decide_, {"right": "yes", "note": "Đúng"})
    assert Dispute.objects.get().state == "upheld"
    assert enter(make_user()).get(address).status_code == 404


@db
def test_verdict_is_disputed_from_its_page(month):
    close_month(at=NOW + 9 * DAY)
    client, _user = as_role(Role.MARKETING_MANAGER)
    assert reverse("dispute_verdict", args=[Verdict.objects.get(team=None, source="").pk]) in (
        client.get("/responsibility/?month=2026-11").content.decode()
    )
    address = reverse("dispute_verdict", args=[Verdict.objects.get(team=None, source="").pk])
    assert (client.get(address).status_code, client.post(address, {"reason": ""}).status_code) == (200, 422)
    client.post(address, {"reason": "Chưa công bằng"})
    assert "Chưa công bằng" in client.get("/responsibility/?month=2026-11").content.decode()
    assert "Chưa công bằng" in client.get(reverse("disputes")).content.decode()


@db
def test_task_keeps_the_weeks_once():
    make_user()
    first = keep_the_weeks()
    assert (first, keep_the_weeks()) == (
        {"asked": 1, "closed": 0, "audited": 0},
        {"asked": 0, "closed": 0, "audited": 0},
    )
    assert Feedback.objects.count() == 1
