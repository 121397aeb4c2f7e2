"""The week: feedback of the teams and Marketing's answer, and the call audits."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.enums import Role
from core.errors import Conflict, Invalid, NotFound, Refused
from leads.calls import log_call
from leads.models import Call
from sla.audits import choose, draw_last_week, draw_week, mismatches, review_call, sample
from sla.feedback import answer_feedback, ask_for_feedback, due_of, give_feedback, note_late
from sla.models import Agreement, AuditDraw, AuditedCall, Feedback
from sla.months import monday_of
from sla.office import add_special_day
from tests.factories import NOW, make_handoff, make_team, make_user
from tests.pages import as_role, enter

db = pytest.mark.django_db
MONDAY = date(2026, 11, 23)
NEXT = NOW + timedelta(days=7)
HOUR = timedelta(hours=1)


# --- feedback --------------------------------------------------------------------------------------


@db
def test_each_sales_team_with_people_is_asked_once_a_week():
    team = make_team()
    make_user(team=team)
    make_user(team=team)
    make_team()
    assert [ask_for_feedback(at=NOW), Feedback.objects.count()] == [1, 1]
    ask_for_feedback(at=NOW + timedelta(days=3))
    row = Feedback.objects.get()
    assert (row.team, row.week, row.due_at) == (team, MONDAY, datetime(2026, 11, 27, 10, 30, tzinfo=UTC))
    ask_for_feedback(at=NEXT)
    assert Feedback.objects.count() == 2


@db
def test_feedback_is_due_at_the_close_of_the_last_working_day_by_then():
    add_special_day(date(2026, 11, 27), name="Nghỉ", working=False, by=None, at=NOW)
    assert due_of(MONDAY) == datetime(2026, 11, 26, 10, 30, tzinfo=UTC)
    tet = date(2027, 2, 8)  # a whole week of Tết: the agreed day itself
    assert due_of(tet) == datetime(2027, 2, 12, 10, 30, tzinfo=UTC)


@db
def test_feedback_is_due_on_the_weekday_of_the_agreement_in_force():
    Agreement.objects.create(version=2, in_force_from=MONDAY, feedback_weekday=2)
    assert due_of(MONDAY) == datetime(2026, 11, 25, 10, 30, tzinfo=UTC)


@pytest.fixture
def asked(request):
    request.getfixturevalue("db")
    rep = make_user()
    ask_for_feedback(at=NOW)
    return Feedback.objects.get(), rep


def test_feedback_and_answer(asked):
    row, rep = asked
    given_ = give_feedback(row.pk, by=rep, at=NOW, good="Zalo gọi được hết", stop="Facebook nhiều số ảo")
    assert (given_.given_by, given_.breached_at) == (rep, None)
    again = give_feedback(row.pk, by=make_user(Role.SALES_MANAGER), at=NEXT, good="Sửa chữ", stop="")
    assert (again.given_by, again.given_at, again.breached_at) == (rep, NOW, None)
    marketer = make_user(Role.MARKETER)
    answered = answer_feedback(row.pk, by=marketer, at=NEXT, answer="Đã tắt chiến dịch")
    assert (answered.answered_by, answered.answer) == (marketer, "Đã tắt chiến dịch")
    with pytest.raises(Conflict):
        give_feedback(row.pk, by=rep, at=NEXT, good="Muộn", stop="")


def test_late_feedback_is_a_breach_at_its_due_time_whenever_noticed(asked):
    row, rep = asked
    assert [note_late(at=NEXT), note_late(at=NEXT), note_late(at=NOW)] == [1, 0, 0]
    row.refresh_from_db()
    assert row.breached_at == row.due_at
    assert give_feedback(row.pk, by=rep, at=NEXT, good="Muộn", stop="").breached_at == row.due_at


def test_late_feedback_nobody_noticed_before_is_the_same_breach(asked):
    row, rep = asked
    assert give_feedback(row.pk, by=rep, at=NEXT, good="Muộn", stop="").breached_at == row.due_at


def test_feedback_is_the_teams_and_the_answer_marketings(asked):
    row, rep = asked
    for by in (make_user(), make_user(Role.MARKETER)):
        with pytest.raises(Refused):
            give_feedback(row.pk, by=by, at=NOW, good="x", stop="")
    with pytest.raises(Invalid):
        give_feedback(row.pk, by=rep, at=NOW, good=" ", stop="")
    marketer = make_user(Role.MARKETER)
    with pytest.raises(Conflict):
        answer_feedback(row.pk, by=marketer, at=NOW, answer="x")
    give_feedback(row.pk, by=rep, at=NOW, good="x", stop="")
    with pytest.raises(Refused):
        answer_feedback(row.pk, by=rep, at=NOW, answer="x")
    with pytest.raises(Invalid):
        answer_feedback(row.pk, by=marketer, at=NOW, answer="")
    with pytest.raises(NotFound):
        give_feedback(0, by=rep, at=NOW, good="x", stop="")


@db
def test_week_is_talked_over_on_its_page(django_assert_max_num_queries):
    rep = make_user()
    ask_for_feedback(at=timezone.now())
    row, client = Feedback.objects.get(), enter(rep)
    for n in range(3):
        log_call(
            make_handoff(at=timezone.now(), name=f"Khách {n}").lead_id, by=rep, at=timezone.now(), outcome="reached"
        )
    address = reverse("feedback_week", args=[row.pk])
    with django_assert_max_num_queries(12):
        assert "Khách 2" in client.get(address).content.decode()
    assert f'data-keep="feedback-{row.pk}"' in client.get(address).content.decode()  # no other week's words
    assert client.post(address, {"good": "", "stop": ""}).status_code == 422
    client.post(address, {"good": "Khách nghe máy", "stop": "Số ảo"})
    marketing, _user = as_role(Role.MARKETING_MANAGER)
    assert "Khách nghe máy" in marketing.get(address).content.decode()
    assert f'data-keep="feedback-answer-{row.pk}"' in marketing.get(address).content.decode()
    assert marketing.post(address, {"answer": ""}).status_code == 422
    marketing.post(address, {"answer": "Sẽ lọc số"})
    page = client.get(reverse("feedback")).content.decode()
    assert ("Đã trả lời" in page, "Sẽ lọc số" in client.get(address).content.decode()) == (True, True)
    stranger = enter(make_user())
    assert stranger.get(address).status_code == 404
    assert list(stranger.get(reverse("feedback")).context["page"].rows) == []


# --- audits ----------------------------------------------------------------------------------------


CALLS = st.dictionaries(st.integers(1, 5), st.lists(st.integers(1, 200), unique=True, max_size=12), max_size=4)


@given(seed=st.text(max_size=8), calls=CALLS, per_rep=st.integers(0, 6))
def test_sample_is_repeated_by_its_seed_and_never_too_large(seed, calls, per_rep):
    chosen = choose(seed, calls, per_rep=per_rep)
    assert chosen == choose(seed, {rep: ids[::-1] for rep, ids in reversed(calls.items())}, per_rep=per_rep)
    assert {rep: len(ids) for rep, ids in chosen.items()} == {r: min(per_rep, len(i)) for r, i in calls.items()}
    assert all(set(ids) <= set(calls[rep]) for rep, ids in chosen.items())


def test_another_seed_draws_another_sample():
    calls = {1: list(range(100))}
    assert choose("a", calls, per_rep=5) != choose("b", calls, per_rep=5)


@pytest.fixture
def week(request):
    """Two reps of a team, eight calls each, the week before NEXT."""
    request.getfixturevalue("db")
    team = make_team()
    reps = [make_user(team=team), make_user(team=team)]
    for rep in reps:
        for n in range(8):
            log_call(make_handoff().lead_id, by=rep, at=NOW + n * HOUR, outcome="no_answer")
    return reps


def test_week_is_drawn_once_and_can_be_drawn_again_from_its_seed(week):
    draw = draw_week(MONDAY, seed="hạt giống", at=NEXT)
    drawn = {rep.pk: sorted(AuditedCall.objects.filter(rep=rep).values_list("call", flat=True)) for rep in week}
    assert (sample(draw), {len(ids) for ids in drawn.values()}) == (drawn, {5})
    assert draw_last_week(seed="khác", at=NEXT + timedelta(days=2)) == draw
    assert AuditDraw.objects.count() == 1
    with pytest.raises(Invalid):
        draw_week(date(2026, 11, 30), seed="x", at=NEXT)


def test_sample_leaves_out_calls_of_other_weeks_and_of_nobody(week):
    log_call(make_handoff().lead_id, by=week[0], at=NEXT, outcome="no_answer")
    log_call(make_handoff().lead_id, by=None, at=NOW, outcome="no_answer")
    Agreement.objects.update(audit_calls=50)
    draw = draw_week(MONDAY, seed="x", at=NEXT)
    told_later = log_call(make_handoff().lead_id, by=week[0], at=NEXT, occurred_at=NOW, outcome="no_answer")
    assert {rep: len(ids) for rep, ids in sample(draw).items()} == {rep.pk: 8 for rep in week}
    assert (Call.objects.count(), told_later.occurred_at) == (19, NOW)


@db
def test_week_without_calls_is_not_drawn():
    assert (draw_last_week(seed="x", at=NEXT), AuditDraw.objects.count()) == (None, 0)


def test_review_is_given_once_and_counts_into_the_mismatch_rate(week):
    draw_week(MONDAY, seed="x", at=NEXT)
    lead = make_user(Role.TEAM_LEAD, team=week[0].team)
    mine = list(AuditedCall.objects.filter(rep=week[0]))
    review_call(mine[0].pk, right=False, note="Không có cuộc gọi này", by=lead, at=NEXT)
    review_call(mine[1].pk, right=True, note="", by=lead, at=NEXT)
    review_call(AuditedCall.objects.filter(rep=week[1])[0].pk, right=True, note="", by=lead, at=NEXT)
    found = mismatches(since=NOW, until=NEXT + HOUR)
    assert [(m.rep, m.reviewed, m.wrong, m.rate) for m in found] == [(week[0], 2, 1, 0.5), (week[1], 1, 0, 0.0)]
    assert mismatches(since=NOW, until=NEXT + HOUR, team=make_team().pk) == []
    with pytest.raises(Conflict):
        review_call(mine[0].pk, right=True, note="", by=lead, at=NEXT)


def test_review_is_not_for_the_rep_nor_for_another_team(week):
    draw_week(MONDAY, seed="x", at=NEXT)
    row = AuditedCall.objects.filter(rep=week[0])[0]
    for by in (week[0], week[1], make_user(Role.TEAM_LEAD), make_user(Role.MARKETER)):
        with pytest.raises(Refused):
            review_call(row.pk, right=True, note="", by=by, at=NEXT)
    manager = make_user(Role.SALES_MANAGER)
    with pytest.raises(Invalid):
        review_call(row.pk, right=False, note=" ", by=manager, at=NEXT)
    with pytest.raises(NotFound):
        review_call(0, right=True, note="", by=manager, at=NEXT)


def test_calls_are_reviewed_on_pages(week, django_assert_max_num_queries):
    draw_week(MONDAY, seed="hạt", at=NEXT)
    client = enter(make_user(Role.TEAM_LEAD, team=week[0].team))
    with django_assert_max_num_queries(12):
        page = client.get(reverse("audits"))
    assert (len(page.context["found"]), "hạt" in page.content.decode()) == (10, True)
    address = reverse("audit_review", args=[AuditedCall.objects.first().pk])
    assert (client.get(address).status_code, client.post(address, {"right": "no"}).status_code) == (200, 422)
    client.post(address, {"right": "no", "note": "Số máy khác"})
    assert "Số máy khác" in client.get(address).content.decode()
    assert as_role(Role.TEAM_LEAD)[0].get(address).status_code == 404
    assert enter(week[0]).get(reverse("audits")).status_code == 403


def test_drawn_calls_are_found_by_state_rep_and_lead(week):
    draw_week(MONDAY, seed="hạt", at=NEXT)
    draw_week(date(2026, 11, 16), seed="trước", at=NEXT)
    client = enter(make_user(Role.SALES_MANAGER))
    one = AuditedCall.objects.filter(rep=week[0])[0]
    review_call(one.pk, right=False, note="Không gọi", by=make_user(Role.SALES_MANAGER), at=NEXT)

    def found(**asked):
        return [row.pk for row in client.get(reverse("audits"), asked).context["found"]]

    assert (len(found()), len(found(state="all")), found(state="wrong"), found(state="right")) == (9, 10, [one.pk], [])
    assert {AuditedCall.objects.get(pk=pk).rep for pk in found(rep=week[1].pk)} == {week[1]}
    assert found(state="all", q=one.call.lead.phone) == [one.pk]
    assert found(state="nothing") == found()
    page = client.get(reverse("audits"), {"q": "không ai"})
    assert (page.context["found"].count(), "Không có gì phù hợp" in page.content.decode()) == (0, True)


@db
def test_samples_are_listed_newest_first():
    for week in (MONDAY - timedelta(days=7), MONDAY, MONDAY - timedelta(days=14)):
        AuditDraw.objects.create(week=week, seed="x", per_rep=5, last_call=0, drawn_at=NEXT)
    draws = as_role(Role.SALES_MANAGER)[0].get(reverse("audits")).context["draws"]
    assert [draw.week for draw in draws] == [MONDAY - n * timedelta(days=7) for n in range(3)]


def test_weeks_are_found_by_state_team_and_words(asked, django_assert_max_num_queries):
    row, rep = asked
    other = make_user(team=make_team(name="Đội Hai"))
    ask_for_feedback(at=NOW)
    give_feedback(row.pk, by=rep, at=NOW, good="Zalo gọi được hết", stop="")
    client = enter(make_user(Role.MARKETING_MANAGER))

    def found(**asked_):
        return [r.team for r in client.get(reverse("feedback"), asked_).context["page"].rows]

    assert (len(found()), found(state="waiting"), found(state="given")) == (2, [other.team], [rep.team])
    assert (found(team=other.team_id), found(q="zalo"), found(state="late")) == ([other.team], [rep.team], [])
    answer_feedback(row.pk, by=make_user(Role.MARKETER), at=NOW, answer="Sẽ tăng ngân sách")
    assert (found(state="answered"), found(q="ngân sách"), len(found(team="x"))) == ([rep.team], [rep.team], 2)
    own = enter(rep).get(reverse("feedback"), {"team": other.team_id})
    assert ([r.team for r in own.context["page"].rows], "team" in own.context["form"].fields) == ([rep.team], False)
    with django_assert_max_num_queries(8):
        client.get(reverse("feedback"))


def test_monday_of_a_sunday_is_six_days_before():
    assert monday_of(date(2026, 11, 29)) == MONDAY
