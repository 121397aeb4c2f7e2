"""E-mails on their way: sent once, put back, given up, taken over from the dead."""

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection

from core import due
from core.due import BACK_OFF, LEASE, DueState
from notifications import tasks
from notifications.deliver import BUDGET, PATIENCE, STALE, deliver_due, drop_stale
from notifications.enums import Channel
from notifications.models import Delivery
from tests.factories import NOW, make_user
from tests.notifications.mailers import PLACE, Moody
from tests.notifications.makers import listening, make_delivery

SECOND = timedelta(seconds=1)


def make_mail(user=None, **more):
    return make_delivery(user, channel=Channel.EMAIL, **more)


def run(at=NOW):
    return deliver_due(clock=lambda: at)


def states():
    return list(Delivery.objects.mails().order_by("pk").values_list("state", flat=True))


@pytest.mark.django_db
def test_due_mail_is_sent_once():
    row = make_mail()
    assert run() is False
    assert run() is False
    row.refresh_from_db()
    assert (row.state, row.sent_at, row.attempts, row.leased_until) == (DueState.DONE, NOW, 1, None)
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_nothing_due_sends_nothing(django_assert_num_queries):
    with django_assert_num_queries(4):  # close the stale; one claim, in a transaction
        assert run() is False
    assert mail.outbox == []


@pytest.mark.django_db
def test_app_notifications_are_not_mailed():
    make_delivery()
    Delivery.objects.mails().delete()
    run()
    assert mail.outbox == []


@pytest.mark.django_db
def test_each_recipient_gets_a_message_of_their_own():
    first, second = make_user(), make_user()
    make_mail(first)
    make_mail(second)
    run()
    assert [message.recipients() for message in mail.outbox] == [
        [f"{user.full_name} <{user.email}>"] if user.full_name.isascii() else message.recipients()
        for user, message in zip((first, second), mail.outbox, strict=True)
    ]
    assert [
        user.email in message.recipients()[0] for user, message in zip((first, second), mail.outbox, strict=True)
    ] == [
        True,
        True,
    ]


@pytest.mark.django_db
def test_who_has_left_gets_no_mail():
    row = make_mail()
    type(row.recipient).objects.update(is_active=False)
    run()
    row.refresh_from_db()
    assert (row.state, row.sent_at, row.last_error) == (DueState.DONE, None, "the recipient has left")
    assert mail.outbox == []


@pytest.mark.django_db
def test_refused_mail_goes_back_in_line_with_the_reason(settings):
    settings.EMAIL_BACKEND = PLACE + "Refusing"
    row = make_mail()
    assert run() is False
    row.refresh_from_db()
    assert (row.state, row.due_at, row.attempts, row.leased_until) == (DueState.PENDING, NOW + BACK_OFF[1], 1, None)
    assert row.last_error.startswith("SMTPRecipientsRefused: ")


@pytest.mark.django_db
def test_mail_that_is_refused_for_the_last_time_is_dead_and_can_be_replayed(settings):
    settings.EMAIL_BACKEND = PLACE + "Refusing"
    row = make_mail()
    at = NOW
    for _attempt in BACK_OFF:
        run(at)
        row.refresh_from_db()
        at = row.due_at
    assert (row.state, row.attempts) == (DueState.DEAD, len(BACK_OFF))
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    run(at)
    assert mail.outbox == []
    due.replay(Delivery.objects.all(), at=at)
    run(at)
    assert (states(), len(mail.outbox)) == ([DueState.DONE], 1)


@pytest.mark.django_db
def test_mail_server_that_keeps_failing_is_left_alone(settings):
    settings.EMAIL_BACKEND = PLACE + "Unreachable"
    for _each in range(PATIENCE + 2):
        make_mail()
    assert run() is False
    assert Delivery.objects.filter(attempts=1).count() == PATIENCE
    assert Delivery.objects.mails().filter(attempts=0).count() == 2


@pytest.mark.django_db
def test_single_failures_do_not_stop_the_run(settings):
    settings.EMAIL_BACKEND = PLACE + "Moody"
    Moody.calls = 0
    for _each in range(8):
        make_mail()
    assert run() is False
    assert (states().count(DueState.DONE), len(mail.outbox)) == (4, 4)


@pytest.mark.django_db
def test_run_stops_when_its_time_is_over():
    for _each in range(3):
        make_mail()
    ticks = iter([NOW, NOW, NOW, NOW, NOW, NOW + BUDGET, NOW + BUDGET])
    assert deliver_due(clock=lambda: next(ticks)) is True
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_worker_that_dies_after_sending_doubles_the_mail_once_at_most(settings):
    settings.EMAIL_BACKEND = PLACE + "Deadly"
    row = make_mail()
    with pytest.raises(KeyboardInterrupt):
        run()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    run(NOW + LEASE - SECOND)
    assert len(mail.outbox) == 1
    run(NOW + LEASE)
    run(NOW + 2 * LEASE)
    row.refresh_from_db()
    assert (row.state, row.attempts) == (DueState.DONE, 2)
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"] == f"<delivery-{row.pk}@127.0.0.1>"


@pytest.mark.django_db
def test_mail_that_waited_for_a_day_is_closed_unsent():
    late, soon = make_mail(at=NOW - STALE - SECOND), make_mail(at=NOW - STALE)
    assert drop_stale(at=NOW) == 1
    late.refresh_from_db()
    assert (late.state, late.sent_at, late.last_error) == (DueState.DONE, None, "too late to be of use")
    run()
    soon.refresh_from_db()
    assert soon.sent_at == NOW


@pytest.mark.django_db(transaction=True)
def test_task_asks_to_be_called_again_only_when_time_ran_out(monkeypatch):
    for again in (True, False):
        monkeypatch.setattr(tasks, "deliver_due", lambda *, clock, again=again: clock() and again)
        with listening(monkeypatch) as ears:
            tasks.deliver()
        assert ears.tasks == (["notifications.tasks.deliver"] if again else [])


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_workers_together_send_each_mail_once():
    for _each in range(30):
        make_mail()
    start = threading.Barrier(3)

    def work():
        start.wait(10)
        run()
        connection.close()

    workers = [threading.Thread(target=work) for _each in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == len(mail.outbox) == 30
    assert set(states()) == {DueState.DONE}
