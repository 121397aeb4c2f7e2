"""One quarrel, told by the app: Marketing over-promises in August, Sales is late in September.

Everything goes through the acts with explicit times; the verdicts, their evidence and the bonus follow by themselves.
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.enums import Role
from leads.calls import log_call
from leads.decisions import decide
from leads.models import Handoff
from leads.moves import move_status
from sla.bonus import approve, due_lines
from sla.disputes import decide_dispute, dispute_breach
from sla.drafting import edit_draft, open_draft, sign_draft
from sla.enums import Answers
from sla.feedback import answer_feedback, ask_for_feedback, give_feedback
from sla.models import BonusLine, Clock, Feedback, Verdict
from sla.responsibility import Asked, close_month, evidence, responsibility
from sla.statements import month_of_bonus
from sla.sweep import sweep
from sla.verdicts import Code
from tests.factories import accept, make_handoff, make_team, make_user

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
JULY = datetime(2026, 7, 28, 3, 0, tzinfo=UTC)
AUGUST, SEPTEMBER = date(2026, 8, 1), date(2026, 9, 1)


def morning(month: int, day: int) -> datetime:
    """10:00 in Ho Chi Minh City, a working day in these tests."""
    return datetime(2026, month, day, 3, 0, tzinfo=UTC)


@pytest.fixture
def house():
    team = make_team("Miền Bắc")
    return {
        "rep": make_user(team=team, full_name="Trần Huy", capacity=500),
        "lead": make_user(Role.TEAM_LEAD, team=team, full_name="Lê Bình", on_duty=False),
        "marketer": make_user(Role.MARKETER, full_name="Phạm Hà"),
        "marketing": make_user(Role.MARKETING_MANAGER),
        "sales": make_user(Role.SALES_MANAGER),
    }


def agree(house) -> None:
    """Marketing promises 8 qualified hand-offs a month and 60 % quality; both managers sign."""
    open_draft(by=house["marketing"], at=JULY)
    terms = {"in_force_from": AUGUST, "mql_per_month": 8, "qualified_rate": 60, "note": "Quý 3"}
    draft = edit_draft(terms=terms, revision=1, by=house["marketing"], at=JULY)
    for manager in (house["marketing"], house["sales"]):
        sign_draft(revision=draft.revision, by=manager, at=JULY)


def good(house, at: datetime, *, source: str, late: timedelta = HOUR) -> Handoff:
    handoff = make_handoff(at=at, source=source)
    log_call(handoff.lead_id, by=house["rep"], at=at + late, outcome="reached")
    return accept(handoff, by=house["rep"], at=at + late + HOUR)


def fake(house, at: datetime) -> Handoff:
    handoff = make_handoff(at=at, source="Facebook")
    log_call(handoff.lead_id, by=house["rep"], at=at + HOUR, outcome="wrong_number")
    return decide(handoff.lead_id, by=house["rep"], at=at + 2 * HOUR, outcome="discard", reason="wrong_contact")


def august(house) -> list[Handoff]:
    """Marketing buys cheap leads: ten hand-offs, six of them with wrong numbers. Sales calls them all in time."""
    ask_for_feedback(at=morning(8, 3))
    bad = [fake(house, morning(8, day)) for day in (3, 4, 5, 6, 7, 10)]
    won = [good(house, morning(8, day), source="Zalo") for day in (11, 12, 13, 14)]
    move_status(won[0].lead_id, "hot", by=house["rep"], at=morning(8, 17))
    move_status(won[0].lead_id, "won", by=house["rep"], at=morning(8, 20), amount=300_000_000)
    row = Feedback.objects.get(week=date(2026, 8, 3))
    give_feedback(row.pk, by=house["rep"], at=morning(8, 6), good="Zalo nghe máy", stop="Facebook toàn số ảo")
    answer_feedback(row.pk, by=house["marketer"], at=morning(8, 7), answer="Tắt chiến dịch Facebook từ mai")
    return bad


def september(house) -> list[Handoff]:
    """The leads are good now, nine of them; Sales lets four wait a day and forgets the feedback."""
    ask_for_feedback(at=morning(9, 7))
    for day in (3, 4, 7, 8, 9):
        good(house, morning(9, day), source="Zalo")
    late = [good(house, morning(9, day), source="Zalo", late=DAY) for day in (14, 15, 16, 17)]
    sweep(at=morning(9, 30))
    ask_for_feedback(at=morning(9, 30))
    return late


def test_the_quarrel_is_told_by_the_app(house):
    agree(house)
    bad = august(house)
    close_month(at=morning(9, 1))
    late = september(house)
    close_month(at=morning(10, 1))

    # August: Sales kept everything, the leads were below the commitment.
    told = responsibility(Asked(AUGUST, date(2026, 8, 31), morning(9, 1)))
    (first,) = told.judgements
    broken = {f.code: (f.actual, f.promised) for f in first.findings if f.kept is False}
    assert (told.who, first.agreement.version) == (Answers.MARKETING, 2)
    assert broken == {Code.VOLUME: (4, pytest.approx(8)), Code.QUALIFIED: (0.4, 0.6), Code.INVALID: (0.6, 0.2)}
    assert set(evidence(told.asked, Code.INVALID)) == set(bad)

    # September: the leads were good; Sales came late, gave no feedback, and let the care of three August leads run out.
    told = responsibility(Asked(SEPTEMBER, date(2026, 9, 30), morning(10, 1)))
    (second,) = told.judgements
    assert (told.who, {f.code for f in second.findings if f.kept is False}) == (
        Answers.SALES,
        {Code.PROCESS, Code.LATE},
    )
    assert (second.figures.kept["first_touch"], second.figures.broken["first_touch"]) == (5, 4)
    assert second.figures.feedback_broken >= 1
    assert set(evidence(told.asked, Code.PROCESS)) == set(late)
    cared = evidence(told.asked, Code.LATE)
    assert {(h.offered_at.month, h.outcome, h.won_at) for h in cared} == {(8, "accepted", None)}
    assert cared.count() == 3

    # What was closed says the same, per team and per source.
    closed = {(v.month.month, v.team and v.team.name, v.source): v.who for v in Verdict.objects.all()}
    assert closed == {
        (8, None, ""): "marketing",
        (8, "Miền Bắc", ""): "marketing",
        (8, None, "Facebook"): "marketing",
        (8, None, "Zalo"): "nobody",
        (9, None, ""): "sales",
        (9, "Miền Bắc", ""): "sales",
        (9, None, "Zalo"): "sales",
    }


def test_each_breach_of_the_quarrel_names_the_rep_and_a_dispute_clears_one(house):
    agree(house)
    september(house)
    breaches = Clock.objects.filter(breached_at__isnull=False, promise="first_touch").order_by("due_at")
    assert {(b.breach_owner, b.breach_segment) for b in breaches} == {(house["rep"], "rep")}
    dispute = dispute_breach(breaches[0].pk, by=house["rep"], at=morning(10, 1), reason="Mất điện cả toà nhà")
    decide_dispute(dispute.pk, right=True, by=house["sales"], at=morning(10, 2), note="Ban quản lý xác nhận")
    told = responsibility(Asked(SEPTEMBER, date(2026, 9, 30), morning(10, 2)))
    assert told.judgements[0].figures.broken["first_touch"] == 3
    assert told.who == Answers.SALES


def test_the_bonus_of_the_quarrel_opens_into_its_hand_offs(house):
    agree(house)
    august(house)
    september(house)
    statement = approve(AUGUST, house["rep"], by=house["sales"], at=morning(9, 2))
    (mine,) = month_of_bonus(AUGUST, only=house["rep"])
    assert mine.total == 4 * 50_000 + 6_000_000  # four accepted, 2 % of 300 million, no breach
    (theirs,) = month_of_bonus(AUGUST, only=house["marketer"])
    assert theirs.total == 4 * 30_000 + 1_500_000 - 6 * 10_000  # four qualified, 0,5 %, six wrong numbers
    lines = BonusLine.objects.filter(statement=statement)
    assert {line.handoff.owner for line in lines} == {house["rep"]}
    owed = {due.kind.value for due in due_lines(SEPTEMBER)[house["rep"].pk]}
    assert owed == {"accepted", "breach"}
    (september_,) = month_of_bonus(SEPTEMBER, only=house["rep"])
    assert (september_.earned, september_.taken_off) == (9 * 50_000, -7 * 20_000)
