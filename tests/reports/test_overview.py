"""The overview page: what it shows, who may see it, where its figures lead, what it costs."""

import csv
import html
import io
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from accounts.enums import Role
from core import figures
from reports.blocks import BLOCKS
from reports.kpis import kpis
from reports.models import ReportPolicy
from reports.pages import PAGES
from reports.views.shown import ON_OVERVIEW
from tests.factories import make_team, make_user
from tests.reports.history import counted, handed, local

WEEK = {"from": "2026-11-02", "to": "2026-11-08"}
MAY = [Role.MARKETER, Role.TEAM_LEAD, Role.MARKETING_MANAGER, Role.SALES_MANAGER, Role.ADMIN]


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


@pytest.fixture
def manager(client):
    user = make_user(Role.SALES_MANAGER)
    client.force_login(user)
    return user


def text_of(response) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def links_of(response) -> list[str]:
    """Every address a figure of the page opens, in the page and in its charts."""
    page = response.content.decode()
    hrefs = re.findall(r'href="([^"]+)"', page) + re.findall(r'"((?:/leads/|/overview/rows/)[^"]*)"', page)
    return sorted(
        {html.unescape(h).replace("\\u0026", "&") for h in hrefs if h.startswith(("/leads/?", "/overview/rows/"))}
    )


@pytest.mark.parametrize("role", MAY)
def test_managers_marketers_and_team_leads_see_it(client, role):
    client.force_login(make_user(role))
    assert client.get(reverse("overview")).status_code == 200


def test_a_rep_takes_the_own_figures_away(client, history):
    client.force_login(history.binh)
    taken = client.get(reverse("overview_block", args=["kpis"]), {**WEEK, "format": "csv"})
    rows = {row["Mã"]: row["Giá trị"] for row in csv.DictReader(io.StringIO(taken.content.decode("utf-8-sig")))}
    assert (rows["mql"], rows["sql"], rows["revenue"]) == ("2", "0", "0")
    listed = client.get(reverse("overview_rows"), {"of": "offered", **WEEK}).context["opened"].cases
    assert {case.handoff.owner_id for case in listed} == {history.binh.pk}


def test_a_stranger_logs_in_first(client):
    assert client.get(reverse("overview")).url.startswith(reverse("account_login"))


def test_cards_show_the_figures_of_the_kpis(client, manager, history):
    shown = text_of(client.get(reverse("overview"), WEEK))
    write = {"number": figures.number, "percent": figures.percent, "money": figures.money, "duration": figures.duration}
    for figure in kpis(history.scope()):
        assert f"{figure.kpi.label}" in shown
        assert write[figure.kpi.unit](figure.value).replace("\u00a0", " ") in shown.replace("\u00a0", " ")


def test_page_says_period_and_comparison_in_dates(client, manager, history):
    shown = text_of(client.get(reverse("overview"), WEEK))
    assert "02/11/2026–08/11/2026, so với 26/10/2026–01/11/2026" in shown


def test_filters_stay_in_the_address_of_every_block(client, manager):
    params = {"period": "90d", "source": "Google", "team": str(make_team().pk), "group_by": "week"}
    page = client.get(reverse("overview"), params).content.decode()
    for key in ON_OVERVIEW:
        address = re.search(rf'hx-get="({reverse("overview_block", args=[key])}[^"]*)"', page)
        assert address
        assert parse_qs(urlsplit(html.unescape(address[1])).query) == {name: [value] for name, value in params.items()}


def test_a_block_alone_is_the_same_as_in_the_page(client, manager, history):
    pages = {reverse("overview"): ON_OVERVIEW} | {reverse("report", args=[p.key]): p.blocks for p in PAGES.values()}
    assert {key for blocks in pages.values() for key in blocks} == set(BLOCKS)
    for address, blocks in pages.items():
        page = client.get(address, WEEK).content.decode()
        for key in blocks:
            block = client.get(reverse("overview_block", args=[key]), {"period": "custom", **WEEK}).content.decode()
            assert block.strip() in page, key


def test_unknown_block_is_not_found(client, manager):
    assert client.get(reverse("overview_block", args=["weather"])).status_code == 404


def test_blocks_are_drawn_where_nothing_happened(client, manager):
    for key in BLOCKS:
        assert client.get(reverse("overview_block", args=[key])).status_code == 200


def test_every_table_leaves_as_csv_and_xlsx(client, manager, history):
    for key, block in BLOCKS.items():
        address = reverse("overview_block", args=[key])
        taken = client.get(address, {**WEEK, "format": "csv"})
        rows = list(csv.DictReader(io.StringIO(taken.content.decode("utf-8-sig"))))
        assert len(rows) == len(block.table(history.scope(), None).rows), key
        assert taken["Content-Disposition"].endswith('-2026-11-02-2026-11-08.csv"')
        assert client.get(address, {**WEEK, "format": "xlsx"}).content[:2] == b"PK"


def test_csv_carries_the_figures_of_the_page(client, manager, history):
    taken = client.get(reverse("overview_block", args=["kpis"]), {**WEEK, "format": "csv"})
    rows = {row["Mã"]: row["Giá trị"] for row in csv.DictReader(io.StringIO(taken.content.decode("utf-8-sig")))}
    assert rows == {f.kpi.key: str(f.value) for f in kpis(history.scope())}


