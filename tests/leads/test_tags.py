from datetime import timedelta

import pytest

from core.errors import Invalid
from leads.models import Event, Lead, Standing
from leads.tags import MOST_TAGS, tag_lead
from scoring.checks import violations
from tests.factories import NOW, make_lead, make_user

pytestmark = pytest.mark.django_db


def test_tag_lead_pins_cleaned_words_once_and_records_them():
    lead, user = make_lead(), make_user()
    tag_lead(lead.pk, by=user, at=NOW, add=[" VIP ", "Tết", "VIP", " "])
    lead.refresh_from_db()
    assert (lead.tags, lead.updated_at) == (["VIP", "Tết"], NOW)
    event = Event.objects.get(lead=lead, kind="lead.updated")
    assert (event.actor, event.properties) == (user, {"tags": {"added": ["VIP", "Tết"], "removed": []}})


def test_tag_lead_takes_off_and_records():
    lead = make_lead()
    tag_lead(lead.pk, by=None, at=NOW, add=["a", "b"])
    tag_lead(lead.pk, by=None, at=NOW, add=["c"], remove=["a", "unknown"])
    assert Lead.objects.get().tags == ["b", "c"]
    assert Event.objects.filter(kind="lead.updated").latest("pk").properties == {
        "tags": {"added": ["c"], "removed": ["a"]}
    }


def test_tag_lead_that_changes_nothing_records_nothing():
    lead = make_lead()
    tag_lead(lead.pk, by=None, at=NOW, add=["a"])
    tag_lead(lead.pk, by=None, at=NOW, add=["a"], remove=["b"])
    assert Event.objects.filter(kind="lead.updated").count() == 1


def test_tag_lead_has_a_limit_and_writes_nothing_beyond_it():
    lead = make_lead()
    with pytest.raises(Invalid) as refusal:
        tag_lead(lead.pk, by=None, at=NOW, add=[f"t{n}" for n in range(MOST_TAGS + 1)])
    assert (refusal.value.code, refusal.value.field) == ("too_many", "tag")
    assert Lead.objects.get().tags == []


def test_a_tag_takes_no_points_of_the_profile_away():
    lead = make_lead(title="Giám đốc")
    before = Standing.objects.get(pk=lead.pk).fit
    tag_lead(lead.pk, by=make_user(), at=NOW + timedelta(minutes=1), add=["nóng"])
    assert (before, Standing.objects.get(pk=lead.pk).fit) == (15, 15)
    assert list(violations(at=NOW + timedelta(minutes=1))) == []
