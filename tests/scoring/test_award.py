from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leads.behaviour import behave
from leads.decisions import decide
from leads.enums import Channel, Stage
from leads.intake import receive
from leads.models import Event, Handoff, Lead, Standing
from leads.moves import move_status
from leads.profile import update_profile
from scoring.checks import violations
from scoring.models import LedgerEntry
from tests.factories import NOW, accept, make_lead, make_mql, make_user
from tests.scoring.makers import after, born, change_model, do, ledger, set_rules, standing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _books_are_right():
    yield
    assert list(violations(at=after(1))) == []


def test_first_action_of_a_new_lead_counts_with_its_profile():
    lead = make_lead(title="Giám đốc", company_size=500, event={"kind": "form.contact"})
    row = standing(lead)
    assert (row.score, row.fit, row.engagement, row.grade, row.stage) == (75, 25, 50, "A2", Stage.MQL)
    assert ledger(lead) == [("profile", 15, 0), ("profile", 10, 0), ("award", 50, 0)]


@pytest.mark.parametrize(
    ("kind", "points"),
    [
        ("form.contact", 50), ("meeting.booked", 75), ("meeting.attended", 100), ("form.demo", 20),
        ("offer.claimed", 10), ("ebook.downloaded", 5), ("webinar.attended", 10),
        ("email.opened", 1), ("email.clicked", 2), ("page.viewed", 3), ("something.new", 0),
    ],
)  # fmt: skip
def test_default_model_gives_the_points_of_the_domain(kind, points):
    assert standing(born(event={"kind": kind})).score == points


@pytest.mark.parametrize("kind", ["form.contact", "meeting.booked", "form.demo", "meeting.attended"])
def test_once_rules_give_once_across_batches(kind):
    lead = born(event={"kind": kind})
    once = standing(lead).score
    do(lead, (0.1, kind))
    assert standing(lead).score == once


def test_each_offer_counts_once():
    lead = born(event={"kind": "offer.claimed", "properties": {"offer": "A"}})
    do(lead, (0.1, "offer.claimed"), offer="A")
    do(lead, (0.2, "offer.claimed"), offer="B")
    assert standing(lead).score == 20


def test_five_offers_make_a_lead_and_contact_plus_offers_an_mql():
    lead = born()
    for number in range(5):
        do(lead, (0.1, "offer.claimed"), offer=f"voucher-{number}")
    assert standing(lead).stage == Stage.LEAD
    do(lead, (0.2, "form.contact"))
    assert (standing(lead).score, standing(lead).stage) == (100, Stage.MQL)


def test_cap_per_day_holds_across_batches_and_days():
    lead = born(event={"kind": "page.viewed"})
    for _n in range(7):
        do(lead, (0.1, "page.viewed"))
    assert standing(lead).score == 15
    do(lead, (1, "page.viewed"))
    assert standing(lead).score == 18


def test_cap_per_lead_holds_across_batches():
    set_rules({"event_kind": "page.viewed", "points": 5, "repeat": "every", "cap_per_lead": 2})
    lead = born(event={"kind": "page.viewed"})
    do(lead, (0.1, "page.viewed"), (0.2, "page.viewed"))
    assert standing(lead).score == 10


def test_product_event_makes_a_pql_at_any_score():
    lead = born(event={"kind": "trial.started"})
    assert (standing(lead).score, standing(lead).stage) == (10, Stage.PQL)
    assert Handoff.objects.get().kind == "pql"


def test_one_crossing_opens_one_handoff():
    lead = make_mql()
    do(lead, (0.1, "meeting.attended"))
    assert standing(lead).score == 175
    assert Handoff.objects.count() == 1


def test_profile_points_follow_the_title():
    lead, admin = born(title="Nhân viên"), make_user("admin")
    update_profile(lead.pk, by=admin, at=after(0.1), changes={"title": "Tổng Giám đốc"})
    assert (standing(lead).fit, standing(lead).grade) == (15, "B3")
    update_profile(lead.pk, by=admin, at=after(0.2), changes={"company_size": 101})
    assert standing(lead).fit == 25
    update_profile(lead.pk, by=admin, at=after(0.3), changes={"title": "Trợ lý giám đốc"})
    assert (standing(lead).fit, ledger(lead)[-1]) == (10, ("profile", -15, 0.3))


@pytest.mark.parametrize(
    ("title", "fit"),
    [
        ("CEO", 15), ("Giám đốc", 15), ("P. giám đốc", 15), ("Sales Director", 15), ("GĐ kinh doanh", 15),
        ("Founder & CTO", 15), ("Chủ tịch HĐQT", 15), ("Thư ký Tổng Giám đốc", 0), ("Assistant to the Director", 0),
        ("Nhân viên kinh doanh", 0), ("Trưởng phòng", 0), ("Contractor", 0), ("", 0),
    ],
)  # fmt: skip
def test_director_level_is_known_in_both_languages(title, fit):
    assert standing(born(title=title)).fit == fit


@pytest.mark.parametrize(("size", "fit"), [(None, 0), (100, 0), (101, 10)])
def test_company_counts_from_more_than_a_hundred_people(size, fit):
    assert standing(born(company_size=size)).fit == fit


