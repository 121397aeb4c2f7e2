"""The reports of the little history, each counted by hand."""

from datetime import date, timedelta

import pytest

from leads.models import Standing
from reports.cohorts import cohort_group, cohorts
from reports.funnel import funnel
from reports.leaderboard import reps
from reports.periods import Group, custom, named
from reports.scope import Scope
from reports.sources import sources
from reports.speed import SHOWN, kept_by, overdue, overdue_table
from reports.stages import COUNTED_TO, stages
from reports.volume import volume
from sla.sweep import sweep
from tests.factories import NOW, make_lead, make_mql
from tests.reports.history import WEEK, local

pytestmark = pytest.mark.django_db


def picked(table, *keys):
    return [tuple(record[key] for key in keys) for record in table.records()]


def test_funnel_follows_the_leads_of_the_week_until_now(history, django_assert_num_queries):
    with django_assert_num_queries(5 if history.rolled else 3):
        table = funnel(history.scope())
    assert picked(table, "step", "count", "rate", "of_all", "median_seconds") == [
        ("lead", 6, None, 1.0, None),
        ("mql", 5, 5 / 6, 5 / 6, 0.0),
        ("sql", 1, 1 / 5, 1 / 6, 3600.0),
        ("won", 1, 1.0, 1 / 6, 8 * 86400 - 3600.0),
    ]


def test_funnel_of_an_empty_period_has_no_rates():
    table = funnel(Scope(WEEK, NOW))
    assert picked(table, "count", "rate", "median_seconds") == [(0, None, None)] * 4


def test_cohort_says_what_became_of_each_week_and_both_rates(history, django_assert_num_queries):
    scope = Scope(custom(date(2026, 10, 26), date(2026, 11, 15)), NOW)
    with django_assert_num_queries(3 if history.rolled else 2):
        table = cohorts(scope)
    keys = ("from", "offered", "accepted", "recycled", "discarded", "open", "won", "rate", "rate_decided", "open_share")
    assert picked(table, *keys) == [
        (date(2026, 10, 26), 1, 1, 0, 0, 0, 1, 1.0, 1.0, 0.0),
        (date(2026, 11, 2), 5, 1, 1, 1, 2, 1, 1 / 5, 1 / 3, 2 / 5),
        (date(2026, 11, 9), 0, 0, 0, 0, 0, 0, None, None, None),
    ]


def test_cohort_by_month_puts_a_cut_month_under_its_days(history):
    scope = Scope(custom(date(2026, 10, 20), date(2026, 11, 15)), NOW)
    table = cohorts(scope, Group.MONTH)
    assert picked(table, "from", "to", "offered") == [
        (date(2026, 10, 20), date(2026, 10, 31), 1),
        (date(2026, 11, 1), date(2026, 11, 15), 5),
    ]


@pytest.mark.parametrize(("key", "group"), [("30d", Group.WEEK), ("90d", Group.WEEK), ("6m", Group.MONTH)])
def test_cohorts_are_weeks_up_to_a_quarter(key, group):
    assert cohort_group(Scope(named(key, at=NOW), NOW)) == group


def test_sources_show_leads_and_what_came_of_the_handoffs(history, django_assert_num_queries):
    with django_assert_num_queries(2):
        table = sources(history.scope())
    keys = ("source", "leads", "offered", "mql_rate", "accepted", "rate", "won", "won_rate", "invalid_rate", "revenue")
    assert picked(table, *keys) == [
        ("Google", 3, 3, 1.0, 0, 0.0, 0, None, 1.0, 0),
        ("Facebook", 3, 2, 2 / 3, 1, 1 / 2, 1, 1.0, 0.0, 100_000_000),
    ]


def test_a_lead_without_a_source_has_a_row_that_opens_its_leads(history):
    nameless = make_lead(at=local(11, 8))
    Standing.objects.filter(lead=nameless).update(source="")
    row = next(row for row in sources(history.scope()).rows if row.values["source"] == "")
    assert row.values["leads"] == 1
    assert row.hrefs["leads"].startswith("/overview/rows/?of=leads&")
    assert row.hrefs["leads"].endswith("&source=%22%22")


def test_promises_count_for_whoever_answers_for_them(history, django_assert_num_queries):
    with django_assert_num_queries(3):
        table = kept_by(history.scope())
    assert picked(table, "name", "kept", "broken", "share") == [("Lê Bình", 1, 1, 1 / 2), ("Trần An", 2, 1, 2 / 3)]


def test_promises_by_team(history):
    table = kept_by(history.scope(), "team")
    assert picked(table, "name", "kept", "broken") == [("Miền Nam", 1, 1), ("Miền Bắc", 2, 1)]


