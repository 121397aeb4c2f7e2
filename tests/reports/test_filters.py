"""What the lists behind the reports can be narrowed down to; the filter stays while one works in the list."""

from datetime import date

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from leads.models import Spend
from reports.campaigns import KNOWN, Named
from reports.filters import CampaignFilter, GoalFilter, SpendFilter
from reports.models import Goal
from tests.factories import NOW, make_team, make_user
from tests.pages import as_role

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Tết", "Hè"]),
        ("q=tet", ["Tết"]),
        ("q=facebook", ["Tết"]),
        ("q=nam+he", ["Hè"]),
        ("owner=none", ["Tết"]),
        ("owner=any", ["Hè"]),
        ("owner=?&q=zz", []),
    ],
)
def test_campaigns_by_words_and_by_who_answers(query, names):
    nam = make_user(Role.MARKETER, full_name="Nam")
    rows = [Named("Facebook", "Tết", 3, None), Named("Google", "Hè", 2, nam)]
    assert [one.name for one in CampaignFilter(QueryDict(query)).among(rows)] == names


def test_spend_by_campaign_or_source():
    for source, campaign in (("Facebook", "Tết"), ("Báo", "Tờ rơi")):
        Spend.objects.create(day=date(2026, 11, 4), source=source, campaign=campaign, amount=1, at=NOW)
    found = [
        [row.source for row in SpendFilter(QueryDict(query)).among(Spend.objects.order_by("-source"))]
        for query in ("", "q=tết", "q=báo", "q=zz")
    ]
    assert found == [["Facebook", "Báo"], ["Facebook"], ["Báo"], []]


def test_targets_by_figure_and_whose():
    by, rep, team = make_user(Role.ADMIN), make_user(full_name="Trần Huy"), make_team()
    for kpi, more in (("won", {"owner": rep}), ("leads", {"source": "Facebook"}), ("sql", {"team": team}), ("mql", {})):
        given = {"owner": None, "team": None, "source": "", **more}
        Goal.objects.create(month=date(2026, 11, 1), kpi=kpi, value=5, by=by, at=NOW, **given)
    found = [
        [row.kpi for row in GoalFilter(QueryDict(query)).among(Goal.objects.order_by("pk"))]
        for query in ("", "q=tran", "q=face", f"q={team.name}", "q=moi", "kpi=sql", "kpi=sql&q=tran")
    ]
    assert found == [["won", "leads", "sql", "mql"], ["won"], ["leads"], ["sql"], ["mql"], ["sql"], []]


def test_a_campaign_beyond_what_is_shown_is_found_by_its_name():
    client, _user = as_role(Role.MARKETER)
    spent = [
        Spend(day=timezone.localdate(), source="Báo", campaign=f"C{n:04}", amount=1, at=NOW) for n in range(KNOWN + 1)
    ]
    Spend.objects.bulk_create(spent)
    assert len(client.get(reverse("campaigns")).context["rows"]) == KNOWN
    last = client.get(reverse("campaigns"), {"q": f"c{KNOWN:04}"}).context["rows"]
    assert [one.name for one in last] == [f"C{KNOWN:04}"]
