"""Drafting the agreement, comparing its versions, and signing it over the API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.enums import Role
from sla.models import Agreement, AgreementEntry
from tests.api.caller import Caller, problem
from tests.api.unchanged import unchanged
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def tomorrow() -> str:
    return str(timezone.localdate() + timedelta(days=1))


def manager(role: str) -> Caller:
    return Caller(user=make_user(role))


def test_a_draft_is_opened_edited_and_given_up_by_an_integration(api):
    assert problem(api.get("agreement/draft/")) == (404, "not_found")
    opened = api.post("agreement/draft/").data
    assert (opened["version"], opened["state"], opened["revision"]) == (2, "draft", 1)
    assert problem(api.post("agreement/draft/")) == (409, "draft_exists")
    edited = api.patch("agreement/draft/", {"revision": 1, "invalid_rate": 15, "note": "Ít số ảo hơn"}).data
    assert (edited["revision"], edited["terms"]["invalid_rate"], edited["note"]) == (2, 15, "Ít số ảo hơn")
    assert api.get("agreement/draft/").data == edited
    assert problem(api.patch("agreement/draft/", {"revision": 1, "invalid_rate": 10})) == (409, "changed_meanwhile")
    assert problem(api.send("DELETE", "agreement/draft/")) == (409, "changed_meanwhile")
    assert api.send("DELETE", "agreement/draft/?revision=2").status_code == 204
    assert (Agreement.objects.count(), set(AgreementEntry.objects.values_list("by", flat=True))) == (1, {None})


@pytest.mark.parametrize(
    "terms",
    [
        {"invalid_rate": 101},
        {"invalid_rate": -1},
        {"bant_minimum": "viel"},
        {"sql_rule": "mood"},
        {"first_touch_hot_minutes": 500},
        {"in_force_from": "2000-01-01"},
        {"in_force_from": "tomorrow"},
        {"version": 7},
        {"signed_by_sales": 1},
    ],
)
def test_terms_that_can_not_be_are_refused(api, terms):
    api.post("agreement/draft/")
    with unchanged():
        assert api.patch("agreement/draft/", {"revision": 1, **terms}).status_code == 422


def test_an_edit_names_the_revision_that_was_read(api):
    api.post("agreement/draft/")
    assert api.patch("agreement/draft/", {"invalid_rate": 10}).data["errors"][0]["field"] == "revision"


def test_both_managers_sign_in_person_and_no_key_does(api):
    api.post("agreement/draft/")
    api.patch("agreement/draft/", {"revision": 1, "in_force_from": tomorrow()})
    with unchanged():
        assert problem(api.post("agreement/draft/sign/", {"revision": 2})) == (403, "permission_denied")
    one = manager(Role.MARKETING_MANAGER).post("agreement/draft/sign/", {"revision": 2}).data
    assert (one["state"], [signed["side"] for signed in one["signatures"]]) == ("draft", ["marketing"])
    sales = manager(Role.SALES_MANAGER)
    assert problem(sales.post("agreement/draft/sign/", {"revision": 1})) == (409, "changed_meanwhile")
    both = sales.post("agreement/draft/sign/", {"revision": 2}).data
    assert (both["state"], [signed["side"] for signed in both["signatures"]]) == ("agreed", ["marketing", "sales"])


def test_an_edit_over_the_api_voids_signatures(api):
    api.post("agreement/draft/")
    api.patch("agreement/draft/", {"revision": 1, "in_force_from": tomorrow()})
    manager(Role.MARKETING_MANAGER).post("agreement/draft/sign/", {"revision": 2})
    assert api.patch("agreement/draft/", {"revision": 2, "attempts": 4}).data["signatures"] == []


def test_any_two_versions_are_compared(api):
    api.post("agreement/draft/")
    api.patch("agreement/draft/", {"revision": 1, "mql_per_month": 1200, "decision_days": 2})
    data = api.get("agreement/versions/2/differences/1/", Accept_Language="en").data
    assert (data["version"], data["from"]) == (2, 1)
    changed = {one["term"]: (one["before"], one["after"]) for one in data["differences"]}
    assert changed["qualified hand-offs per month"] == ("100", "1,200")
    assert changed["business days to a decision"] == ("3", "2")
    back = api.get("agreement/versions/1/differences/2/", Accept_Language="en").data["differences"]
    assert {one["term"]: (one["after"], one["before"]) for one in back} == changed
    assert api.get("agreement/versions/1/differences/1/").data["differences"] == []
    for pair in ("2/differences/9", f"{10**20}/differences/1"):
        assert problem(api.get(f"agreement/versions/{pair}/")) == (404, "not_found")


def test_an_entry_of_an_integration_is_shown_as_such(api):
    api.post("agreement/draft/")
    boss = manager(Role.SALES_MANAGER)
    assert "một tích hợp" in boss.client.get("/agreement/2/").content.decode()
