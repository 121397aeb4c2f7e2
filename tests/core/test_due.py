"""The queue, on submissions: the simplest rows that are due."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from core import due
from core.due import BACK_OFF, LEASE, DueState
from leads.models import Submission
from tests.factories import NOW

SECOND = timedelta(seconds=1)


def make_row(**fields):
    return Submission.objects.create(
        **{"channel": "api", "payload": {}, "digest": b"", "received_at": NOW, "due_at": NOW} | fields
    )


def claim(at=NOW, limit=10):
    return due.claim(Submission.objects.all(), at=at, limit=limit)


@pytest.mark.django_db
def test_claim_takes_due_rows_oldest_first():
    later, first = make_row(due_at=NOW), make_row(due_at=NOW - SECOND)
    make_row(due_at=NOW + SECOND)
    make_row(state=DueState.DONE)
    make_row(state=DueState.DEAD)
    assert claim() == [first, later]


@pytest.mark.django_db
def test_claim_takes_no_more_than_asked_for():
    for _each in range(3):
        make_row()
    assert len(claim(limit=2)) == 2
    assert len(claim(limit=2)) == 1


@pytest.mark.django_db
def test_claim_respects_the_queryset():
    make_row(channel="manual")
    row = make_row(channel="api")
    assert due.claim(Submission.objects.filter(channel="api"), at=NOW, limit=10) == [row]


@pytest.mark.django_db
def test_claim_counts_the_attempt_and_sets_the_lease():
    make_row()
    (row,) = claim()
    assert (row.attempts, row.leased_until) == (1, NOW + LEASE)
    row.refresh_from_db()
    assert (row.attempts, row.leased_until, row.state) == (1, NOW + LEASE, DueState.PENDING)


@pytest.mark.django_db
def test_claimed_row_comes_back_when_its_lease_ends():
    row = make_row()
    claim()
    assert claim(at=NOW + LEASE - SECOND) == []
    assert claim(at=NOW + LEASE) == [row]


@pytest.mark.django_db
def test_row_that_outlived_all_its_workers_is_buried():
    row = make_row()
    at = NOW
    for _attempt in BACK_OFF:
        assert claim(at=at) == [row]
        at += LEASE
    assert claim(at=at) == []
    row.refresh_from_db()
    assert (row.state, row.last_error) == (DueState.DEAD, "no worker has survived this row")


@pytest.mark.django_db
def test_finish_marks_done_with_further_columns():
    make_row(last_error="once")
    assert due.finish(claim(), matched_by="phone") == 1
    row = Submission.objects.get()
    assert (row.state, row.leased_until, row.last_error, row.matched_by) == (DueState.DONE, None, "", "phone")


@pytest.mark.django_db
def test_finish_leaves_a_row_to_the_worker_who_has_it_now():
    make_row()
    slow = claim()
    quick = claim(at=NOW + LEASE)
    assert due.finish(slow) == 0
    assert Submission.objects.get().state == DueState.PENDING
    assert due.finish(quick) == 1


@pytest.mark.django_db
def test_fail_backs_off_longer_each_time_then_buries():
    make_row()
    at, pauses = NOW, []
    for _attempt in BACK_OFF[1:]:
        (row,) = claim(at=at)
        assert due.fail(row, at=at, error="no route") is False
        row.refresh_from_db()
        assert (row.state, row.leased_until, row.last_error) == (DueState.PENDING, None, "no route")
        pauses.append(row.due_at - at)
        at = row.due_at
    assert tuple(pauses) == BACK_OFF[1:]
    (row,) = claim(at=at)
    assert due.fail(row, at=at, error="no route") is True
    assert Submission.objects.get().state == DueState.DEAD
    assert claim(at=at + timedelta(days=30)) == []


@pytest.mark.django_db
def test_fail_leaves_a_row_to_the_worker_who_has_it_now():
    make_row()
    (slow,) = claim()
    (quick,) = claim(at=NOW + LEASE)
    assert due.fail(slow, at=NOW + LEASE, error="late", back_off=()) is False
    assert due.finish([quick]) == 1


@pytest.mark.django_db
def test_fail_keeps_any_error_text():
    make_row()
    (row,) = claim()
    due.fail(row, at=NOW, error="bad\x00 byte\nline" + "x" * 5000)
    row.refresh_from_db()
    assert row.last_error == ("bad byte\nline" + "x" * 5000)[:2000]


@pytest.mark.django_db
def test_fail_without_pauses_buries_at_once():
    make_row()
    (row,) = claim()
    assert due.fail(row, at=NOW, error="unreadable", back_off=()) is True


@pytest.mark.django_db
def test_replay_puts_dead_rows_back_in_line():
    make_row(state=DueState.DEAD, attempts=8, last_error="no route")
    make_row(state=DueState.DONE)
    assert due.replay(Submission.objects.all(), at=NOW) == 1
    (row,) = claim()
    row.refresh_from_db()
    assert (row.attempts, row.last_error) == (1, "")


@pytest.mark.django_db
def test_stuck_lists_rows_nobody_works_on():
    old = make_row(due_at=NOW - timedelta(minutes=11))
    make_row(due_at=NOW - timedelta(minutes=9))
    make_row(due_at=NOW - timedelta(minutes=11), state=DueState.DONE)
    assert list(due.stuck(Submission.objects.all(), at=NOW, after=timedelta(minutes=10))) == [old]


def in_thread(work):
    """Runs on a thread with a database connection of its own, closed at the end."""

    def run():
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_claim_never_waits_for_another_claim():
    first, second = make_row(), make_row()
    taken, release, found = threading.Event(), threading.Event(), []

    def hold():
        with transaction.atomic():
            found.extend(claim(limit=1))
            taken.set()
            release.wait(10)

    holder = in_thread(hold)
    assert taken.wait(10)
    assert claim() == [second]
    release.set()
    holder.join(10)
    assert found == [first]
    assert claim() == []


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_rows_without_doubling_one():
    pks = {make_row().pk for _each in range(200)}
    got, start = [], threading.Barrier(4)

    def work():
        start.wait(10)
        while rows := claim(limit=7):
            got.extend(row.pk for row in rows)
            due.finish(rows)

    workers = [in_thread(work) for _each in range(4)]
    for worker in workers:
        worker.join(30)
    assert len(got) == 200
    assert set(got) == pks
    assert Submission.objects.filter(state=DueState.DONE, attempts=1).count() == 200
