"""Who answers for a span: grouped, and as a file."""

import pytest
from django.utils.dateparse import parse_date

from sla.responsibility import Asked, grouped
from sla.verdicts import Code
from tests.api.caller import problem
from tests.factories import NOW, make_handoff, make_lead, make_team, make_user

pytestmark = pytest.mark.django_db
SPAN = "from=2026-10-20&to=2026-11-30"


@pytest.fixture
def houses(db):
    """Two hand-offs from Zalo, one from Facebook in a campaign, one sent by a key; two sales teams."""
    team = make_team(name="Đội Một")
    make_team(name="Đội Hai")
    make_user(team=team, capacity=50)
    for given in ({"source": "Zalo"}, {"source": "Zalo"}, {"source": "Facebook", "campaign": "Tết"}, {}):
        make_handoff(lead=make_lead(**given))
    return team


def groups(api, by, more=""):
    data = api.get(f"reports/responsibility/?{SPAN}&group_by={by}{more}").data
    return [(one["name"], [j["figures"]["offered"] for j in one["judgements"]]) for one in data["groups"]]


def test_one_verdict_for_each_group(api, houses):
    assert groups(api, "source") == [("Zalo", [2]), ("Facebook", [1]), ("api", [1])]
    assert groups(api, "campaign") == [("Tết", [1])]
    assert groups(api, "month") == [("2026-10", [0]), ("2026-11", [4])]
    assert groups(api, "team") == [("Đội Hai", [0]), ("Đội Một", [4])]
    assert groups(api, "team", f"&team={houses.pk}") == [("Đội Một", [4])]
    assert groups(api, "source", "&campaign=Tết") == [("Facebook", [1])]


def test_without_a_group_there_are_none(api, houses):
    data = api.get(f"reports/responsibility/?{SPAN}&campaign=Tết").data
    assert (data["groups"], data["campaign"], data["outlook"]) == ([], "Tết", None)
    assert data["judgements"][0]["figures"]["offered"] == 1


def test_a_group_that_is_none(api):
    answer = api.get("reports/responsibility/?group_by=mood")
    assert (problem(answer), answer.data["errors"][0]["field"]) == ((422, "invalid_choice"), "group_by")


def test_months_are_cut_at_the_ends_of_the_span(houses):
    first, last = parse_date("2026-10-20"), parse_date("2026-11-10")
    found = grouped(Asked(first, last, NOW), "month")
    spans = [(one.found.asked.first.day, one.found.asked.last.day) for one in found]
    assert spans == [(20, 31), (1, 10)]


def test_files_hold_a_row_per_finding(api, houses):
    csv = api.get(f"reports/responsibility.csv?{SPAN}&group_by=source", Accept_Language="en")
    assert csv["Content-Disposition"] == 'attachment; filename="responsibility-2026-10-20-2026-11-30.csv"'
    heading, *rows = csv.content.decode("utf-8-sig").splitlines()
    assert heading.split(",")[:6] == ["Group", "From", "To", "Agreement", "Who answers", "Code"]
    assert {row.split(",")[0] for row in rows} == {"Zalo", "Facebook", "api"}
    whole = api.get(f"reports/responsibility.csv?{SPAN}").content.decode("utf-8-sig").splitlines()
    assert {row.split(",")[0] for row in whole[1:]} == {""}
    assert [row.split(",")[5] for row in whole[1:]] == [code.value for code in Code]


def test_the_spreadsheet_is_one(api, houses):
    sheet = api.get(f"reports/responsibility.xlsx?{SPAN}&group_by=month")
    assert (sheet.status_code, sheet.content[:2]) == (200, b"PK")
