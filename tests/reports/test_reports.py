"""The reports of the little history, each figure counted by hand."""

from datetime import date

import pytest

from accounts.models import WorkSpan
from leads.models import Call, Spend
from reports import drawings
from reports.cards import MAIN
from reports.cards import cards as cards_of
from reports.costs import costs, spend
from reports.goals import forecast, goals, set_goal, whole_targets
from reports.heat import heat, outside
from reports.kpis import kpis
from reports.leaderboard import calls, teams
from reports.models import Benchmark, ReportPolicy
from reports.moving import moves, stays, stuck
from reports.periods import custom, named
from reports.planning import benchmarks
from reports.quality import invalid, state
from reports.reasons import reasons
from reports.scope import Scope
from reports.touch import by_rep, histogram
from sla.models import AuditDraw, AuditedCall
from tests.factories import NOW, make_user
from tests.reports.history import counted, local

pytestmark = pytest.mark.django_db


def picked(table, *keys):
    return [tuple(record[key] for key in keys) for record in table.records()]


def opened(client, row, column):
    return counted(client.get(row.hrefs[column]).context)


@pytest.fixture
def manager(client):
    client.force_login(make_user("sales_manager"))


def pay(day, source, amount, campaign=""):
    Spend.objects.create(day=date(2026, 11, day), source=source, campaign=campaign, amount=amount, at=NOW)


def test_cost_is_spend_over_what_it_brought(history):
    pay(2, "Facebook", 300_000)
    pay(8, "Facebook", 300_000, "Tết")
    pay(9, "Facebook", 999_999)  # the week is over
    pay(3, "Báo giấy", 50_000)
    keys = ("name", "spend", "leads", "offered", "accepted", "won", "cost_per_lead", "cost_per_mql", "cost_per_sql")
    assert picked(costs(history.scope()), *keys) == [
        ("Facebook", 600_000, 3, 2, 1, 1, 200_000, 300_000, 600_000),
        ("Báo giấy", 50_000, 0, 0, 0, 0, None, None, None),
        ("Google", None, 3, 3, 0, 0, None, None, None),
    ]
    roi = picked(costs(history.scope()), "name", "cost_per_customer", "revenue", "roi")
    assert roi[0] == ("Facebook", 600_000, 100_000_000, (100_000_000 - 600_000) / 600_000)
    assert roi[1] == ("Báo giấy", None, 0, -1.0)


def test_cost_by_campaign_follows_the_source(history):
    pay(2, "Facebook", 300_000, "Tết")
    pay(2, "Google", 100_000, "Hè")
    assert spend(history.scope(source="Facebook"), "campaign") == {"Tết": 300_000}
    assert spend(history.scope(team=history.north.pk), "source") == {}
    assert "nguồn và chiến dịch" in costs(history.scope(owner=history.an.pk)).note


def test_cost_is_drawn_with_what_each_source_opens(history):
    pay(2, "Facebook", 300_000)
    chart = drawings.costs_chart(costs(history.scope()))
    assert (list(chart.labels), list(chart.series[0].values)) == (["Facebook", "Google"], [300_000, None])


def test_histogram_counts_every_handoff_once(client, manager, history, at_ten):
    table = histogram(history.scope())
    counts = {row.values["label"].replace("\u00a0", " "): row.values["count"] for row in table.rows}
    assert list(counts.values()) == [0, 1, 0, 1, 1, 1, 0, 0, 1]
    assert sum(counts.values()) == 5
    assert picked(table, "rate")[1] == (1.0,)
    assert drawings.touch_chart(table).series[0].values == [0, 1, 0, 1, 1, 1, 0, 0, 1]
    for row in table.rows:
        for column in ("count", "accepted", "won"):
            assert opened(client, row, column) == row.values[column], (row.values, column)


def test_speed_by_rep_puts_the_quickest_first(history):
    keys = ("name", "offered", "touched", "median", "p90", "in_sla")
    assert picked(by_rep(history.scope()), *keys) == [
        ("Trần An", 3, 2, 35 * 60, pytest.approx(55 * 60), 2 / 3),
        ("Lê Bình", 2, 2, 105 * 60, pytest.approx(165 * 60), 1 / 2),
    ]


def test_reasons_are_counted_by_verdict(client, manager, history, at_ten):
    table = reasons(history.scope())
    assert picked(table, "reason", "recycled", "discarded", "count", "share") == [
        ("no_budget", 1, 0, 1, 0.5),
        ("wrong_contact", 0, 1, 1, 0.5),
    ]
    for row in table.rows:
        for column in ("recycled", "discarded"):
            assert opened(client, row, column) == row.values[column]
    assert list(drawings.reasons_chart(table).series[0].values) == [1, 1]