def test_an_unknown_format_is_not_found(client, manager):
    assert client.get(reverse("overview_block", args=["reps"]), {"format": "pdf"}).status_code == 404


def test_every_figure_opens_as_many_rows_as_it_says(client, manager, history):
    """Follows every link of the page: the list it opens holds the rows its measure counts."""
    for address in links_of(client.get(reverse("overview"), WEEK)):
        opened = client.get(address)
        assert opened.status_code == 200, address
        if address.startswith("/leads/"):
            assert counted(opened.context) == len(opened.context["found"].page.rows), address
        else:
            assert opened.context["found"].count == len(opened.context["opened"].cases), address


CELLS = {
    "sources": ("leads", "offered", "accepted", "won"),
    "reps": ("offered", "open", "accepted", "won"),
    "sla": ("kept", "broken"),
    "stages": ("count",),
    "funnel": ("count",),
    "cohorts": ("offered", "accepted", "recycled", "discarded", "open", "won"),
    "volume": ("leads", "offered"),
}


def test_the_list_behind_every_cell_has_the_same_count(client, manager, history):
    for key, columns in CELLS.items():
        for row in BLOCKS[key].table(history.scope(), None).rows:
            for column in columns:
                opened = client.get(row.hrefs[column]).context
                assert counted(opened) == row.values[column], (key, column, row.hrefs[column])


def test_a_team_lead_sees_the_own_team_alone(client, history):
    client.force_login(make_user(Role.TEAM_LEAD, team=history.south))
    response = client.get(reverse("overview"), WEEK)
    assert "Lê Bình" in text_of(response)
    assert "Trần An" not in text_of(response)
    assert response.context["scope"].team == history.south.pk
    assert client.get(reverse("overview"), {"team": history.north.pk}).status_code == 404
    assert client.get(reverse("overview_rows"), {"of": "won", "owner": history.an.pk}).status_code == 404


def test_rows_name_the_leads_behind_a_figure(client, manager, history):
    response = client.get(reverse("overview_rows"), {"of": "offered_open", **WEEK})
    assert {case.lead.pk for case in response.context["opened"].cases} == {
        history.leads["fourth"].pk,
        history.leads["fifth"].pk,
    }
    assert reverse("lead", args=[history.leads["fifth"].pk]) in response.content.decode()


def test_rows_without_a_handoff_are_shown_too(client, manager, history):
    response = client.get(reverse("overview_rows"), {"of": "leads_valid", **WEEK})
    assert {case.handoff for case in response.context["opened"].cases if case.lead.pk == history.leads["sixth"].pk} == {
        None
    }


def test_a_lead_that_has_left_the_team_is_counted_but_not_opened(client, history):
    client.force_login(make_user(Role.TEAM_LEAD, team=history.north))
    response = client.get(reverse("overview_rows"), {"of": "offered_recycled", **WEEK})
    assert response.context["found"].count == 1
    assert reverse("lead", args=[history.leads["second"].pk]) not in response.content.decode()


def test_rows_leave_as_a_table(client, manager, history):
    for key, count in {"leads_valid": 4, "won": 1, "promises_broken": 2}.items():
        taken = client.get(reverse("overview_rows"), {"of": key, **WEEK, "format": "csv"})
        assert len(list(csv.DictReader(io.StringIO(taken.content.decode("utf-8-sig"))))) == count


@pytest.mark.parametrize("key", ["", "offered_revenue", "password"])
def test_an_unknown_figure_is_not_found(client, manager, key):
    assert client.get(reverse("overview_rows"), {"of": key}).status_code == 404


def test_a_bad_period_is_said_and_the_person_goes_back(client, manager):
    response = client.get(reverse("overview"), {"period": "x"}, headers={"HX-Request": "true"})
    assert response.status_code == 422


def test_the_page_costs_the_same_with_two_reps_and_with_five(client, manager, history, django_assert_num_queries):
    address = reverse("overview")
    client.get(address, WEEK)  # what the filters offer is read every five minutes
    with django_assert_num_queries(BUDGET):
        client.get(address, WEEK)
    for day in (2, 3, 4):
        handed(local(11, day), to=make_user(), touch=15, source=f"Nguồn {day}")
    again = 2 if history.rolled else 0  # the days that are left are other days
    with django_assert_num_queries(BUDGET + again):
        client.get(address, WEEK)


BUDGET = 14  # session and person; 5 for the roll-ups and the rows of today, the rest for names, targets and the menu


def test_a_rep_opens_the_own_part_of_the_ranking(client, history):
    ReportPolicy.objects.update_or_create(pk=1, defaults={"reps_see_ranking": True})
    client.force_login(history.an)
    page = html.unescape(client.get(reverse("overview"), WEEK).content.decode())
    found = re.findall(r'href="((?:/leads/|/overview/rows/)[?][^"]*)"[^>]*>\s*(\d+)\s*</a>', page)
    assert [(a, counted(client.get(a).context)) for a, _number in found] == [(a, int(n)) for a, n in found]
    assert any("team=" in address for address, _number in found)
