"""Who is told of the agreement, the weeks, verdicts, the bonus and audits: delivery rows, each exactly once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Notice
from core.errors import Conflict
from leads.models import Handoff
from notifications.models import Delivery
from sla.agreements import versions
from sla.audits import review_call
from sla.bonus import approve, correct
from sla.disputes import decide_dispute, dispute_verdict
from sla.drafting import edit_draft, open_draft, sign_draft
from sla.feedback import answer_feedback, ask_for_feedback, give_feedback, note_late
from sla.models import Agreement, Feedback, Verdict
from sla.news import among, leads_of, say_feedback_due, say_in_force
from sla.tasks import sweep_clocks
from tests.factories import NOW, accept, make_handoff, make_team, make_user
from tests.pages import as_role, enter
from tests.sla.agreed import audited

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DUE = datetime(2026, 11, 27, 10, 30, tzinfo=UTC)  # Friday, the close of business
DECEMBER = datetime(2026, 12, 2, 3, 0, tzinfo=UTC)


def told(kind, channel="app"):
    return list(
        Delivery.objects.filter(kind=kind, channel=channel).order_by("recipient").values_list("recipient", flat=True)
    )


@pytest.fixture
def house():
    team = make_team(name="Đội Một")
    return {
        "marketing": make_user(Role.MARKETING_MANAGER),
        "sales": make_user(Role.SALES_MANAGER),
        "marketer": make_user(Role.MARKETER),
        "rep": make_user(team=team),
        "lead": make_user(Role.TEAM_LEAD, team=team, on_duty=False),
        "admin": make_user(Role.ADMIN),
    }


def everybody(house):
    return sorted(user.pk for user in house.values())


# --- the agreement -----------------------------------------------------------------------------------


@pytest.fixture
def signed_by_marketing(house):
    open_draft(by=house["marketing"], at=NOW)
    draft = edit_draft(terms={"in_force_from": date(2026, 12, 1)}, revision=1, by=house["marketing"], at=NOW)
    return sign_draft(revision=draft.revision, by=house["marketing"], at=NOW)


def test_the_first_signature_is_the_other_sides_turn(house, signed_by_marketing):
    assert told("agreement.waits") == told("agreement.waits", "email") == [house["sales"].pk]
    notice = Notice.objects.get()
    assert (notice.path, notice.actor) == (reverse("agreement_version", args=[2]), house["marketing"])
    assert notice.properties == {"version": 2, "in_force_from": "2026-12-01"}


def test_signing_the_same_text_again_is_refused_and_tells_nobody_again(house, signed_by_marketing):
    with pytest.raises(Conflict):
        sign_draft(revision=signed_by_marketing.revision, by=house["marketing"], at=NOW + HOUR)
    assert told("agreement.waits") == [house["sales"].pk]


def test_an_edit_makes_it_another_text_to_sign(house, signed_by_marketing):
    draft = edit_draft(terms={"mql_per_month": 90}, revision=2, by=house["sales"], at=NOW)
    sign_draft(revision=draft.revision, by=house["sales"], at=NOW)
    assert told("agreement.waits") == sorted([house["sales"].pk, house["marketing"].pk])


def test_both_signatures_are_everybodys_news_and_read_by_who_gave_the_last(house, signed_by_marketing):
    sign_draft(revision=2, by=house["sales"], at=NOW + HOUR)
    assert told("agreement.signed") == everybody(house)
    assert Delivery.objects.get(kind="agreement.signed", read_at__isnull=False).recipient == house["sales"]


def test_a_version_comes_into_force_at_its_first_midnight_whenever_that_is_noticed(house, signed_by_marketing):
    sign_draft(revision=2, by=house["sales"], at=NOW + HOUR)
    assert say_in_force(at=NOW + DAY) == 0  # the first version holds, and nobody signed that
    assert [say_in_force(at=NOW + 20 * DAY), say_in_force(at=NOW + 21 * DAY)] == [1, 0]
    assert told("agreement.in_force") == everybody(house)
    midnight = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)
    assert Notice.objects.get(kind="agreement.in_force").at == midnight
    assert {row.created_at for row in Delivery.objects.filter(kind="agreement.in_force")} == {NOW + 20 * DAY}


def test_a_version_signed_on_its_first_day_holds_from_the_signature(house):
    version = versions()[0]
    signed = {"signed_by_sales": house["sales"], "signed_by_marketing": house["marketing"]}
    times = {"sales_signed_at": NOW + HOUR, "marketing_signed_at": NOW}
    Agreement.objects.create(version=version.version + 1, in_force_from=date(2026, 11, 23), **signed, **times)
    say_in_force(at=NOW + 2 * HOUR)
    assert Notice.objects.get().at == NOW + HOUR


# --- the week ----------------------------------------------------------------------------------------


@pytest.fixture
def week(house):
    ask_for_feedback(at=NOW)
    return Feedback.objects.get()


def test_feedback_warns_at_half_and_most_of_its_business_time(house, week):
    assert [say_feedback_due(at=NOW), told("feedback.due")] == [0, []]
    assert [say_feedback_due(at=DUE - 2 * DAY), say_feedback_due(at=DUE - 2 * DAY + HOUR)] == [1, 0]
    assert say_feedback_due(at=DUE - HOUR) == 1
    assert told("feedback.due") == [house["lead"].pk] * 2
    # Tuesday is a public holiday. Four days of 8.5 hours: half is Wednesday's close, four fifths Friday at 9:42.
    times = list(Notice.objects.order_by("at").values_list("key", "at"))
    assert times == [
        (f"{week.pk}.50", datetime(2026, 11, 25, 10, 30, tzinfo=UTC)),
        (f"{week.pk}.80", datetime(2026, 11, 27, 2, 42, tzinfo=UTC)),
    ]


def test_a_warning_missed_altogether_is_skipped(week):
    say_feedback_due(at=DUE - HOUR)
    assert Notice.objects.get().key == f"{week.pk}.80"


def test_late_feedback_goes_up_and_the_time_is_the_due_time(house, week):
    note_late(at=DUE + DAY)
    assert [say_feedback_due(at=DUE + DAY), say_feedback_due(at=DUE + 2 * DAY)] == [1, 0]
    assert told("feedback.late") == sorted([house["lead"].pk, house["sales"].pk])
    notice = Notice.objects.get()
    assert (notice.at, notice.path) == (DUE, reverse("feedback_week", args=[week.pk]))
    assert notice.properties == {"team_name": "Đội Một", "week": "2026-11-23", "due_at": DUE.isoformat()}


def test_feedback_late_for_longer_than_four_weeks_is_no_news(week):
    assert say_feedback_due(at=DUE + 28 * DAY + HOUR) == 0


def test_given_feedback_warns_nobody_and_tells_marketing_once(house, week):
    give_feedback(week.pk, by=house["rep"], at=NOW, good="Zalo", stop="")
    give_feedback(week.pk, by=house["rep"], at=NOW + HOUR, good="Zalo và form", stop="")
    assert say_feedback_due(at=DUE + DAY) == 0
    assert told("feedback.given") == sorted([house["marketing"].pk, house["marketer"].pk])


def test_the_answer_goes_to_who_gave_it_and_the_team_lead(house, week):
    give_feedback(week.pk, by=house["rep"], at=NOW, good="Zalo", stop="")
    answer_feedback(week.pk, by=house["marketer"], at=NOW, answer="Cảm ơn")
    answer_feedback(week.pk, by=house["marketer"], at=NOW, answer="Cảm ơn nhiều")
    assert told("feedback.answered") == sorted([house["rep"].pk, house["lead"].pk])


def test_a_team_without_lead_is_the_sales_managers_matter(house):
    house["lead"].is_active = False
    house["lead"].save()
    ask_for_feedback(at=NOW)
    say_feedback_due(at=DUE - HOUR)
    assert told("feedback.due") == [house["sales"].pk]


def test_feedback_of_many_teams_asks_as_often_as_of_one(house, week, django_assert_num_queries):
    for name in ("Đội Hai", "Đội Ba"):
        make_user(team=make_team(name=name))
    with django_assert_num_queries(4):  # the rows, the people, hours and closed days
        assert say_feedback_due(at=NOW) == 0
    ask_for_feedback(at=NOW)
    with django_assert_num_queries(4):
        assert say_feedback_due(at=NOW) == 0
    assert say_feedback_due(at=DUE) == 3
    assert told("feedback.late") == sorted([house["lead"].pk] + [house["sales"].pk] * 3)


def test_feedback_nobody_owes_is_one_question(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert say_feedback_due(at=NOW) == 0


def test_the_beat_says_what_has_come(house, week):
    sweep_clocks()
    assert set(Notice.objects.values_list("kind", flat=True)) <= {"feedback.due", "feedback.late"}


# --- verdicts, bonus, audits -------------------------------------------------------------------------


@pytest.fixture
def dispute(house):
    verdict = Verdict.objects.create(
        month=date(2026, 10, 1), team=house["lead"].team, who="sales", findings=[], closed_at=NOW
    )
    return dispute_verdict(verdict.pk, by=house["marketing"], at=NOW, reason="Thiếu ngày lễ")


def test_a_disputed_verdict_waits_for_the_other_managers(house, dispute):
    assert told("verdict.disputed") == [house["sales"].pk]
    assert Notice.objects.get().path == reverse("dispute_decide", args=[dispute.pk])


def test_the_decision_goes_back_to_who_raised_it_and_to_the_team(house, dispute):
    decide_dispute(dispute.pk, right=False, by=house["sales"], at=NOW + HOUR, note="Đã tính")
    assert told("verdict.dispute_decided") == sorted([house["marketing"].pk, house["lead"].pk])
    notice = Notice.objects.get(kind="verdict.dispute_decided")
    assert notice.path == "/responsibility/?month=2026-10"
    assert notice.properties == {"month": "2026-10-01", "team_name": "Đội Một", "source": "", "state": "rejected"}


def test_the_decision_on_everybodys_verdict_goes_to_who_raised_it(house):
    verdict = Verdict.objects.create(month=date(2026, 10, 1), who="both", findings=[], closed_at=NOW)
    raised = dispute_verdict(verdict.pk, by=house["marketing"], at=NOW, reason="Thiếu ngày lễ")
    decide_dispute(raised.pk, right=True, by=house["sales"], at=NOW, note="Đúng")
    assert told("verdict.dispute_decided") == [house["marketing"].pk]


def test_an_approved_and_a_corrected_bonus_are_the_persons_news(house):
    accept(make_handoff(), by=house["rep"], at=NOW + HOUR)
    statement = approve(date(2026, 11, 1), house["rep"], by=house["sales"], at=DECEMBER)
    assert told("bonus.approved") == [house["rep"].pk]
    assert correct(statement.pk, by=house["sales"], at=DECEMBER) == 0
    Handoff.objects.update(owner=house["lead"])
    assert correct(statement.pk, by=house["sales"], at=DECEMBER) == 1
    assert told("bonus.corrected") == [house["rep"].pk]
    paths = set(Notice.objects.values_list("path", flat=True))
    assert paths == {f"/bonus/{house['rep'].pk}/?month=2026-11"}


def test_a_reviewed_call_is_the_reps_news_and_its_page_opens_without_the_phone(house):
    row = audited()
    address = reverse("audit_review", args=[row.pk])
    assert enter(row.rep).get(address).status_code == 404
    review_call(row.pk, right=False, note="Không có đoạn ghi âm", by=house["sales"], at=NOW)
    assert told("audit.reviewed") == [row.rep_id]
    assert Notice.objects.get(kind="audit.reviewed").properties == {"week": "2026-11-23", "right": False}
    page = enter(row.rep).get(address)
    shown = (page.status_code, "Không có đoạn ghi âm" in page.text, 'name="right"' in page.text)
    assert shown == (200, True, False)
    assert "phone" not in page.text.split('<dl class="facts">')[1].split("</dl>")[0]


def test_the_review_of_somebody_elses_call_is_not_there(house):
    row = audited()
    review_call(row.pk, right=True, note="", by=house["sales"], at=NOW)
    client, _other = as_role(Role.REP)
    assert client.get(reverse("audit_review", args=[row.pk])).status_code == 404


# --- who ---------------------------------------------------------------------------------------------


def test_administrators_stand_in_only_where_there_is_nobody_else(house):
    assert sorted(among({Role.SALES_MANAGER, Role.ADMIN})) == [house["sales"].pk]
    assert among({Role.ADMIN}) == [house["admin"].pk]


def test_no_team_has_no_lead(house):
    assert (leads_of(None), leads_of(house["lead"].team_id)) == ([], [house["lead"].pk])