def test_recycled_lead_starts_again_at_the_lead_threshold():
    lead = make_mql()
    decide(lead.pk, by=None, at=after(0.1), outcome="recycle", reason="bad_timing")
    assert (standing(lead).score, standing(lead).stage) == (50, Stage.LEAD)
    assert ledger(lead)[-1] == ("recycle", -25, 0.1)
    do(lead, (0.2, "form.demo"), (0.3, "ebook.downloaded"))
    assert (standing(lead).score, standing(lead).stage, Handoff.objects.count()) == (75, Stage.MQL, 2)


def test_recycled_lead_below_the_threshold_keeps_its_score():
    lead = born(event={"kind": "trial.started"})
    decide(lead.pk, by=None, at=after(0.1), outcome="recycle", reason="bad_timing")
    assert (standing(lead).score, len(ledger(lead))) == (10, 1)


def test_accepted_lead_has_nothing_due_until_it_is_dropped_and_comes_back():
    lead = make_mql()
    accept(Handoff.objects.get(), at=after(0.1))
    assert (standing(lead).next_decay_at, standing(lead).quiet_since) == (None, None)
    do(lead, (0.2, "page.viewed"))
    assert (standing(lead).score, standing(lead).next_decay_at) == (78, None)
    move_status(lead.pk, "wrong_target", by=None, at=after(0.3), reason="x")
    move_status(lead.pk, "new", by=make_user("sales_manager"), at=after(0.4), reason="x")
    assert standing(lead).next_decay_at == after(30.4)


def test_customer_keeps_the_points():
    lead = make_mql()
    accept(Handoff.objects.get(), at=after(0.1), budget="available", need="urgent", timing="within_month")
    move_status(lead.pk, "won", by=None, at=after(0.2), amount=10_000_000)
    assert (standing(lead).score, standing(lead).next_decay_at) == (75, None)


def test_enquiry_of_a_dropped_lead_starts_its_silence_anew():
    lead = make_mql(phone="0912345678")
    decide(lead.pk, by=None, at=after(0.1), outcome="discard", reason="competitor")
    assert standing(lead).next_decay_at is None
    receive([{"phone": "0912345678"}], channel=Channel.API, at=after(0.5))
    assert standing(lead).next_decay_at == after(30.5)


def test_history_that_comes_at_once_has_decayed_by_now():
    """An old booking is no reason to call today."""
    lead = make_lead(
        at=after(0), event={"kind": "meeting.booked", "occurred_at": (NOW - timedelta(days=45)).isoformat()}
    )
    assert ledger(lead) == [("award", 75, -45), ("decay", -15, -15)]
    assert (standing(lead).score, standing(lead).stage, Handoff.objects.count()) == (60, Stage.LEAD, 0)
    assert standing(lead).next_decay_at == NOW + timedelta(days=15)


def test_batch_is_scored_in_the_order_of_time():
    lead = born()
    do(lead, (0.3, "page.viewed"), (0.1, "form.demo"), (0.2, "page.viewed"))
    assert ledger(lead) == [("award", 20, 0.1), ("award", 3, 0.2), ("award", 3, 0.3)]
    assert standing(lead).last_activity_at == after(0.3)


def test_one_batch_may_hold_many_facts_of_one_lead():
    lead = born()
    do(lead, *[(n / 20, "page.viewed") for n in range(1, 9)], *[(0.5, "form.demo")] * 3)
    assert standing(lead).score == 5 * 3 + 20


def test_model_version_and_times_are_noted():
    change_model(version=7)
    lead = born(event={"kind": "form.demo", "occurred_at": (NOW - timedelta(hours=5)).isoformat()})
    row = LedgerEntry.objects.get(lead=lead)
    assert (row.model_version, row.recorded_at, row.effective_at) == (7, NOW, NOW - timedelta(hours=5))


def scoring_queries(context) -> list[str]:
    return [q["sql"] for q in context.captured_queries if "scoring_" in q["sql"]]


@pytest.fixture
def in_full(settings):
    """Statements are sent as they are, so that their text can be counted."""
    settings.PREPARE_STATEMENTS = False


@pytest.mark.usefixtures("in_full")
def test_new_lead_costs_two_queries_more():
    make_lead()  # reads the published model, which is remembered
    with CaptureQueriesContext(connection) as context:
        make_lead(event={"kind": "form.demo"})
    assert len(scoring_queries(context)) == 2


@pytest.mark.usefixtures("in_full")
@pytest.mark.parametrize("count", [1, 200])
def test_known_leads_cost_three_queries_more_one_or_many(count):
    receive([{"phone": f"09{n:08d}"} for n in range(count)], channel=Channel.API, at=NOW)
    ids = list(Lead.objects.values_list("pk", flat=True))
    items = [{"id": pk, "kind": kind} for pk in ids for kind in ("page.viewed", "form.demo")]
    with CaptureQueriesContext(connection) as context:
        behave(items, at=after(0.1))
    assert len(scoring_queries(context)) == 3
    assert set(Standing.objects.values_list("score", flat=True)) == {23}
    assert Event.objects.filter(kind="score.rederived").count() == 0


@pytest.mark.usefixtures("in_full")
def test_facts_that_do_not_concern_the_score_cost_nothing():
    lead = make_lead()
    with CaptureQueriesContext(connection) as context:
        update_profile(lead.pk, by=None, at=after(0.1), changes={"name": "Lê Hà"})
    assert len(scoring_queries(context)) == 2  # a profile fact: what is known, and whether the model is the same
    with CaptureQueriesContext(connection) as context:
        move_status(lead.pk, "researched", by=make_user(), at=after(0.2))
    assert scoring_queries(context) == []
