"""The report pages and what is written down for them, through the browser's eyes."""

import html
import re

import pytest
from django.urls import reverse

from accounts.enums import Role
from leads.models import Spend
from reports.blocks import BLOCKS
from reports.models import Benchmark, Goal, ReportPolicy, SavedReport, Screen
from reports.pages import PAGES
from tests.factories import make_user
from tests.reports.history import counted, make_history

pytestmark = pytest.mark.django_db
WEEK = {"from": "2026-11-02", "to": "2026-11-08"}


@pytest.fixture
def past(db):
    return make_history()


def as_role(client, role, **fields):
    user = make_user(role, **fields)
    client.force_login(user)
    return user


def links_of(response):
    page = html.unescape(response.content.decode())
    return sorted({a for a in re.findall(r'href="([^"]+)"', page) if a.startswith(("/leads/?", "/overview/rows/"))})


def numbers_of(response):
    """Every whole number of the page that opens something, and what it opens."""
    page = html.unescape(response.content.decode())
    found = re.findall(r'<a[^>]*href="((?:/leads/|/overview/rows/)[?][^"]*)"[^>]*>\s*([\d.]+)\s*</a>', page)
    return [(address, int(number.replace(".", ""))) for address, number in found]


@pytest.mark.parametrize("page", sorted(PAGES))
def test_every_page_stands_and_every_figure_on_it_opens(client, past, at_ten, page):
    as_role(client, Role.SALES_MANAGER)
    response = client.get(reverse("report", args=[page]), WEEK)
    assert response.status_code == 200
    for address in links_of(response):
        assert client.get(address).status_code == 200, address
    said = numbers_of(response)
    assert [(address, counted(client.get(address).context)) for address, _number in said] == said


@pytest.mark.parametrize("page", sorted(PAGES))
def test_every_page_stands_where_nothing_happened(client, page):
    as_role(client, Role.MARKETING_MANAGER)
    assert client.get(reverse("report", args=[page])).status_code == 200


@pytest.mark.parametrize("role", [Role.REP, Role.TEAM_LEAD, Role.MARKETER])
def test_every_role_may_read_its_pages(client, past, at_ten, role):
    as_role(client, role)
    for page in PAGES:
        assert client.get(reverse("report", args=[page]), WEEK).status_code == 200


def test_an_unknown_page_is_not_found(client):
    as_role(client, Role.ADMIN)
    assert client.get(reverse("report", args=["weather"])).status_code == 404


def test_every_block_of_every_page_exists():
    used = {key for page in PAGES.values() for key in page.blocks}
    assert used <= BLOCKS.keys()
    assert all(page.wide <= set(page.blocks) for page in PAGES.values())


def test_every_block_leaves_as_csv_and_xlsx(client, past, at_ten):
    as_role(client, Role.SALES_MANAGER)
    for key in BLOCKS:
        address = reverse("overview_block", args=[key])
        assert client.get(address, {**WEEK, "format": "csv"}).content[:3] == b"\xef\xbb\xbf", key
        assert client.get(address, {**WEEK, "format": "xlsx"}).content[:2] == b"PK", key


def test_paper_shows_this_month_unless_asked(client, past, at_ten):
    as_role(client, Role.MARKETING_MANAGER)
    assert client.get(reverse("report_print")).context["scope"].period.key == "month"
    assert client.get(reverse("report_print"), WEEK).context["scope"].period.key == "custom"


def test_a_rep_sees_the_own_figures_and_the_ranking_as_allowed(client, past, at_ten):
    client.force_login(past.an)
    mate = make_user(team=past.north, full_name="Phạm Chi")
    Screen.objects.all().delete()
    page = client.get(reverse("overview"), WEEK)
    assert page.context["scope"].owner == past.an.pk
    ranking = BLOCKS["reps"].table(page.context["scope"], None)
    assert [row.values["name"] for row in ranking.rows] == ["Trần An"]
    assert client.get(reverse("overview"), {"owner": mate.pk}).status_code == 404
    ReportPolicy.objects.create(pk=1, reps_see_ranking=False)
    assert client.get(reverse("overview"), WEEK).context["scope"].ranked_in is None


def test_colleagues_in_the_ranking_open_nothing(client, past, at_ten):
    mate = make_user(team=past.north, full_name="Phạm Chi")
    client.force_login(mate)
    scope = client.get(reverse("overview"), WEEK).context["scope"]
    (row,) = BLOCKS["reps"].table(scope, None).rows
    assert (row.values["name"], row.values["won"], dict(row.hrefs)) == ("Trần An", 1, {})


def test_spend_is_typed_in_replaced_and_taken_back(client, past, at_ten):
    marketer = as_role(client, Role.MARKETER)
    typed = {"day": "2026-11-03", "source": " Google ", "campaign": "", "amount": "500000"}
    assert client.post(reverse("spend"), typed).status_code == 302
    client.post(reverse("spend"), {**typed, "amount": "700000"})
    spend = Spend.objects.get()
    assert (spend.source, spend.amount, spend.by) == ("Google", 700_000, marketer)
    assert "700" in client.get(reverse("spend")).content.decode()
    assert client.post(reverse("spend"), {**typed, "amount": "-1"}).status_code == 422
    for slip in ({"day": "0001-01-01"}, {"source": "\u200b"}, {"amount": "1.5"}, {"amount": "1000001 tỷ"}):
        assert client.post(reverse("spend"), {**typed, **slip}).status_code == 422
    client.post(reverse("spend"), {**typed, "amount": "1.500.000"})
    assert Spend.objects.get().amount == 1_500_000
    client.post(reverse("spend_forget", args=[spend.pk]))
    assert Spend.objects.count() == 0
    assert client.post(reverse("spend_forget", args=[spend.pk])).status_code == 404


