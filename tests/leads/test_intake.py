import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from email_validator import EmailNotValidError, validate_email

from leads import events
from leads.enquiry import read_email
from leads.enums import Channel
from leads.handoffs import MANY
from leads.intake import receive
from leads.models import Event, Lead, Standing, Submission
from tests.factories import NOW, arrive

pytestmark = pytest.mark.django_db


def test_receive_makes_a_lead_with_standing_and_event():
    receipt = arrive(name="Nguyễn Thị Ánh", phone="0168 234 5678", email="Anh@Example.com")
    lead = Lead.objects.get()
    assert (receipt.outcome, receipt.lead_id) == ("created", lead.pk)
    assert (lead.phone, lead.email, lead.name) == ("+84382345678", "anh@example.com", "Nguyễn Thị Ánh")
    assert Standing.objects.get().lead_id == lead.pk
    assert list(Event.objects.values_list("kind", flat=True)) == ["lead.created"]


def test_receive_same_person_twice_in_one_batch_meets_itself():
    receipts = receive(
        [{"phone": "0912345678", "name": "A"}, {"phone": "+84 912 345 678", "email": "a@b.vn"}],
        channel=Channel.API,
        at=NOW,
    )
    assert [r.outcome for r in receipts] == ["created", "matched"]
    assert Lead.objects.get().email == "a@b.vn"
    assert list(Event.objects.order_by("pk").values_list("kind", flat=True)) == [
        "lead.created",
        "enquiry.received",
        "lead.updated",
    ]


def test_receive_replay_of_a_sender_changes_nothing():
    payload = {"source": "crm", "external_id": "77", "name": "B"}
    first = receive([payload], channel=Channel.API, at=NOW)[0]
    events = Event.objects.count()
    again = receive([payload], channel=Channel.API, at=NOW)[0]
    assert (again.outcome, again.matched_by, again.lead_id) == ("matched", "external_id", first.lead_id)
    assert Event.objects.count() == events


def test_receive_the_same_content_twice_in_one_call_is_one_enquiry():
    payload = {"source": "crm", "external_id": "77", "name": "B"}
    first, again = receive([payload, payload], channel=Channel.API, at=NOW)
    assert (first.outcome, again.outcome, again.lead_id) == ("created", "matched", first.lead_id)
    assert Submission.objects.get().pk == first.submission_id == again.submission_id


def test_receive_writes_what_came_once_with_its_outcome():
    with CaptureQueriesContext(connection) as asked:
        receipt = arrive(phone="0912345678")
    about = [query["sql"] for query in asked if "leads_submission" in query["sql"] or "EXECUTE" in query["sql"]]
    assert len(about) <= 7  # who it is, the lead, what came, what happened, the model, points, where it stands
    submission = Submission.objects.get()
    assert (submission.outcome, submission.lead_id, submission.state) == ("created", receipt.lead_id, "done")


def test_receive_tries_the_careful_way_when_all_at_once_fails(monkeypatch):
    known, failures = list(events._subscribers), [RuntimeError("once")]

    def fails_once(_batch):
        if failures:
            raise failures.pop()

    monkeypatch.setattr(events, "_subscribers", [fails_once, *known])
    receipt = arrive(phone="0912345678", name="A")
    submission = Submission.objects.get()
    assert (receipt.outcome, receipt.lead_id) == ("created", Lead.objects.get().pk)
    assert (submission.pk, submission.state) == (receipt.submission_id, "done")
    assert list(Event.objects.values_list("kind", flat=True)) == ["lead.created"]


def test_receive_keeps_what_fails_both_ways_for_the_worker(monkeypatch):
    def fails(_batch):
        raise RuntimeError("always")

    monkeypatch.setattr(events, "_subscribers", [fails])
    receipt = arrive(phone="0912345678")
    submission = Submission.objects.get()
    assert (receipt.outcome, receipt.lead_id, receipt.submission_id) == ("queued", None, submission.pk)
    assert (submission.state, Lead.objects.count(), Event.objects.count()) == ("pending", 0, 0)


def test_receive_of_many_stands_each_lead_where_it_belongs():
    people = [
        {"phone": f"09123{n:05d}", "event": {"kind": "meeting.booked" if n % 3 == 0 else "page.viewed"}}
        for n in range(MANY + 20)
    ]
    receipts = receive(people, channel=Channel.API, at=NOW)
    rows = Standing.objects.in_bulk([receipt.lead_id for receipt in receipts])
    stands = [(rows[r.lead_id].stage, rows[r.lead_id].score, rows[r.lead_id].handoff_open) for r in receipts]
    assert stands == [("mql", 75, True) if n % 3 == 0 else ("contact", 3, False) for n in range(MANY + 20)]


@pytest.mark.parametrize(
    "local", ["An.Nguyen", "a", "a+b_c-d", "x" * 64, "x" * 65, "a..b", ".a", "a.", "-a", "a b", "đạt"]
)
@pytest.mark.parametrize(
    "domain", ["Gmail.com", "congty.com.vn", "bad-.com", "-x.vn", "a..b", "localhost", "x.test", "1.2", ""]
)
def test_plain_addresses_are_read_as_the_library_reads_them(local, domain):
    typed = f"{local}@{domain}"
    try:
        known = validate_email(typed, check_deliverability=False, allow_display_name=True).normalized.lower()
    except EmailNotValidError:
        known = None
    assert read_email(typed) == known
