"""How a request ends: once what was asked has happened, or with the reason in words."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import Role
from core.errors import Conflict, Invalid
from leads.models import Event, PersonRequest
from leads.profile import update_profile
from leads.requests.bundling import prepare
from leads.requests.closing import corrections, fulfil, refuse
from tests.factories import NOW, make_lead, make_user
from tests.leads.requests.asking import ask

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=2)


@pytest.fixture
def admin(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return make_user(Role.ADMIN)


def test_a_correction_is_closed_with_what_was_changed(admin):
    lead = make_lead(name="Hà", city="Huế")
    found = ask("correct", lead=lead)
    with pytest.raises(Invalid) as missing:
        fulfil(found, by=admin, at=LATER)
    assert (missing.value.code, corrections(found)) == ("nothing_changed", [])
    update_profile(lead.pk, by=admin, at=LATER, changes={"name": "Hà My", "city": ""})
    fulfil(found, by=admin, at=LATER + timedelta(minutes=1))
    update_profile(lead.pk, by=admin, at=LATER + timedelta(days=1), changes={"name": "Khác"})
    assert (found.state, found.closed_by, found.closed_at) == ("done", admin, LATER + timedelta(minutes=1))
    changed = sorted((c.field, c.old, c.new) for c in corrections(found))
    assert changed == [("city", "Huế", ""), ("name", "Hà", "Hà My")]
    told = Event.objects.get(lead=lead, kind="lead.answered")
    assert told.properties == {"request": found.pk, "kind": "correct", "state": "done"}


def test_data_must_lie_ready(admin):
    found = ask("access")
    with pytest.raises(Invalid) as missing:
        fulfil(found, by=admin, at=LATER)
    assert missing.value.code == "nothing_prepared"
    prepare(found, by=admin, at=LATER, clock=lambda: LATER)
    fulfil(found, by=admin, at=LATER)
    assert found.state == "done"


def test_an_erasure_is_not_closed_by_a_button(admin):
    with pytest.raises(Conflict) as refused:
        fulfil(ask("delete"), by=admin, at=LATER)
    assert refused.value.code == "erase_instead"


def test_a_refusal_says_why(admin):
    found = ask("access")
    with pytest.raises(Invalid) as refused:
        refuse(found, by=admin, at=LATER, reason="  ")
    assert (refused.value.code, refused.value.field) == ("required", "reason")
    refuse(found, by=admin, at=LATER, reason="Không chứng minh được là ai")
    assert (found.state, found.reason, found.closed_by) == ("refused", "Không chứng minh được là ai", admin)


def test_what_is_closed_stays_closed(admin):
    found = ask("access")
    refuse(found, by=admin, at=LATER, reason="x")
    stale = PersonRequest.objects.get(pk=found.pk)
    for act in (
        lambda: refuse(stale, by=admin, at=LATER, reason="y"),
        lambda: fulfil(stale, by=admin, at=LATER),
        lambda: prepare(stale, by=admin, at=LATER, clock=lambda: LATER),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "already_closed"
    assert PersonRequest.objects.get(pk=found.pk).reason == "x"


def test_after_a_refusal_the_person_may_ask_again(admin):
    lead = make_lead()
    first = ask("access", lead=lead)
    refuse(first, by=admin, at=LATER, reason="x")
    assert ask("access", lead=lead).pk != first.pk


@pytest.mark.parametrize(
    "broken",
    [{"state": "done"}, {"state": "refused", "closed_at": NOW}, {"ground": "asked"}, {"objects_to": ["calls"]}],
)
def test_the_database_refuses_half_a_truth(admin, broken):
    found = ask("access")
    if broken.get("state") == "refused":
        broken = {**broken, "closed_by": admin}
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonRequest.objects.filter(pk=found.pk).update(**broken)