def test_invalid_leads_stand_beside_what_is_usual(client, manager, history, at_ten):
    table = invalid(history.scope())
    assert picked(table, "name", "offered", "judged", "invalid", "rate", "qualified") == [
        ("Google", 3, 2, 2, 1.0, 0),
        ("Facebook", 2, 2, 0, 0.0, 1),
    ]
    for row in table.rows:
        for column in ("offered", "judged", "invalid", "qualified"):
            assert opened(client, row, column) == row.values[column], column
    assert drawings.invalid_chart(table).target == 0.2


@pytest.mark.parametrize(
    ("rate", "said"),
    [(None, ""), (0.05, "thấp"), (0.1, "bình thường"), (0.2, "bình thường"), (0.22, "cao"), (0.3, "vượt cam kết")],
)
def test_where_a_share_of_invalid_leads_lies(rate, said):
    assert state(rate, limit=0.25) == said


def test_moves_and_stays_come_from_the_log(client, manager, history, at_ten):
    table = moves(history.scope())
    found = {(origin, target): leads for origin, target, leads in picked(table, "origin", "destination", "leads")}
    assert found == {
        ("new", "researched"): 4,
        ("researched", "potential"): 2,
        ("researched", "wrong_target"): 1,
        ("potential", "hot"): 1,
        ("hot", "won"): 1,
    }
    for row in table.rows:
        assert opened(client, row, "leads") == row.values["leads"]
    stayed = {
        status: (times, median) for status, times, median in picked(stays(history.scope()), "status", "times", "median")
    }
    assert stayed["hot"] == (1, 0.0)
    assert stayed["new"][0] == 4
    assert stayed["won"] == (0, None)
    assert drawings.stays_chart(stays(history.scope())).unit == "duration"


def test_moves_are_drawn_from_status_to_status(history):
    chart = drawings.moves_chart(moves(history.scope()))
    flow = {(s.name, label): v for s in chart.series for label, v in zip(chart.labels, s.values, strict=True) if v}
    assert flow[("Mới", "Đã tìm hiểu")] == 4
    assert drawings.moves_chart(moves(Scope(named("today", at=NOW), NOW))).empty


def test_moves_narrow_like_everything_else(history):
    assert sum(count for (count,) in picked(moves(history.scope(source="Google")), "leads")) == 3
    assert picked(moves(history.scope(city="Huế")), "leads") == []


def test_stuck_leads_are_those_that_have_not_moved(client, manager, history, at_ten):
    table = stuck(history.scope())
    found = {status: (d3, d14, d30) for status, d3, d14, d30 in picked(table, "status", "d3", "d14", "d30")}
    assert found["new"] == (2, 2, 0)
    assert found["researched"] == (2, 2, 0)
    for row in table.rows:
        for days in ("d3", "d7", "d14", "d30"):
            assert opened(client, row, days) == row.values[days]


def test_teams_stand_side_by_side(client, manager, history, at_ten):
    table = teams(history.scope())
    assert picked(table, "name", "offered", "accepted", "won", "revenue", "rate") == [
        ("Miền Bắc", 3, 2, 1, 50_000_000, 1 / 3),
        ("Miền Nam", 2, 0, 0, 0, 0.0),
    ]
    for row in table.rows:
        for column in ("offered", "open", "accepted", "won"):
            assert opened(client, row, column) == row.values[column], column


def test_calls_count_for_whoever_made_them(client, manager, history, at_ten):
    table = calls(history.scope())
    assert picked(table, "name", "calls", "reached", "rate", "leads") == [
        ("Lê Bình", 2, 2, 1.0, 2),
        ("Trần An", 2, 2, 1.0, 2),
    ]
    for row in table.rows:
        assert opened(client, row, "leads") == row.values["leads"]
    assert picked(calls(history.scope(team=history.south.pk)), "name") == [("Lê Bình",)]
    assert picked(calls(history.scope(owner=history.an.pk, source="Google")), "name") == []


def test_calls_say_how_many_the_audits_found_logged_wrongly(history):
    scope = history.scope()
    names = dict(picked(calls(scope), "name", "audited"))
    assert set(names.values()) == {0}
    found = Call.objects.filter(by=history.an, handoff__isnull=False).order_by("pk")[:2]
    draw = AuditDraw.objects.create(
        week=scope.period.first, seed="x", per_rep=2, last_call=max(c.pk for c in found), drawn_at=scope.now.start
    )
    for call, right in zip(found, (True, False), strict=True):
        review = {"right": right, "note": "Không gọi", "reviewer": history.an, "reviewed_at": scope.now.start}
        AuditedCall.objects.create(draw=draw, call=call, rep=history.an, **review)
    told = {row[0]: row[1:] for row in picked(calls(scope), "name", "audited", "mismatch")}
    assert told.pop(history.an.full_name) == (2, 0.5)
    assert set(told.values()) == {(0, None)}
    narrowed = picked(calls(history.scope(owner=history.an.pk, source="TikTok")), "audited", "mismatch")
    assert set(narrowed) <= {(0, None)}


