"""The bonus: what a month owes, frozen when approved, corrected by lines of its own."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.enums import Role
from core.errors import Conflict, Invalid, NotFound
from leads.calls import log_call
from leads.decisions import decide
from leads.moves import move_status
from sla import wording
from sla.audits import draw_week, review_call
from sla.bonus import (
    RATES,
    approve,
    approve_all,
    correct,
    differences,
    due_lines,
    new_plan,
    plan_for,
    remove_plan,
    share_out,
)
from sla.disputes import decide_dispute, dispute_breach
from sla.forms.accounts import AskForm, PlanForm, month_named, month_of
from sla.models import AuditedCall, BonusLine, BonusPlan, BonusStatement, Clock
from sla.statements import by_kind, month_of_bonus
from sla.sweep import sweep
from tests.factories import NOW, accept, make_handoff, make_user
from tests.pages import as_role, enter

NOVEMBER = date(2026, 11, 1)
DECEMBER = datetime(2026, 12, 2, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def month(request):
    """One contract of 100 million, one invalid lead, one late first touch; two marketers."""
    request.getfixturevalue("db")
    rep, marketers = make_user(), [make_user(Role.MARKETER) for _n in range(2)]
    won, fake, late = (make_handoff() for _n in range(3))
    for handoff in (won, fake):
        log_call(handoff.lead_id, by=rep, at=NOW + HOUR, outcome="reached")
    accept(won, by=rep, at=NOW + HOUR)
    move_status(won.lead_id, "hot", by=rep, at=NOW + 2 * HOUR)
    move_status(won.lead_id, "won", by=rep, at=NOW + 3 * HOUR, amount=100_000_001)
    decide(fake.lead_id, by=rep, at=NOW + HOUR, outcome="discard", reason="wrong_contact")
    sweep(at=NOW + 3 * HOUR)
    return {"rep": rep, "marketers": marketers, "won": won, "fake": fake, "late": late}


def amounts(person) -> list[tuple[str, int]]:
    return sorted((due.kind.value, due.amount) for due in due_lines(NOVEMBER).get(person.pk, []))


def test_month_owes_the_rep_and_the_marketers(month):
    assert amounts(month["rep"]) == [("accepted", 50_000), ("breach", -20_000), ("revenue", 2_000_000)]
    first, second = (amounts(marketer) for marketer in month["marketers"])
    assert first == second == [("invalid", -5_000), ("qualified", 15_000), ("revenue", 250_000)]
    assert due_lines(date(2026, 10, 1)) == {}


def test_every_amount_names_its_hand_off(month):
    lines = {due.kind.value: due for due in due_lines(NOVEMBER)[month["rep"].pk]}
    assert {k: d.handoff_id for k, d in lines.items()} == {
        "accepted": month["won"].pk, "revenue": month["won"].pk, "breach": month["late"].pk,
    }  # fmt: skip
    assert (lines["revenue"].base, lines["breach"].subject) == (
        100_000_001,
        Clock.objects.get(breached_at__isnull=False).pk,
    )


def test_a_penalty_names_the_promise_broken_before_and_after_the_approval(month):
    def broken() -> list[str]:
        (mine,) = month_of_bonus(NOVEMBER, only=month["rep"])
        return [str(item.about) for item in mine.items if item.about]

    assert broken() == ["Chạm lần đầu"]
    approve(NOVEMBER, month["rep"], by=make_user(Role.SALES_MANAGER), at=DECEMBER)
    assert broken() == ["Chạm lần đầu"]
    page = enter(month["rep"]).get(f"/bonus/{month['rep'].pk}/?month=2026-11").content.decode()
    assert "Chạm lần đầu" in page


def test_without_marketers_nobody_gets_their_part(month):
    for marketer in month["marketers"]:
        marketer.is_active = False
        marketer.save()
    assert set(due_lines(NOVEMBER)) == {month["rep"].pk}


def test_calls_logged_wrongly_take_something_off(month):
    draw_week(NOW.date(), seed="x", at=NOW + timedelta(days=7))
    row = AuditedCall.objects.first()
    review_call(row.pk, right=False, note="Không gọi", by=make_user(Role.ADMIN), at=NOW + timedelta(days=7))
    assert ("audit", -20_000) in amounts(month["rep"])


@given(amount=st.integers(-(10**12), 10**12), count=st.integers(1, 30))
def test_shares_add_up_to_the_dong_and_differ_by_one_at_most(amount, count):
    parts = [part for _person, part in share_out(amount, range(count))]
    assert sum(parts) == amount
    assert max(parts) - min(parts) <= 1


def test_approved_statement_is_frozen_and_corrected_by_lines_of_its_own(month):
    manager, rep = make_user(Role.SALES_MANAGER), month["rep"]
    statement = approve(NOVEMBER, rep, by=manager, at=DECEMBER)
    (before,) = month_of_bonus(NOVEMBER, only=rep)
    assert (before.total, before.earned, before.taken_off) == (2_030_000, 2_050_000, -20_000)
    assert (differences(statement), correct(statement.pk, by=manager, at=DECEMBER)) == ([], 0)
    breach = Clock.objects.get(breached_at__isnull=False)
    dispute = dispute_breach(breach.pk, by=rep, at=DECEMBER, reason="Mất điện")
    decide_dispute(dispute.pk, right=True, by=manager, at=DECEMBER, note="Đúng")
    (still,) = month_of_bonus(NOVEMBER, only=rep)
    assert still.total == 2_030_000
    assert [(d.kind, d.amount) for d in differences(statement)] == [("breach", 20_000)]
    assert (correct(statement.pk, by=manager, at=DECEMBER), correct(statement.pk, by=manager, at=DECEMBER)) == (1, 0)
    (after,) = month_of_bonus(NOVEMBER, only=rep)
    assert (after.total, [i.amount for i in after.items if i.correction]) == (2_050_000, [20_000])
    assert BonusLine.objects.filter(correction=False).count() == 3
    with pytest.raises(NotFound):
        correct(0, by=manager, at=DECEMBER)


def test_contract_that_falls_through_is_taken_back_as_a_correction(month):
    manager = make_user(Role.SALES_MANAGER)
    statement = approve(NOVEMBER, month["rep"], by=manager, at=DECEMBER)
    move_status(month["won"].lead_id, "hot", by=manager, at=DECEMBER, reason="Huỷ hợp đồng")
    assert [(d.kind, d.amount) for d in differences(statement)] == [("revenue", -2_000_000)]


def test_statement_is_approved_once_and_after_the_month(month):
    manager = make_user(Role.SALES_MANAGER)
    with pytest.raises(Invalid):
        approve(NOVEMBER, month["rep"], by=manager, at=NOW)
    approve(NOVEMBER, month["rep"], by=manager, at=DECEMBER)
    with pytest.raises(Conflict):
        approve(NOVEMBER, month["rep"], by=manager, at=DECEMBER)
    assert BonusStatement.objects.count() == 1


def test_plan_holds_from_its_month_and_never_under_an_approved_one(month):
    manager = make_user(Role.SALES_MANAGER)
    rates = {name: getattr(plan_for(NOVEMBER), name) for name in RATES} | {"per_accepted": 70_000}
    new_plan(date(2026, 12, 15), rates=rates, by=manager, at=NOW)
    assert [plan_for(day).per_accepted for day in (NOVEMBER, date(2026, 12, 1))] == [50_000, 70_000]
    with pytest.raises(Conflict):
        new_plan(date(2026, 12, 1), rates=rates, by=manager, at=NOW)
    approve(NOVEMBER, month["rep"], by=manager, at=DECEMBER)
    with pytest.raises(Conflict):
        new_plan(NOVEMBER, rates=rates, by=manager, at=NOW)


# --- pages -----------------------------------------------------------------------------------------


def test_manager_previews_approves_and_exports(month, django_assert_max_num_queries):
    client, _user = as_role(Role.SALES_MANAGER)
    with django_assert_max_num_queries(20):
        page = client.get("/bonus/?month=2026-11")
    assert [one.total for one in page.context["people"] if one.person == month["rep"]] == [2_030_000]
    rep = month["rep"].pk
    assert "100.000.001" in client.get(f"/bonus/{rep}/?month=2026-11").content.decode()
    csv = client.get(reverse("bonus_file", args=["csv"]) + "?month=2026-11").content.decode()
    assert (csv.count("\n"), "2000000" in csv) == (10, True)
    assert client.get(reverse("bonus_file", args=["xlsx"]) + "?month=2026-11").content[:2] == b"PK"
    assert client.get(reverse("bonus_file", args=["pdf"])).status_code == 404
    approve(NOVEMBER, month["rep"], by=make_user(Role.ADMIN), at=DECEMBER)
    move_status(month["won"].lead_id, "hot", by=make_user(Role.ADMIN), at=DECEMBER, reason="Huỷ")
    page = client.get(f"/bonus/{rep}/?month=2026-11").content.decode()
    statement = BonusStatement.objects.get()
    assert reverse("bonus_correct", args=[statement.pk]) in page
    corrected = client.post(reverse("bonus_correct", args=[statement.pk]), follow=True).content.decode()
    assert "Đã thêm 1 dòng điều chỉnh." in corrected


def test_month_is_approved_from_the_page_once_it_is_over(month):
    client, _user = as_role(Role.SALES_MANAGER)
    rep = month["rep"].pk
    assert client.post(reverse("bonus_approve", args=[rep]), {"month": "2026-09"}, follow=True).status_code == 200
    assert BonusStatement.objects.get().month == date(2026, 9, 1)


def test_everybody_sees_the_own_bonus_and_nobody_elses(month):
    client = enter(month["rep"])
    page = client.get("/bonus/?month=2026-11")
    assert [one.person for one in page.context["people"]] == [month["rep"]]
    assert client.get(f"/bonus/{month['rep'].pk}/?month=2026-11").status_code == 200
    assert client.get(f"/bonus/{month['marketers'][0].pk}/?month=2026-11").status_code == 404
    for name, args in (("bonus_approve", [1]), ("bonus_correct", [1])):
        assert client.post(reverse(name, args=args)).status_code == 403
    assert client.get(reverse("bonus_file", args=["csv"])).status_code == 403
    assert client.get(reverse("bonus_plan")).status_code == 403
    assert client.get("/bonus/?month=nonsense").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("per_accepted", "70.000", 70_000),
        ("per_accepted", "0", 0),
        ("penalty_breach", "20k", 20_000),
        ("revenue_sales", "1,5", 150),
        ("revenue_sales", "1.5", 150),
        ("per_accepted", "-5", None),
        ("penalty_audit", "99999999999999999999", None),
        ("per_qualified", "1e400", None),
        ("revenue_sales", "-1", None),
        ("revenue_marketing", "1.234,56", None),
        ("first_month", "9999-12", None),
    ],
)
def test_rates_are_read_as_they_are_written_and_nonsense_is_refused(field, typed, kept):
    client, _user = as_role(Role.SALES_MANAGER)
    rates = dict.fromkeys(RATES, "1000") | {"revenue_sales": "2", "revenue_marketing": "1", "first_month": "2027-01"}
    sent = client.post(reverse("bonus_plan"), {**rates, field: typed})
    assert sent.status_code == (422 if kept is None else 302)
    assert [getattr(plan, field) for plan in BonusPlan.objects.filter(first_month=date(2027, 1, 1))] == (
        [] if kept is None else [kept]
    )
    assert kept is not None or list(sent.context["form"].errors) == [field]


@pytest.mark.django_db
def test_plan_is_written_on_its_page():
    client, _user = as_role(Role.SALES_MANAGER)
    assert client.get(reverse("bonus_plan")).status_code == 200
    rates = dict.fromkeys(RATES, 1000) | {"revenue_sales": "2.5", "revenue_marketing": "0.55"}
    assert client.post(reverse("bonus_plan"), {**rates, "first_month": ""}).status_code == 422
    client.post(reverse("bonus_plan"), {**rates, "first_month": "2027-01"})
    plan = BonusPlan.objects.get(first_month=date(2027, 1, 1))
    assert (plan.penalty_audit, plan.revenue_sales, plan.revenue_marketing) == (1000, 250, 55)
    assert client.post(reverse("bonus_plan"), {**rates, "revenue_sales": "101"}).status_code == 422
    page = client.get(reverse("bonus_plan"))
    assert "Mỗi bàn giao được nhận, cho nhân viên" in page.content.decode()
    assert 'name="revenue_sales" value="2,50"' in PlanForm(initial=PlanForm.said(plan)).as_p()
    assert [value for _label, value in wording.rates(plan)][1:5] == [
        "2,5\xa0%",
        "1.000\xa0₫",
        "0,55\xa0%",
        "−1.000\xa0₫",
    ]
    assert "0,55\xa0%" in page.content.decode()
    assert client.post(reverse("bonus_plan"), {**rates, "first_month": "2027-01"}).status_code == 422


# --- all at once, by kind, and what is out of reach ------------------------------------------------


def test_a_whole_month_is_approved_at_once_and_only_once(month):
    manager = make_user(Role.SALES_MANAGER)
    approve(NOVEMBER, month["rep"], by=manager, at=DECEMBER)
    with pytest.raises(Invalid):
        approve_all(NOVEMBER, by=manager, at=NOW)
    assert approve_all(NOVEMBER, by=manager, at=DECEMBER) == len(month["marketers"])
    assert approve_all(NOVEMBER, by=manager, at=DECEMBER) == 0
    assert BonusStatement.objects.count() == 3
    before = {(line.statement_id, line.kind): line.amount for line in BonusLine.objects.all()}
    assert sum(amount for (_statement, kind), amount in before.items() if kind == "qualified") == 30_000


def test_a_statement_in_few_lines_adds_up_to_its_total(month):
    (mine,) = month_of_bonus(NOVEMBER, only=month["rep"])
    kinds = by_kind(mine.items)
    assert [(one.kind.value, one.lines, one.amount) for one in kinds] == [
        ("accepted", 1, 50_000),
        ("revenue", 1, 2_000_000),
        ("breach", 1, -20_000),
    ]
    assert sum(one.amount for one in kinds) == mine.total


def test_a_plan_nobody_rests_on_goes_and_any_other_stays(month):
    manager = make_user(Role.SALES_MANAGER)
    rates = {name: getattr(plan_for(NOVEMBER), name) for name in RATES}
    typo = new_plan(date(2027, 1, 1), rates=rates, by=manager, at=NOW)
    used = new_plan(NOVEMBER, rates=rates, by=manager, at=NOW)
    approve(NOVEMBER, month["rep"], by=manager, at=DECEMBER)
    client = enter(manager)
    page = client.get(reverse("bonus_plan")).content.decode()
    assert ("plan-2027-01" in page, "plan-2026-11" in page) == (True, False)
    client.post(reverse("bonus_plan_remove", args=[typo.pk]))
    with pytest.raises(Conflict):
        remove_plan(used.pk, by=manager)
    with pytest.raises(NotFound):
        remove_plan(BonusPlan.objects.get(by=None).pk, by=manager)  # the defaults
    assert set(BonusPlan.objects.values_list("first_month", flat=True)) == {date(2000, 1, 1), NOVEMBER}


def test_pages_show_kinds_and_approve_what_waits(month):
    client, _user = as_role(Role.SALES_MANAGER)
    rep, september = month["rep"].pk, "2026-09"
    page = client.get(f"/bonus/{rep}/?month=2026-11&kind=revenue")
    assert [item.kind for item in page.context["items"]] == ["revenue"]
    assert len(client.get(f"/bonus/{rep}/?month=2026-11&kind=nix").context["items"]) == 3
    assert client.post(reverse("bonus_approve_month"), {"month": september}, follow=True).status_code == 200
    for name, args in (("bonus_approve_month", []), ("bonus_approve", [rep])):
        assert client.post(reverse(name, args=args), {"month": "nonsense"}).status_code == 404
    assert BonusStatement.objects.count() == 0


@pytest.mark.parametrize("month_asked", ["9999-12", "0001-01", "2100-02", "1999-12", "2026-13"])
def test_months_out_of_reach_are_the_month_before_this(month_asked):
    assert month_of(month_asked, at=NOW) == date(2026, 10, 1)
    with pytest.raises(NotFound):
        month_named(month_asked)
    assert not AskForm({"month": month_asked}).is_valid()
