import pytest

from reports.counting import behind, ratio
from reports.evidence import evidence
from reports.kpis import BY_KEY, KPIS, Figure, kpi_table, kpis
from reports.measures import MEASURES, READINGS
from reports.reading import totals
from reports.scope import Scope
from tests.factories import NOW
from tests.reports.history import WEEK

pytestmark = pytest.mark.django_db


def values(scope, side="value"):
    return {figure.kpi.key: getattr(figure, side) for figure in kpis(scope)}


def test_every_kpi_of_the_week_is_as_counted_by_hand(history):
    assert values(history.scope()) == {
        "leads": 6,
        "valid_leads": 4,
        "mql": 5,
        "sql": 2,
        "won": 1,
        "revenue": 50_000_000,
        "mql_to_sql": 1 / 5,
        "sql_to_customer": 1.0,
        "first_touch_median": 45 * 60,
        "first_touch_p90": pytest.approx(144 * 60),
        "sla_kept": 3 / 5,
        "invalid_rate": 2 / 4,
        "open_now": 2,
    }


def test_the_week_before_is_read_in_the_same_breath(history):
    before = values(history.scope(), "before")
    assert (before["leads"], before["mql"], before["sql"], before["won"], before["revenue"]) == (1, 1, 0, 0, 0)
    assert (before["mql_to_sql"], before["sla_kept"], before["first_touch_median"]) == (1.0, 1.0, 1200)
    assert before["open_now"] is None


def test_share_still_open_stands_beside_the_young_cohort(history):
    opened = {figure.kpi.key: figure.still_open for figure in kpis(history.scope())}
    assert opened["mql_to_sql"] == 2 / 5
    assert {value for key, value in opened.items() if key != "mql_to_sql"} == {None}


@pytest.mark.parametrize(
    ("narrowed", "expected"),
    [
        ({"source": "Google"}, {"leads": 3, "mql": 3, "sql": 0, "won": 0, "sla_kept": 1 / 3, "open_now": 2}),
        ({"source": "Facebook"}, {"leads": 3, "mql": 2, "sql": 2, "won": 1, "sla_kept": 1.0, "open_now": 0}),
    ],
)
def test_source_narrows_leads_handoffs_and_promises(history, narrowed, expected):
    found = values(history.scope(**narrowed))
    assert {key: found[key] for key in expected} == expected


def test_team_and_person_narrow_to_what_they_had(history):
    by_team = values(history.scope(team=history.north.pk))
    assert (by_team["mql"], by_team["sql"], by_team["sla_kept"]) == (3, 2, 2 / 3)
    assert by_team["leads"] == 2  # the recycled one belongs to nobody any more
    by_owner = values(history.scope(owner=history.binh.pk))
    assert (by_owner["mql"], by_owner["sql"], by_owner["sla_kept"], by_owner["revenue"]) == (2, 0, 1 / 2, 0)


def test_nothing_is_counted_where_nothing_happened():
    found = values(Scope(WEEK, NOW))
    assert {key for key, value in found.items() if value is None} == {
        "mql_to_sql",
        "sql_to_customer",
        "first_touch_median",
        "first_touch_p90",
        "sla_kept",
        "invalid_rate",
    }
    assert {value for value in found.values() if value is not None} == {0}


def test_whole_row_costs_a_handful_of_queries_however_much_there_is(history, django_assert_num_queries):
    with django_assert_num_queries(6 if history.rolled else 4):
        kpis(history.scope())
    with django_assert_num_queries(4):  # counted days are remembered
        kpis(history.scope())


def test_figures_and_the_rows_behind_them_agree(history):
    scope = history.scope()
    now, _before = totals(scope, READINGS)
    counts = {
        key for key in now if key.startswith(("leads", "offered", "promises")) or key in {"accepted", "won", "open"}
    }
    for key in (counts & MEASURES.keys()) - {"offered_revenue"}:
        assert behind(scope, *MEASURES[key]).count() == now[key], key


def test_every_kpi_opens_the_rows_it_counts(history):
    scope = history.scope()
    for figure in kpis(scope):
        if figure.kpi.unit == "number" and figure.kpi.key != "leads":
            assert evidence(scope, figure.kpi.counts).count == figure.value, figure.kpi.key


def test_every_kpi_says_what_it_counts_and_how_it_is_placed_in_time():
    assert {kpi.view.key for kpi in KPIS} == {"flow", "cohort", "due", "live"}
    assert all(str(kpi.how) and str(kpi.label) and kpi.icon for kpi in KPIS)
    assert all(kpi.counts in MEASURES for kpi in KPIS)
    assert len(BY_KEY) == len(KPIS)


def figure(key, value, before):
    return Figure(BY_KEY[key], value, before, None)


@pytest.mark.parametrize(
    ("key", "value", "before", "change", "good"),
    [
        ("leads", 12, 10, pytest.approx(0.2), True),
        ("leads", 8, 10, pytest.approx(-0.2), False),
        ("leads", 10, 10, 0.0, None),
        ("leads", 10, 0, None, None),
        ("leads", 10, None, None, None),
        ("sla_kept", 0.9, 0.8, pytest.approx(0.1), True),
        ("sla_kept", None, 0.8, None, None),
        ("invalid_rate", 0.1, 0.2, pytest.approx(-0.1), True),
        ("first_touch_median", 90, 60, pytest.approx(0.5), False),
        ("open_now", 5, 4, pytest.approx(0.25), None),
    ],
)
def test_change_is_relative_or_in_points_and_knows_its_good_direction(key, value, before, change, good):
    found = figure(key, value, before)
    assert (found.change, found.good) == (change, good)


def test_ratio_of_nothing_is_none():
    assert (ratio(1, 0), ratio(None, 3), ratio(1, None), ratio(0, 4), ratio(1, 4)) == (None, None, None, 0.0, 0.25)


def test_table_carries_the_definition_and_the_unit(history):
    records = kpi_table(kpis(history.scope())).records()
    leads = next(record for record in records if record["key"] == "leads")
    assert (leads["value"], leads["before"], leads["unit"], leads["view"]) == (6, 1, "number", "flow")
    assert leads["how"] == str(BY_KEY["leads"].how)
    assert [record["key"] for record in records] == [kpi.key for kpi in KPIS]
