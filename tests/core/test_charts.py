import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core.charts import Chart, Series, sparkline
from tests.core.page import show

CHART = Chart(
    "bar", ["T2", "T3"], [Series("Lead", [1200, 3]), Series("MQL", [5, None], "indigo")], hrefs=["/leads/?day=1"]
)


def test_rows_read_the_same_figures_as_the_drawing():
    with translation.override("vi"):
        assert CHART.rows() == [
            {"label": "T2", "href": "/leads/?day=1", "cells": ["1.200", "5"]},
            {"label": "T3", "href": "", "cells": ["3", "–"]},
        ]


@pytest.mark.parametrize(
    ("unit", "text"),
    [("number", "1"), ("percent", "50\u00a0%"), ("money", "1\u00a0₫"), ("duration", "0 giây")],
)
def test_rows_write_each_unit(unit, text):
    with translation.override("vi"):
        assert Chart("line", ["a"], [Series("x", [0.5])], unit=unit).rows()[0]["cells"] == [text]


def test_data_is_what_the_script_draws():
    assert Chart("funnel", ["a"], [Series("x", [1])], colours=["blue"]).data() == {
        "kind": "funnel",
        "labels": ["a"],
        "series": [{"name": "x", "values": [1], "colour": "blue", "dashed": False}],
        "unit": "number",
        "hrefs": (),
        "colours": ["blue"],
        "target": None,
    }


@pytest.mark.parametrize(("values", "empty"), [([], True), ([0, None], True), ([0, 1], False)])
def test_empty_when_there_is_nothing_to_draw(values, empty):
    assert Chart("bar", [str(v) for v in values], [Series("x", values)]).empty is empty


def test_chart_shows_a_drawing_and_its_table():
    page = show('{% chart "by-day" chart title="Lead theo ngày" height="sm" %}', chart=CHART)
    box = page.one("div", role="img")
    assert (box["id"], box["data-chart"], box["class"]) == ("by-day-chart", "by-day", "chart-box chart-sm")
    assert box["aria-label"] == "Lead theo ngày"
    assert page.one("script") == {"id": "by-day", "type": "application/json"}
    assert [a["href"] for a in page.all("a")] == ["/leads/?day=1"]
    assert len(page.all("td")) == 4


def test_chart_can_leave_the_table_out():
    page = show('{% chart "x" chart title="X" table=False %}', chart=CHART)
    assert page.all("table") == []


def test_chart_without_figures_says_so():
    page = show('{% chart "x" chart title="X" %}', chart=Chart("bar", [], []))
    assert page.words == "Chưa có số liệu trong kỳ này"
    assert page.all("script") == []


def test_colours_match_the_badges():
    assert show('{{ keys|colours:"stage"|join:" " }}', keys=["mql", "sql"]).words == "indigo teal"
    assert show('{{ keys|colours:"status"|join:" " }}', keys=["hot"]).words == "orange"
    assert show('{{ keys|colours:"outcome"|join:" " }}', keys=["accepted"]).words == "green"


@pytest.mark.parametrize(
    ("values", "points"),
    [
        ([], ""),
        ([3], ""),
        ([0, 10], "0.0,26.0 96.0,2.0"),
        ([5, 5, 5], "0.0,14.0 48.0,14.0 96.0,14.0"),
    ],
)
def test_sparkline_spreads_its_values(values, points):
    assert sparkline(values) == points


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30))
def test_sparkline_stays_inside_its_box(values):
    for point in sparkline(values).split():
        x, y = map(float, point.split(","))
        assert 0 <= x <= 96
        assert 2 <= y <= 26
