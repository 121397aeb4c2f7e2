import csv
import io
import zipfile

import pytest
from django.utils import timezone

from accounts.enums import Role
from api.v1.schemas import FunnelReport, FunnelRow, KpiReport, KpiRow
from tests.api.caller import Caller, problem
from tests.factories import accept, make_handoff, make_lead, make_team, make_user


@pytest.fixture
def month(db):
    """Three leads today, two of them handed over, one accepted."""
    now = timezone.now()
    make_user(Role.REP)
    make_lead(at=now, source="facebook")
    accept(make_handoff(at=now, source="facebook"), at=now)
    make_handoff(at=now, source="google")


def by_key(response, key: str = "key") -> dict:
    assert response.status_code == 200, response.content
    return {row[key]: row for row in response.data["results"]}


def test_kpis_are_the_figures_with_their_definitions(api, month):
    response = api.get("reports/kpis/")
    rows = by_key(response)
    assert (rows["leads"]["value"], rows["mql"]["value"], rows["sql"]["value"]) == (3, 2, 1)
    assert rows["mql_to_sql"]["value"] == 0.5
    assert set(response.data) == set(KpiReport().fields) - {"series"}
    assert set(rows["leads"]) == set(KpiRow().fields)


def test_kpis_of_a_source_a_team_and_a_person(api, month):
    assert by_key(api.get("reports/kpis/?source=facebook"))["leads"]["value"] == 2
    assert by_key(api.get(f"reports/kpis/?team={make_team().pk}"))["mql"]["value"] == 0


def test_kpis_grouped_bring_a_series(api, month):
    data = api.get("reports/kpis/?from=2026-01-01&to=2026-01-31&group_by=week").data
    assert set(data["series"][0]) == {"from", "to", "leads", "offered"}
    assert (data["from"], data["to"]) == ("2026-01-01", "2026-01-31")
    assert len(data["series"]) == 5


def test_funnel_steps(api, month):
    response = api.get("reports/funnel/")
    rows = by_key(response, "step")
    assert [rows[step]["count"] for step in ("lead", "mql", "sql", "won")] == [3, 2, 1, 0]
    assert set(response.data) == set(FunnelReport().fields) - {"series"}
    assert set(rows["lead"]) == set(FunnelRow().fields)


@pytest.mark.parametrize("name", ["kpis", "funnel"])
def test_report_as_csv(api, month, name):
    response = api.get(f"reports/{name}.csv?from=2026-01-01&to=2026-01-31")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="{name}-2026-01-01-2026-01-31.csv"'
    text = response.content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert len(lines) == 1 + len(api.get(f"reports/{name}/").data["results"])


@pytest.mark.parametrize("name", ["kpis", "funnel"])
def test_report_as_xlsx(api, month, name):
    response = api.get(f"reports/{name}.xlsx")
    assert response["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    with zipfile.ZipFile(io.BytesIO(response.content)) as book:
        assert "xl/worksheets/sheet1.xml" in book.namelist()


@pytest.mark.parametrize("accept", ["text/csv", "*/*", "application/json", "text/html,*/*;q=0.8"])
def test_a_file_is_given_to_whoever_asks_its_address(api, accept):
    assert api.get("reports/kpis.csv", Accept=accept).status_code == 200


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=x", "from"),
        ("to=2026-13-01", "to"),
        ("period=never", "period"),
        ("group_by=year", "group_by"),
        ("team=x", "team"),
    ],
)
@pytest.mark.parametrize("path", ["reports/kpis/", "reports/funnel.csv"])
def test_report_refuses_a_bad_filter(api, path, query, field):
    response = api.get(f"{path}?{query}")
    assert response.status_code == 422
    assert response.data["errors"][0]["field"] == field


def test_report_of_a_team_that_is_not_there(api):
    assert problem(api.get("reports/kpis/?team=999")) == (404, "not_found")


def test_report_of_another_team_is_not_there_for_a_team_lead(db):
    boss = Caller(user=make_user(Role.TEAM_LEAD))
    assert problem(boss.get(f"reports/kpis/?team={make_team().pk}")) == (404, "not_found")
    assert boss.get("reports/kpis/").status_code == 200


def test_report_speaks_the_callers_language(api):
    assert by_key(api.get("reports/kpis/", Accept_Language="en"))["leads"]["label"] == "Leads received"
