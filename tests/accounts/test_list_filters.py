"""What the list of teams can be narrowed down to."""

import pytest
from django.http import QueryDict

from accounts.filters import TeamFilter
from accounts.models import Team
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Miền Bắc", "Nội dung"]),
        ("q=mien", ["Miền Bắc"]),
        ("q=thu+ha", ["Miền Bắc"]),
        ("side=marketing", ["Nội dung"]),
        ("side=marketing&q=mien", []),
        ("side=?", ["Miền Bắc", "Nội dung"]),
    ],
)
def test_teams_by_their_name_their_people_and_side(query, names):
    north = Team.objects.create(name="Miền Bắc", side="sales")
    Team.objects.create(name="Nội dung", side="marketing")
    make_user(full_name="Lê Thu Hà", team=north)
    teams = Team.objects.prefetch_related("members").order_by("pk").filter(name__in=["Miền Bắc", "Nội dung"])
    assert [team.name for team in TeamFilter(QueryDict(query)).among(teams)] == names