def test_a_promise_nobody_had_is_the_queues(history):
    for rep in (history.an, history.binh):
        rep.on_duty = False
        rep.save()
    make_mql(at=local(11, 6, 9, 30))
    sweep(at=NOW)
    row = next(row for row in kept_by(history.scope()).rows if row.values["id"] is None)
    assert (row.values["kept"], row.values["broken"], dict(row.hrefs)) == (0, 1, {})
    assert row.values["name"] == "Hàng chờ bàn giao"


def test_a_promise_neither_kept_nor_broken_makes_no_row(history):
    scope = Scope(custom(date(2026, 11, 23), date(2026, 11, 30)), NOW)
    make_mql(at=NOW)
    assert kept_by(scope).rows == []


def test_overdue_is_what_waits_beyond_its_promise_now(history, django_assert_num_queries):
    with django_assert_num_queries(2):
        found = overdue(history.scope())
    late = [history.leads["fifth"].pk, history.leads["fourth"].pk]  # a first touch, and a decision
    assert ([row.lead_id for row in found.rows], found.total) == (late, 2)
    assert found.href == "/leads/?sla=breached"


def test_overdue_shows_the_oldest_and_counts_all(history):
    for number in range(SHOWN + 1):
        make_mql(at=local(11, 20) + timedelta(minutes=number))
    found = overdue(history.scope())
    assert (len(found.rows), found.total) == (SHOWN, SHOWN + 3)
    assert found.rows[0].lead_id == history.leads["fifth"].pk


def test_overdue_table_says_by_how_much(history):
    assert picked(overdue_table(history.scope()), "owner", "due_at", "late_seconds") == [
        ("Trần An", local(11, 6, 11), (NOW - local(11, 6, 11)).total_seconds()),
        ("Lê Bình", local(11, 10), (NOW - local(11, 10)).total_seconds()),
    ]


def test_overdue_of_nobody_has_no_name(history):
    Standing.objects.filter(lead=history.leads["fifth"]).update(owner=None)
    assert picked(overdue_table(history.scope()), "owner") == [(None,), ("Lê Bình",)]


def test_stages_count_all_leads_as_they_stand(history, django_assert_num_queries):
    with django_assert_num_queries(1):
        table = stages(history.scope())
    assert {status: count for status, count in picked(table, "status", "count") if count} == {
        "new": 2,
        "researched": 2,
        "wrong_target": 1,
        "won": 2,
    }
    assert {more for (more,) in picked(table, "more")} == {False}
    assert COUNTED_TO == 10_000


def test_stages_stop_counting_and_say_so(history, monkeypatch):
    monkeypatch.setattr("reports.stages.COUNTED_TO", 1)
    found = {
        status: (count, more) for status, count, more in picked(stages(history.scope()), "status", "count", "more")
    }
    assert (found["won"], found["wrong_target"], found["hot"]) == ((1, True), (1, False), (0, False))


def test_leaderboard_counts_what_each_rep_did_in_the_week(history, django_assert_num_queries):
    with django_assert_num_queries(5 if history.rolled else 4):
        table = reps(history.scope())
    keys = ("name", "team", "offered", "open", "accepted", "won", "revenue", "touch_median", "kept_share")
    assert picked(table, *keys) == [
        ("Trần An", "Miền Bắc", 3, 1, 2, 1, 50_000_000, 35 * 60, 2 / 3),
        ("Lê Bình", "Miền Nam", 2, 1, 0, 0, 0, 105 * 60, 1 / 2),
    ]


def test_leaderboard_keeps_a_rep_who_has_become_a_manager(history):
    history.binh.role, history.binh.team = "sales_manager", None
    history.binh.save()
    assert ("Lê Bình", "") in picked(reps(history.scope()), "name", "team")


def test_volume_by_day(history, django_assert_num_queries):
    with django_assert_num_queries(2):
        table = volume(history.scope())
    assert picked(table, "leads", "offered") == [(1, 1), (1, 1), (1, 1), (1, 1), (1, 1), (1, 0), (0, 0)]


def test_volume_by_week_sums_the_days(history):
    scope = Scope(custom(date(2026, 10, 28), date(2026, 11, 8)), NOW)
    assert picked(volume(scope, Group.WEEK), "from", "leads") == [(date(2026, 10, 28), 0), (date(2026, 11, 2), 6)]


def test_volume_leaves_days_that_lie_ahead_blank(history):
    scope = Scope(custom(date(2026, 11, 22), date(2026, 11, 25)), NOW)
    assert picked(volume(scope), "leads") == [(0,), (0,), (None,), (None,)]


def test_days_are_those_of_the_company_not_of_utc(history):
    make_lead(at=local(11, 8, 0, 30))
    make_lead(at=local(11, 8, 23, 30))
    assert picked(volume(history.scope()), "leads")[-2:] == [(1,), (2,)]
