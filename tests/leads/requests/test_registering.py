"""The register: what is kept of a request, until when, and of whom."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.enums import Role
from core.errors import Conflict, Invalid, NotFound
from leads.enums import RequestKind
from leads.merging.joining import merge
from leads.models import Event, PersonRequest, Policy
from leads.requests.registering import days_for, erasure_of, person_of, requests_of
from tests.factories import NOW, make_lead, make_user
from tests.leads.requests.asking import TODAY, ask

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("kind", "days"), [("access", 10), ("correct", 10), ("delete", 20), ("object", 15)])
def test_each_kind_has_its_days(kind, days):
    more = {"objects_to": ["calls"]} if kind == "object" else {}
    found = ask(kind, **more)
    assert (found.due_on, found.state, found.ground) == (
        TODAY + timedelta(days=days), "open", "asked" if kind == "delete" else ""
    )  # fmt: skip
    told = Event.objects.get(lead=found.lead, kind="lead.asked")
    assert told.properties == {"request": found.pk, "kind": kind}


def test_days_are_the_administrators():
    Policy.objects.create(pk=1, access_days=3)
    assert ask("access").due_on == date(2026, 11, 26)


@given(days=st.lists(st.integers(0, 400), min_size=4, max_size=4))
def test_days_of_a_kind_are_its_own(days):
    policy = Policy(access_days=days[0], correct_days=days[1], erasure_days=days[2], object_days=days[3])
    assert [days_for(kind, policy) for kind in RequestKind] == days


def test_who_asked_how_and_why_is_kept():
    found = ask("correct", asked_by=" Luật sư Hà ", note="Sai tên\r\nvà số", channel="letter")
    assert (found.asked_by, found.note, found.channel) == ("Luật sư Hà", "Sai tên\nvà số", "letter")


def test_asked_again_while_it_is_open_adds_to_it():
    lead = make_lead()
    first = ask("object", lead=lead, objects_to=["advertising"], note="Đừng gửi thư")
    again = ask("object", lead=lead, objects_to=["calls"], note="Đừng gọi", asked_on=TODAY - timedelta(days=1))
    ask("object", lead=lead, objects_to=["calls"], note="Đừng gọi", asked_on=TODAY - timedelta(days=1))
    assert (again.pk, PersonRequest.objects.count()) == (first.pk, 1)
    again.refresh_from_db()
    assert (again.objects_to, again.note) == (["calls", "advertising"], "Đừng gửi thư\nĐừng gọi")
    assert again.due_on == date(2026, 12, 7)
    assert Event.objects.filter(kind="lead.asked").count() == 1


def test_other_kinds_stand_beside_it():
    lead = make_lead()
    ask("access", lead=lead)
    erasing = ask("delete", lead=lead, ground="purpose")
    assert [one.kind for one in requests_of(lead)] == ["delete", "access"]
    assert erasure_of(lead) == erasing


def test_a_refused_erasure_is_none():
    lead = make_lead()
    PersonRequest.objects.filter(pk=ask("delete", lead=lead).pk).update(
        state="refused", reason="x", closed_at=NOW, closed_by=make_user()
    )
    assert erasure_of(lead) is None


def test_what_can_not_be():
    lead = make_lead()
    for said, code in (({"asked_on": date(2026, 12, 1)}, "in_future"), ({"kind": "object"}, "required")):
        with pytest.raises(Invalid) as refused:
            ask(said.pop("kind", "access"), lead=lead, **said)
        assert refused.value.code == code
    with pytest.raises(NotFound):
        ask("access", lead=type(lead)(pk=lead.pk + 999))
    type(lead).objects.filter(pk=lead.pk).update(erased_at=NOW)
    with pytest.raises(Conflict) as refused:
        ask("access", lead=lead)
    assert refused.value.code == "already_erased"


def test_a_request_of_a_merged_lead_is_its_survivors():
    lead, other = make_lead(), make_lead()
    mine, theirs = ask("access", lead=lead), ask("access", lead=other)
    merge(lead.pk, other.pk, by=make_user(Role.ADMIN), at=NOW)
    theirs.refresh_from_db()
    assert (person_of(mine), person_of(theirs)) == (lead.pk, lead.pk)
