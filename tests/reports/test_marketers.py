"""Whose campaigns bring what: each figure counted by hand, and opening into as many rows."""

from datetime import date

import pytest
from django.urls import reverse

from core.errors import NotFound
from leads.models import Handoff, Spend, Standing
from reports.campaigns import named, set_owner
from reports.evidence import evidence
from reports.marketers import OPENED, marketers
from reports.models import Campaign
from reports.scope import Scope
from tests.factories import NOW, make_lead, make_user
from tests.reports.history import WEEK, counted, make_history
from tests.reports.rolling import roll

pytestmark = pytest.mark.django_db
OF = {"first": "Tết", "second": "Tết", "third": "Search", "fourth": "Search", "earlier": "Tết"}
COUNTS = ("name", "leads", "offered", "accepted", "won", "revenue", "invalid", "spend", "cost_per_sql")


@pytest.fixture(params=["from the rows", "rolled up"])
def history(request, db, at_ten):
    """The little history with campaigns: Tết is Mai's, Search is Nam's, the fifth and sixth are nobody's."""
    made = make_history()
    for name, campaign in OF.items():
        Standing.objects.filter(pk=made.leads[name].pk).update(campaign=campaign)
        Handoff.objects.filter(lead=made.leads[name]).update(campaign=campaign)
    made.mai, made.nam = make_user("marketer", full_name="Mai"), make_user("marketer", full_name="Nam")
    set_owner(source="Facebook", name="Tết", owner=made.mai, by=made.mai, at=NOW)
    set_owner(source="Google", name=" Search ", owner=made.nam, by=made.mai, at=NOW)
    Spend.objects.create(day=date(2026, 11, 3), source="Facebook", campaign="Tết", amount=400_000, at=NOW)
    Spend.objects.create(day=date(2026, 11, 9), source="Facebook", campaign="Tết", amount=9_000_000, at=NOW)
    Spend.objects.create(day=date(2026, 11, 4), source="Báo", amount=70_000, at=NOW)
    if request.param == "rolled up":
        roll(at=NOW)
    return made


def picked(table, *keys):
    return [tuple(record[key] for key in keys) for record in table.records()]


def test_marketers_are_ranked_by_what_their_campaigns_brought(history):
    assert picked(marketers(history.scope()), *COUNTS) == [
        ("Mai", 2, 2, 1, 1, 100_000_000, 0, 400_000, 400_000),
        ("Nam", 2, 2, 0, 0, 0, 2, None, None),
        ("Chiến dịch chưa có người phụ trách", 2, 1, 0, 0, 0, 0, 70_000, None),
    ]
    rates = picked(marketers(history.scope()), "rate", "invalid_rate")
    assert rates == [(0.5, 0.0), (0.0, 1.0), (0.0, None)]


def test_filters_narrow_the_ranking_and_hide_spend_that_cannot_be_narrowed(history):
    found = marketers(history.scope(owner=history.an.pk))
    assert picked(found, "name", "offered", "spend") == [
        ("Mai", 2, None),
        ("Chiến dịch chưa có người phụ trách", 1, None),
    ]
    assert picked(marketers(history.scope(source="Google")), "name", "leads") == [
        ("Nam", 2),
        ("Chiến dịch chưa có người phụ trách", 1),
    ]


def test_another_marketer_takes_the_past_with_the_campaign(history):
    set_owner(source="Facebook", name="Tết", owner=history.nam, by=history.nam, at=NOW)
    set_owner(source="Google", name="Search", owner=None, by=history.nam, at=NOW)
    assert picked(marketers(history.scope()), "name", "leads", "offered") == [
        ("Nam", 2, 2),
        ("Chiến dịch chưa có người phụ trách", 4, 3),
    ]
    with pytest.raises(NotFound):
        set_owner(source="Google", name="  ", owner=history.nam, by=history.nam, at=NOW)


def test_every_figure_opens_into_as_many_rows(history, client):
    client.force_login(make_user("marketing_manager"))
    for row in marketers(history.scope()).rows:
        for column in OPENED.keys() - {"revenue"}:
            assert counted(client.get(row.hrefs[column]).context) == row.values[column], row.hrefs[column]
    with pytest.raises(NotFound):
        evidence(history.scope(), "offered", {"marketer": "?"})