def test_calls_of_another_team_are_not_found(client, history, at_ten):
    client.force_login(make_user("team_lead", team=history.south))
    for caller in (history.an.pk, "x", 10**6):
        assert client.get("/overview/rows/", {"of": "standing", "called": caller}).status_code == 404


@pytest.mark.parametrize(
    "asked",
    [
        {"reason": "x"},
        {"touch": "99"},
        {"touch": "a"},
        {"hour": "3"},
        {"hour": "a-b"},
        {"move": "new"},
        {"move": "new-x"},
        {"stuck": "x-3"},
    ],
)
def test_a_cell_that_is_none_is_not_found(client, manager, asked):
    assert client.get("/overview/rows/", {"of": "offered", **asked}).status_code == 404


def test_enquiries_fall_into_their_hour_of_company_time(client, manager, history, at_ten):
    table = heat(history.scope())
    assert [sum(row.values[f"h{hour}"] for hour in range(24)) for row in table.rows] == [1, 1, 1, 1, 1, 1, 0]
    assert table.rows[0].values["h9"] == 1
    assert opened(client, table.rows[0], "h9") == 1
    chart = drawings.heat_chart(table)
    assert (chart.kind, len(chart.hrefs), len(chart.series)) == ("heat", 168, 7)


def test_the_share_outside_office_hours():
    counts = {(1, 9): 3, (1, 20): 1}
    spans = [(0, local(1, 1, 8).time(), local(1, 1, 12).time())]
    assert outside(counts, spans) == 0.25
    assert outside({}, spans) is None
    assert outside(counts, []) == 1.0
    WorkSpan.objects.all().delete()
    assert heat(Scope(named("today", at=NOW), NOW)).note == ""


def test_a_target_is_tracked_and_carried_on(client, manager, history, at_ten):
    boss = make_user("sales_manager")
    month = date(2026, 11, 15)
    set_goal(month=month, kpi="won", value=4, by=boss, at=NOW)
    set_goal(month=month, kpi="revenue", value=300_000_000, by=boss, at=NOW, team=history.north)
    set_goal(month=month, kpi="mql", value=10, by=boss, at=NOW, source="Google")
    scope = Scope(named("month", at=NOW), NOW)
    assert picked(goals(scope), "kpi", "target", "actual", "share", "forecast") == [
        ("mql", 10, 3, 0.3, 4),
        ("revenue", 300_000_000, 150_000_000, 0.5, 195_652_174),
        ("won", 4, 2, 0.5, 3),
    ]
    assert picked(goals(history.scope(team=history.north.pk)), "kpi", "actual", "forecast") == [
        ("revenue", 150_000_000, 195_652_174)
    ]
    assert picked(goals(history.scope(source="Google")), "who", "actual") == [("Google", 3)]
    assert [opened(client, row, "actual") for row in goals(scope).rows] == [3, 2, 2]
    assert whole_targets(scope) == {"won": 4}
    assert whole_targets(Scope(custom(date(2026, 10, 1), date(2026, 11, 30)), NOW)) == {}
    assert whole_targets(Scope(named("30d", at=NOW), NOW)) == {}
    assert whole_targets(Scope(named("month", at=NOW), NOW, city="Huế")) == {}


def test_a_target_stands_on_the_card_of_its_month(history):
    boss = make_user("sales_manager")
    for kpi, value in (("leads", 50), ("mql", 30), ("sql", 12), ("won", 4), ("revenue", 10**9)):
        set_goal(month=date(2026, 11, 1), kpi=kpi, value=value, by=boss, at=NOW)
    found = {f.kpi.key: f.target for f in kpis(Scope(named("month", at=NOW), NOW))}
    assert [found[key] for key in ("leads", "mql", "sql", "won", "revenue")] == [50, 30, 12, 4, 10**9]


@pytest.mark.parametrize(("actual", "passed", "days", "total"), [(10, 10, 30, 30), (0, 5, 30, 0), (7, 0, 31, 0)])
def test_the_pace_is_carried_on_by_days(actual, passed, days, total):
    assert forecast(actual, passed=passed, days=days) == total


def test_a_benchmark_is_shown_with_its_source_where_switched_on(history):
    Benchmark.objects.create(kpi="mql_to_sql", percent=13, source="Nghiên cứu A")
    assert benchmarks() == {}
    ReportPolicy.objects.create(pk=1, show_benchmarks=True)
    assert benchmarks()["mql_to_sql"].share == 0.13
    cards = {card.key: card for card in cards_of(history.scope(), kpis(history.scope()), MAIN)}
    assert cards["mql_to_sql"].sub.replace("\u00a0", " ") == "còn mở 40 %; tham chiếu 13 % (Nghiên cứu A)"
    assert "tham chiếu" not in cards["leads"].sub
    assert str(Benchmark.objects.get()) == "mql_to_sql: 13.00 % (Nghiên cứu A)"
