from datetime import timedelta

import pytest
from django.core import mail

from core.due import DueState
from notifications.deliver import deliver_due
from notifications.models import Delivery
from notifications.quiet import hush
from tests.factories import NOW
from tests.notifications.makers import make_delivery


@pytest.mark.django_db
def test_history_is_read_and_its_mails_are_called_off():
    old, new = make_delivery(at=NOW - timedelta(minutes=1)), make_delivery()
    assert hush(before=NOW) == 1
    assert Delivery.objects.unread().get() == new
    assert Delivery.objects.mails().get(state=DueState.PENDING).recipient == new.recipient
    deliver_due(clock=lambda: NOW)
    assert [new.recipient.email in message.recipients()[0] for message in mail.outbox] == [True]
    old.refresh_from_db()
    assert old.read_at == NOW


@pytest.mark.django_db
def test_latest_messages_may_stay_unread_while_every_mail_is_called_off():
    old, late = make_delivery(at=NOW - timedelta(hours=7)), make_delivery(at=NOW - timedelta(hours=5))
    assert hush(before=NOW, unread_since=NOW - timedelta(hours=6)) == 2
    assert Delivery.objects.unread().get() == late
    old.refresh_from_db()
    assert old.read_at == NOW
    assert not Delivery.objects.mails().filter(state=DueState.PENDING).exists()
