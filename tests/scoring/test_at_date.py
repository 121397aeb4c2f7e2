"""The score of a day on a page of its own: what it was then, whatever has happened since."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from tests.factories import make_lead
from tests.pages import EARLIER, as_role

pytestmark = pytest.mark.django_db


def test_a_day_of_the_past_shows_its_score_and_rows():
    lead = make_lead(at=EARLIER, event={"kind": "form.contact"})
    client, _user = as_role(Role.MARKETER, language="en")
    page = reverse("score_on", args=[lead.pk])
    before, born, today = (
        (timezone.localdate(EARLIER) - timedelta(days=1)).isoformat(),
        timezone.localdate(EARLIER).isoformat(),
        timezone.localdate().isoformat(),
    )
    assert client.get(page, {"on": before}).context["why"].score == 0
    assert "No points by that day." in client.get(page, {"on": before}).content.decode()
    answer = client.get(page, {"on": born})
    assert (answer.context["why"].score, answer.context["why"].entries[0].points) == (50, 50)
    assert client.get(page).context["why"] == client.get(page, {"on": today}).context["why"]
    assert page in client.get(reverse("lead", args=[lead.pk])).content.decode()


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "x", "", "2026-13-01"])
def test_an_impossible_day_says_so_and_shows_today(day):
    lead = make_lead(at=EARLIER)
    client, _user = as_role(Role.MARKETER)
    answer = client.get(reverse("score_on", args=[lead.pk]), {"on": day})
    assert (answer.status_code, answer.context["day"]) == (200, timezone.localdate())
    assert answer.context["form"].errors


def test_a_lead_of_others_is_not_found():
    client, _user = as_role(Role.REP)
    assert client.get(reverse("score_on", args=[make_lead(at=EARLIER).pk])).status_code == 404
