"""Enquiries, acts and second merges while two leads are being merged."""

from functools import partial

import pytest

from core.errors import Conflict, NotFound
from leads.calls import log_call
from leads.checks import violations as leads_violations
from leads.enums import Channel
from leads.intake import receive
from leads.merging.joining import merge
from leads.merging.parting import undo_merge
from leads.models import Event, Lead, Merge, Standing, Submission
from scoring.checks import violations as scoring_violations
from sla.checks import violations as sla_violations
from tests.concurrency.crowd import at_once
from tests.factories import NOW, make_lead, make_mql, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def sound():
    return [*leads_violations(at=NOW), *scoring_violations(at=NOW), *sla_violations(at=NOW)]


def enquire(phone, number):
    return receive([{"phone": phone, "note": f"lần {number}"}], channel=Channel.API, at=NOW)[0].lead_id


def quietly(act):
    """The act's answer, or which refusal it met."""
    try:
        return act()
    except (Conflict, NotFound) as refused:
        return type(refused)


def test_enquiries_for_the_merged_lead_land_on_the_survivor():
    make_user()
    one, two = make_lead(phone="0912345678"), make_mql(phone="0987654321")
    acts = [partial(enquire, "0987654321", n) for n in range(10)]
    at_once([*acts[:5], partial(merge, one.pk, two.pk, by=None, at=NOW), *acts[5:]])
    assert enquire("0987654321", 99) == one.pk
    assert Event.objects.filter(kind="enquiry.received").exclude(lead=one).count() == 0
    assert Event.objects.filter(kind="enquiry.received", lead=one).count() == 11
    assert Submission.objects.exclude(lead=one).count() == 0
    assert (Lead.objects.live().get(), Submission.objects.filter(state="pending").count()) == (one, 0)
    assert sound() == []


def test_two_who_merge_the_same_pair_in_both_directions_make_one_lead():
    one, two = make_lead(phone="0912345678"), make_lead(phone="0987654321")
    acts = [partial(merge, a, b, by=None, at=NOW) for a, b in ((one.pk, two.pk), (two.pk, one.pk)) * 3]
    answers = at_once([partial(quietly, act) for act in acts])
    assert sum(isinstance(answer, Merge) for answer in answers) == 1
    assert answers.count(NotFound) == 5
    assert (Standing.objects.count(), Lead.objects.live().count()) == (1, 1)
    assert sound() == []


def test_a_call_on_a_lead_that_is_being_merged_is_logged_or_refused_whole():
    make_user()
    one, two = make_lead(phone="0912345678"), make_mql(phone="0987654321")
    call = partial(log_call, two.pk, by=None, at=NOW, outcome="reached")
    at_once([partial(quietly, call), partial(merge, one.pk, two.pk, by=None, at=NOW), partial(quietly, call)])
    assert sound() == []


def test_many_who_undo_one_merge_undo_it_once():
    one, two = make_lead(phone="0912345678"), make_lead(phone="0987654321")
    made = merge(one.pk, two.pk, by=None, at=NOW)
    undo = partial(undo_merge, made, by=None, at=NOW)
    answers = at_once([partial(quietly, undo)] * 4 + [partial(enquire, "0987654321", n) for n in range(4)])
    assert answers[:4].count(Conflict) == 3
    assert set(answers[4:]) <= {one.pk, two.pk}
    assert Lead.objects.live().count() == 2
    assert sound() == []
