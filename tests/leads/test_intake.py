import pytest
from email_validator import EmailNotValidError, validate_email

from leads.enquiry import read_email
from leads.enums import Channel
from leads.intake import receive
from leads.models import Event, Lead, Standing
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