def test_a_target_is_set_changed_and_taken_back(client, past, at_ten):
    as_role(client, Role.SALES_MANAGER)
    typed = {"month": "2026-11", "kpi": "won", "value": "5"}
    client.post(reverse("report_goals"), typed)
    client.post(reverse("report_goals"), {**typed, "value": "6"})
    client.post(reverse("report_goals"), {**typed, "team": past.north.pk})
    assert sorted(Goal.objects.values_list("value", "team")) == [(5, past.north.pk), (6, None)]
    for slip in (
        {"month": "0001-01"},
        {"month": "9999-12"},
        {"month": "2026-13"},
        {"value": "1.5"},
        {"value": "1e400"},
    ):
        assert client.post(reverse("report_goals"), {**typed, **slip}).status_code == 422
    client.post(reverse("report_goals"), {**typed, "value": "1.200"})
    assert Goal.objects.get(team=None).value == 1200
    both = {**typed, "team": past.north.pk, "source": "Google"}
    assert client.post(reverse("report_goals"), both).status_code == 422
    page = client.get(reverse("report_goals"))
    assert (page.status_code, "---" in page.content.decode()) == (200, False)
    client.post(reverse("report_goal_forget", args=[Goal.objects.get(team=None).pk]))
    assert Goal.objects.count() == 1


def test_a_report_is_saved_with_its_filters_and_shared(client, past, at_ten):
    owner = as_role(client, Role.SALES_MANAGER)
    address = reverse("saved_reports")
    form = client.get(address, {"page": "speed", "period": "month", "source": "Google", "evil": "1"}).context["form"]
    typed = {
        "name": "Tốc độ Google",
        "rhythm": "weekly",
        "shared": "on",
        "page": "speed",
        "query": form["query"].value(),
    }
    assert client.post(address, typed).status_code == 302
    saved = SavedReport.objects.get()
    assert (saved.owner, saved.address) == (owner, "/reports/speed/?period=month&source=Google")
    for refused in (typed, {**typed, "name": "x", "page": "weather"}, {**typed, "name": "\u200b"}):
        assert client.post(address, refused).status_code == 422
    taken = client.post(address, {**typed, "rhythm": "daily"}).context["form"]
    assert (taken.errors["name"], taken["rhythm"].value()) == (["Bạn đã có báo cáo lưu cùng tên."], "daily")
    assert taken["query"].value() == typed["query"]
    assert SavedReport.objects.count() == 1
    as_role(client, Role.REP)
    assert "Tốc độ Google" in client.get(reverse("overview")).content.decode()
    assert client.post(reverse("saved_report_forget", args=[saved.pk])).status_code == 404
    client.force_login(owner)
    client.post(reverse("saved_report_forget", args=[saved.pk]))
    assert SavedReport.objects.count() == 0


def test_a_benchmark_is_kept_with_its_source_and_taken_back(client):
    as_role(client, Role.MARKETING_MANAGER)
    typed = {"kpi": "mql_to_sql", "percent": "13", "source": "Nghiên cứu A, 2024"}
    client.post(reverse("report_benchmark"), typed)
    client.post(reverse("report_benchmark"), {**typed, "percent": "14"})
    assert [(b.kpi, b.share) for b in Benchmark.objects.all()] == [("mql_to_sql", 0.14)]
    assert client.post(reverse("report_benchmark"), {**typed, "source": ""}).status_code == 422
    client.post(reverse("report_policy"), {"show_benchmarks": "on"})
    assert (ReportPolicy.current().show_benchmarks, ReportPolicy.current().reps_see_ranking) == (True, False)
    client.post(reverse("report_benchmark_forget", args=[Benchmark.objects.get().pk]))
    assert Benchmark.objects.count() == 0


def test_a_screen_shows_figures_to_nobody_in_particular(client, past, at_ten):
    as_role(client, Role.SALES_MANAGER)
    address = client.post(reverse("report_screens"), {"name": "Phòng Sales"}).context["address"]
    client.logout()
    path = re.sub(r"^https?://[^/]+", "", address)
    shown = client.get(path)
    page = shown.content.decode()
    assert (shown.status_code, shown.context["screen"].name) == (200, "Phòng Sales")
    assert "/leads/" not in page
    assert "/overview/" not in page
    assert all(lead.name not in page for lead in past.leads.values())
    assert client.get(path, headers={"HX-Request": "true"}).templates[0].name == "reports/_tv.html"
    assert client.get(reverse("tv", args=["x" * 43])).status_code == 404


def test_a_closed_screen_and_one_of_somebody_who_left_show_nothing(client, past, at_ten):
    boss = as_role(client, Role.SALES_MANAGER)
    first, second = (client.post(reverse("report_screens"), {"name": n}).context["address"] for n in ("A", "B"))
    client.post(reverse("report_screen_close", args=[Screen.objects.get(name="A").pk]))
    client.logout()
    paths = [re.sub(r"^https?://[^/]+", "", address) for address in (first, second)]
    assert [client.get(path).status_code for path in paths] == [404, 200]
    boss.is_active = False
    boss.save()
    assert client.get(paths[1]).status_code == 404
    assert Screen.objects.get().seen_at is not None


@pytest.mark.parametrize("name", ["report_goals", "report_screens", "report_policy", "spend"])
def test_reps_write_nothing_down(client, name):
    as_role(client, Role.REP)
    assert client.get(reverse(name)).status_code == 403
    assert client.post(reverse(name), {}).status_code == 403
