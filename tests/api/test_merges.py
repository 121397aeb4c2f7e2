"""Duplicates, merging and undoing over the API."""

import pytest
from django.urls import reverse

from leads.merging.finding import find_for
from leads.models import Lead, Merge, Standing
from tests.api.caller import Caller, problem
from tests.api.unchanged import unchanged
from tests.factories import NOW, make_lead, make_mql, make_user

pytestmark = pytest.mark.django_db


def twins(**more):
    one = make_lead(phone="0912345678", name="Nguyễn Văn An", **more)
    return one, make_lead(phone="0912345687", name="nguyen van an", city="Vinh")


def test_who_else_this_may_be():
    one, two = twins()
    find_for([one.pk, two.pk], at=NOW)
    (found,) = Caller("leads:read").get(reverse("api_duplicates", args=[one.pk])).data["results"]
    assert found["lead"] == {
        "id": two.pk,
        "name": "nguyen van an",
        "phone": "+84912345687",
        "email": None,
        "company": "",
    }
    assert (found["reason"], found["confidence"]) == ("phone", 90)


def test_a_pair_whose_other_half_is_foreign_is_not_shown():
    rep = make_user()
    one = make_mql(phone="0912345678", name="Nguyễn Văn An")
    two = make_lead(phone="0912345687", name="nguyen van an")
    find_for([one.pk, two.pk], at=NOW)
    caller = Caller(user=rep)
    assert caller.get(reverse("api_duplicates", args=[one.pk])).data == {"results": []}
    assert problem(caller.get(reverse("api_duplicates", args=[two.pk]))) == (404, "not_found")


def test_merge_and_undo():
    one, two = twins(city="Huế")
    caller = Caller("leads:write")
    merged = caller.post(reverse("api_merge", args=[one.pk]), {"other": two.pk, "take": ["city"]})
    assert (merged.status_code, merged.data["lead"]["city"], Standing.objects.count()) == (200, "Vinh", 1)
    undo = reverse("api_merge_undo", args=[merged.data["merge"]])
    assert caller.post(undo, {}).data == {"merge": Merge.objects.get().pk, "leads": [one.pk, two.pk]}
    assert (Lead.objects.get(pk=one.pk).city, Standing.objects.count()) == ("Huế", 2)
    assert problem(caller.post(undo, {})) == (409, "already_undone")


def test_what_cannot_be_merged():
    one, two = twins()
    caller = Caller("leads:write")
    address = reverse("api_merge", args=[one.pk])
    with unchanged():
        assert problem(caller.post(address, {"other": one.pk})) == (422, "same_lead")
        assert problem(caller.post(address, {"other": 10**9})) == (404, "not_found")
        assert problem(caller.post(address, {"other": two.pk, "take": ["score"]}))[0] == 422
        assert problem(caller.post(address, {}))[0] == 422
        assert problem(caller.post(reverse("api_merge_undo", args=[10**9]), {})) == (404, "not_found")
