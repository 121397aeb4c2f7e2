"""The bonus over the API: plans, previews, and what only a person does."""

import pytest

from accounts.enums import Role
from sla.bonus import RATES
from sla.models import BonusLine, BonusPlan, BonusStatement
from tests.api.caller import Caller, problem
from tests.api.unchanged import unchanged
from tests.factories import NOW, accept, make_handoff, make_user

pytestmark = pytest.mark.django_db
OCTOBER = NOW.replace(month=10)


@pytest.fixture
def rep(db):
    """One accepted hand-off in October, worth 50,000 by the plan of the beginning."""
    rep = make_user()
    accept(make_handoff(at=OCTOBER), by=rep, at=OCTOBER)
    return rep


def boss() -> Caller:
    return Caller(user=make_user(Role.SALES_MANAGER))


def test_a_plan_takes_over_the_rates_it_does_not_name(api):
    made = api.post("bonus/plans/", {"first_month": "2027-03", "per_accepted": 75_000})
    assert (made.status_code, made.data["first_month"], made.data["by"]) == (201, "2027-03-01", None)
    assert made.data["rates"]["per_accepted"] == 75_000
    assert set(made.data["rates"]) == set(RATES)
    assert made.data["rates"]["penalty_breach"] == 20_000
    assert api.get("bonus/plans/").data["results"][0] == made.data
    assert problem(api.post("bonus/plans/", {"first_month": "2027-03"})) == (409, "plan_exists")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"first_month": "March"},
        {"first_month": "2027-03", "per_accepted": -1},
        {"first_month": "2027-03", "revenue_sales": 10_001},
        {"first_month": "2027-03", "by": 1},
    ],
)
def test_plans_that_can_not_be(api, body):
    with unchanged():
        assert api.post("bonus/plans/", body).status_code == 422
    assert not BonusPlan.objects.filter(first_month__year=2027).exists()


def test_a_month_is_previewed_approved_and_corrected_in_person(api, rep):
    preview = api.get(f"bonus/{rep.pk}/?month=2026-10").data
    assert (preview["statement"], preview["total"], preview["approved_at"]) == (None, 50_000, None)
    with unchanged():
        assert problem(api.post(f"bonus/{rep.pk}/approve/", {"month": "2026-10"})) == (403, "permission_denied")
    manager = boss()
    approved = manager.post(f"bonus/{rep.pk}/approve/", {"month": "2026-10"})
    statement = BonusStatement.objects.get()
    assert (approved.status_code, approved.data["statement"], approved.data["total"]) == (201, statement.pk, 50_000)
    assert problem(manager.post(f"bonus/{rep.pk}/approve/", {"month": "2026-10-15"})) == (409, "approved")
    assert problem(api.post(f"bonus/statements/{statement.pk}/correct/")) == (403, "permission_denied")
    same = manager.post(f"bonus/statements/{statement.pk}/correct/").data
    assert (same["added"], same["total"]) == (0, 50_000)
    BonusLine.objects.update(amount=40_000)
    more = manager.post(f"bonus/statements/{statement.pk}/correct/").data
    assert (more["added"], more["total"], more["lines"][-1]["correction"]) == (1, 50_000, True)


def test_the_running_month_is_not_approved(rep):
    manager = boss()
    with unchanged():
        assert problem(manager.post(f"bonus/{rep.pk}/approve/", {"month": "2099-01"})) == (422, "too_early")
        assert manager.post(f"bonus/{rep.pk}/approve/", {"month": "9999-12"}).status_code == 422
        assert manager.get(f"bonus/{rep.pk}/?month=9999-12").status_code == 422


def test_what_is_not_there_is_not_found(rep):
    manager = boss()
    for address in ("bonus/0/approve/", f"bonus/{10**20}/approve/", "bonus/statements/0/correct/"):
        assert problem(manager.post(address, {"month": "2026-10"} if "approve" in address else {}))[0] == 404


def test_a_plan_is_taken_back_in_person(api):
    made = api.post("bonus/plans/", {"first_month": "2027-03"}).data["id"]
    with unchanged():
        assert problem(api.send("DELETE", f"bonus/plans/{made}/")) == (403, "permission_denied")
    manager = boss()
    assert manager.send("DELETE", f"bonus/plans/{made}/").status_code == 204
    assert problem(manager.send("DELETE", f"bonus/plans/{made}/")) == (404, "not_found")
    assert problem(manager.send("DELETE", f"bonus/plans/{10**20}/")) == (404, "not_found")


def test_rates_people_were_paid_by_stay(rep):
    manager = boss()
    used = manager.post("bonus/plans/", {"first_month": "2026-10"}).data["id"]
    manager.post(f"bonus/{rep.pk}/approve/", {"month": "2026-10"})
    with unchanged():
        assert problem(manager.send("DELETE", f"bonus/plans/{used}/")) == (409, "plan_used")


def test_a_month_is_approved_for_everybody_at_once(api, rep):
    with unchanged():
        assert problem(api.post("bonus/approve/", {"month": "2026-10"})) == (403, "permission_denied")
    manager = boss()
    mate = make_user()
    accept(make_handoff(at=OCTOBER), by=mate, at=OCTOBER)
    manager.post(f"bonus/{mate.pk}/approve/", {"month": "2026-10"})
    all_ = manager.post("bonus/approve/", {"month": "2026-10"})
    assert (all_.status_code, all_.data["approved"], all_.data["month"]) == (200, 1, "2026-10-01")
    assert {one["person"]["id"]: one["total"] for one in all_.data["results"]} == {rep.pk: 50_000, mate.pk: 50_000}
    assert None not in {one["statement"] for one in all_.data["results"]}
    assert manager.post("bonus/approve/", {"month": "2026-10"}).data["approved"] == 0
    with unchanged():
        assert problem(manager.post("bonus/approve/", {"month": "2099-01"})) == (422, "too_early")
