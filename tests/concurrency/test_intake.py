"""Many senders at the same moment: one person stays one lead."""

from functools import partial

import pytest

from leads.checks import violations
from leads.enums import Channel
from leads.intake import receive
from leads.models import Event, Identity, Lead, Submission
from tests.concurrency.crowd import at_once
from tests.factories import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
SPELLINGS = ["0912345678", "+84 912 345 678", "0084912345678", "84912345678", "(091) 234.5678"]


def post(payloads):
    return receive(payloads, channel=Channel.API, at=NOW)


def test_fifty_identical_posts_make_one_lead():
    payload = {"source": "ads", "external_id": "L-1", "phone": "0912345678", "name": "Lê Thu Hà"}
    receipts = [r[0] for r in at_once([partial(post, [payload])] * 20)] + [post([payload])[0] for _n in range(30)]
    assert len({r.lead_id for r in receipts}) == 1
    assert [r.outcome for r in receipts].count("created") == 1
    assert (Lead.objects.count(), Submission.objects.count(), Identity.objects.count()) == (1, 1, 1)
    assert list(violations(at=NOW)) == []


def test_one_phone_in_every_spelling_makes_one_lead():
    receipts = at_once([partial(post, [{"phone": SPELLINGS[n % 5], "name": f"N{n}"}]) for n in range(20)])
    assert {r[0].lead_id for r in receipts} == {Lead.objects.get().pk}
    assert Event.objects.filter(kind="lead.created").count() == 1
    assert Event.objects.filter(kind="enquiry.received").count() == 19


def test_overlapping_batches_in_opposite_order_lose_and_double_nobody():
    people = [{"phone": f"09{n:08d}", "email": f"p{n}@b.vn", "source": "s", "external_id": str(n)} for n in range(120)]
    batches = [people, people[::-1], people[40:] + people[:40], people[::2] + people[1::2]]
    receipts = at_once([partial(post, [{**p, "name": str(i)} for p in batch]) for i, batch in enumerate(batches)])
    assert {r.outcome for batch in receipts for r in batch} <= {"created", "matched"}
    assert Lead.objects.count() == 120
    assert Event.objects.filter(kind="lead.created").count() == 120
    assert Submission.objects.filter(state="pending").count() == 0
    assert list(violations(at=NOW)) == []


def test_same_sender_id_with_different_phones_meets_in_one_lead():
    receipts = at_once(
        [partial(post, [{"source": "crm", "external_id": "X", "phone": f"09123456{n:02d}"}]) for n in range(12)]
    )
    assert len({r[0].lead_id for r in receipts}) == 1
    assert Lead.objects.count() == 1
    assert Identity.objects.count() == 1
