"""Whose a campaign is, over the API: read by a key, set in person."""

import pytest
from django.utils import timezone

from accounts.enums import Role
from reports.models import Campaign
from tests.api.caller import Caller, problem
from tests.api.unchanged import unchanged
from tests.factories import make_lead, make_user

pytestmark = pytest.mark.django_db
PATH = "campaigns/"


@pytest.fixture
def marketer():
    make_lead(source="Facebook", campaign="Tết", at=timezone.now())
    return make_user(Role.MARKETER, full_name="Mai")


def body(owner):
    return {"source": "Facebook", "campaign": "Tết", "owner": owner}


def test_a_campaign_gets_its_marketer_and_loses_it(api, marketer):
    mine = Caller(user=marketer)
    assert api.get(PATH).data == {"results": [{"source": "Facebook", "campaign": "Tết", "leads": 1, "owner": None}]}
    given = mine.send("PUT", PATH, body(marketer.pk))
    assert given.data["results"][0]["owner"] == {"id": marketer.pk, "name": "Mai"}
    assert (Campaign.objects.get().owner, Campaign.objects.get().by) == (marketer, marketer)
    assert mine.send("PUT", PATH, body(None)).data["results"][0]["owner"] is None
    assert not Campaign.objects.exists()


def test_a_key_does_not_say_whose_it_is(api, marketer):
    with unchanged():
        assert problem(api.send("PUT", PATH, body(marketer.pk))) == (403, "permission_denied")


@pytest.mark.parametrize("more", [{"campaign": ""}, {"owner": 0}, {"owner": "x"}, {"colour": "red"}])
def test_what_can_not_be(marketer, more):
    mine = Caller(user=marketer)
    with unchanged():
        assert mine.send("PUT", PATH, {**body(marketer.pk), **more}).status_code == 422


def test_only_people_of_marketing_answer_for_campaigns(marketer):
    seller = make_user(Role.REP)
    gone = make_user(Role.MARKETER, is_active=False)
    mine = Caller(user=marketer)
    with unchanged():
        for owner in (seller, gone):
            assert mine.send("PUT", PATH, body(owner.pk)).status_code == 422
