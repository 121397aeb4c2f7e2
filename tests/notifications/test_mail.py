"""What an e-mail says, and what it keeps to itself."""

import pytest

from notifications.enums import Channel, Kind
from notifications.mail import compose, message_id
from notifications.models import Delivery
from tests.factories import make_lead, make_user
from tests.notifications.makers import make_delivery, say

pytestmark = pytest.mark.django_db


def make_mail(language="en", **lead):
    lead.setdefault("name", "Lê Thị Hoa")
    return make_delivery(make_user(language=language, full_name="Trần Huy"), channel=Channel.EMAIL, **lead)


def test_mail_says_who_why_and_where():
    row = make_mail(company="Hoa Sen", source="google-ads", phone="0912345678", email="hoa@example.com")
    message = compose(row, last_action="Asked for a demo")
    assert message.subject == "A new lead for you: Lê Thị Hoa (0 points)"
    assert message.body == (
        "Hello Trần Huy,\n\n"
        "A new lead for you.\n\n"
        "Lê Thị Hoa – Hoa Sen\n"
        "Score: 0 (C3)\n"
        "Last action: Asked for a demo\n"
        "Source: google-ads\n"
        f"\nOpen the lead: http://127.0.0.1:8000/leads/{row.lead_id}/\n"
        "\n--\n"
        "You choose which e-mails LeadFlow sends you: http://127.0.0.1:8000/notifications/preferences/\n"
    )


def test_mail_speaks_the_recipients_language():
    message = compose(make_mail("vi"), last_action="")
    assert message.subject == "Lead mới cho bạn: Lê Thị Hoa (0 điểm)"
    assert message.body.startswith("Chào Trần Huy,\n\nLead mới cho bạn.\n")


def test_mail_about_a_promise_says_until_when():
    user = make_user(language="en")
    event = say(Kind.BREACHED, make_lead(), owner=user.pk, promise="first_touch", due_at="2026-11-23T07:05:00+00:00")
    row = Delivery.objects.with_subject().get(event=event, channel=Channel.EMAIL)
    message = compose(row, last_action="")
    assert message.subject.startswith("A promise was not kept in time: ")
    assert "First touch · due 14:05 " in message.body
    assert "First touch · due 14:05 " in message.alternatives[0].content


def test_mail_keeps_phone_and_address_of_the_lead_to_itself():
    message = compose(make_mail(phone="0912345678", email="hoa@example.com"), last_action="")
    everything = str(message.message()) + message.body + message.alternatives[0].content
    assert "912345678" not in everything
    assert "hoa@example.com" not in everything


def test_names_cannot_break_out_of_the_mail():
    row = make_mail()
    row.lead.name = "Hoa\r\nBcc: all@example.com\x0b<script>alert(1)</script>"
    row.lead.company = "<b>Sen</b> & Co"
    row.recipient.full_name = 'Huy", <evil@example.com>\r\nBcc: x@example.com'
    message = compose(row, last_action="")
    sent = message.message()
    assert sent["Bcc"] is None
    assert message.recipients()[0].endswith(f"<{row.recipient.email}>")
    assert "\n" not in message.subject
    html = message.alternatives[0].content
    assert "<script>" not in html
    assert "&lt;b&gt;Sen&lt;/b&gt; &amp; Co" in html
    assert "<b>Sen</b> & Co" in message.body


def test_mail_is_marked_as_automatic_and_one_of_its_kind():
    row = make_mail()
    sent = compose(row, last_action="").message()
    assert (sent["Message-ID"], sent["Auto-Submitted"]) == (message_id(row), "auto-generated")
    assert message_id(row) == f"<delivery-{row.pk}@127.0.0.1>"


@pytest.mark.parametrize(("unread", "said"), [(8, ""), (9, "10 unread"), (99, "99+ unread")])
def test_mail_says_how_much_waits_where_not_everything_is_mailed(unread, said):  # and its own message
    row, lead = make_mail(), make_lead()
    for _n in range(unread):
        say(Kind.WARNED, lead, owner=row.recipient_id)
    message = compose(row, last_action="")
    wanted = f"{said} messages wait for you in LeadFlow: http://127.0.0.1:8000/notifications/\n" if said else ""
    assert [line for line in message.body.splitlines(keepends=True) if "unread" in line] == [wanted] * bool(said)
    assert ("unread messages" in message.alternatives[0].content) == bool(said)
