"""Single leads at the same moment, over the API's door: taken in together, each with its own answer."""

from functools import partial

import pytest

from api.callers import Caller
from api.enums import Scope
from api.keys import create_key
from api.v1.arrivals import take_in
from leads.checks import violations
from leads.enquiry import read_enquiry
from leads.enums import Channel
from leads.models import Event, Lead, Submission
from tests.concurrency.crowd import at_once
from tests.factories import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


@pytest.fixture
def caller(request):
    return Caller(key=create_key(request.node.name, [Scope.LEADS_WRITE], by=None, at=NOW)[0])


def enquiry(**payload):
    read, problems = read_enquiry(payload, default_source=Channel.API)
    assert problems == []
    return read


def test_everybody_gets_the_answer_to_their_own_lead(caller):
    people = [enquiry(name=f"Người {n}", phone=f"09{n:08d}", external_id=f"{n}", source="s") for n in range(40)]
    taken = at_once([partial(take_in, caller, person) for person in people])
    assert [(receipt.outcome, row.name) for receipt, row in taken] == [("created", p.name) for p in people]
    assert [row.id for _receipt, row in taken] == [receipt.lead_id for receipt, _row in taken]
    assert Lead.objects.count() == Submission.objects.filter(state="done", client=caller.client).count() == 40
    assert list(violations(at=NOW)) == []


def test_one_person_at_several_doors_is_one_lead(caller):
    taken = at_once([partial(take_in, caller, enquiry(phone="0912345678", name=f"N{n}")) for n in range(24)])
    assert sorted(receipt.outcome for receipt, _row in taken) == ["created"] + ["matched"] * 23
    assert {row.id for _receipt, row in taken} == {Lead.objects.get().pk}
    assert Event.objects.filter(kind="enquiry.received").count() == 23