def test_campaigns_without_a_marketer_come_first(history):
    make_lead(at=NOW, source="Zalo OA", campaign="Mới")
    Spend.objects.create(day=date(2026, 11, 4), source="Báo", campaign="Tờ rơi", amount=1, at=NOW)
    assert [(one.source, one.name, one.leads, one.owner) for one in named(at=NOW)] == [
        ("Zalo OA", "Mới", 1, None),
        ("Báo", "Tờ rơi", 0, None),
        ("Facebook", "Tết", 3, history.mai),
        ("Google", "Search", 2, history.nam),
    ]


def give(client, owner, **campaign):
    return client.post(reverse("campaign_marketer"), {**campaign, "owner": owner})


SEARCH = {"source": "Google", "name": "Search"}


def test_a_marketer_says_whose_a_campaign_is(history, client):
    client.force_login(history.mai)
    page = client.get(reverse("campaigns"))
    assert [row.name for row in page.context["rows"]] == ["Tết", "Search"]
    answer = give(client, history.mai.pk, **SEARCH)
    assert (answer.status_code, answer["HX-Refresh"]) == (204, "true")
    assert Campaign.objects.get(name="Search").owner == history.mai
    give(client, "", **SEARCH)
    assert not Campaign.objects.filter(name="Search").exists()
    told = [str(message) for message in client.get(reverse("campaigns")).context["messages"]]
    assert told == ["Đã ghi người phụ trách của “Search”.", "“Search” giờ chưa có người phụ trách."]


def test_the_list_asks_for_the_people_only_when_a_campaign_is_given(history, client):
    client.force_login(history.mai)
    assert "<select" not in client.get(reverse("campaigns")).content.decode().partition("<tbody>")[2]
    asked = client.get(reverse("campaign_marketer"), SEARCH).content.decode()
    assert f'<option value="{history.nam.pk}" selected>Nam</option>' in asked
    assert f'<option value="{history.an.pk}"' not in asked


def test_a_campaign_of_no_source_is_given_too(history, client):
    Spend.objects.create(day=date(2026, 11, 4), source="", campaign="Truyền miệng", amount=1, at=NOW)
    client.force_login(history.mai)
    assert give(client, history.mai.pk, source="", name="Truyền miệng").status_code == 204
    assert Campaign.objects.get(source="").owner == history.mai


def test_only_marketing_people_answer_for_campaigns(history, client):
    client.force_login(history.mai)
    answer = give(client, history.an.pk, **SEARCH)
    assert (answer.status_code, Campaign.objects.get(name="Search").owner) == (422, history.nam)
    assert give(client, history.mai.pk).status_code == 422  # of no campaign
    client.force_login(history.an)
    assert [client.get(reverse(page)).status_code for page in ("campaigns", "campaign_marketer")] == [403, 403]


def test_a_marketer_who_has_left_is_still_named_and_may_stay(history, client):
    history.nam.is_active = False
    history.nam.save()
    client.force_login(history.mai)
    assert "Người phụ trách “Search”: Nam" in client.get(reverse("campaigns")).content.decode()
    assert give(client, history.nam.pk, **SEARCH).status_code == 204
    assert Campaign.objects.get(name="Search").owner == history.nam
    assert give(client, history.nam.pk, source="Zalo OA", name="Khác").status_code == 422


def test_the_ranking_stands_on_the_people_page_and_in_the_api(history, client):
    client.force_login(make_user("marketing_manager"))
    asked = {"from": WEEK.first, "to": WEEK.last}
    page = client.get(reverse("report", args=["people"]), asked)
    assert page.context["blocks"]["marketers"].content["table"].records()[0]["name"] == "Mai"
    answer = client.get(reverse("api_report_marketers"), asked).json()
    first = answer["results"][0]
    assert (first["name"], first["accepted"], first["cost_per_sql"]) == ("Mai", 1, 400_000)
    assert answer["results"] == marketers(Scope(WEEK, NOW)).records()
