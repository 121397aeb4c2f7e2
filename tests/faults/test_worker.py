"""Workers die with work in their hands; the beat dies between two ticks."""

import time

import pytest

from tests.faults import kills
from tests.faults.books import check, mails_sent, settled, waiting
from tests.faults.sender import Journal
from tests.stack import Stack
from tests.waiting import eventually

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("faults")]
CLAIMED = "SELECT 1 FROM leads_submission WHERE state = 'pending' AND leased_until IS NOT NULL"
PUT_BACK = """
UPDATE notifications_delivery SET state = 'pending', sent_at = NULL, attempts = 0, due_at = now()
WHERE id = (SELECT max(id) FROM notifications_delivery WHERE channel = 'email') RETURNING id
"""


def test_work_in_the_hands_of_a_killed_worker_is_taken_up_again(stack: Stack, journal: Journal):
    """Three deaths, one wait: with a stored lead claimed, with an e-mail leased, with one sent but not noted."""
    assert eventually(lambda: kills.at_full_strength(stack), seconds=kills.STARTS_WITHIN)
    with stack.connected() as blocker, blocker.cursor() as cursor:
        cursor.execute("LOCK TABLE scoring_ledgerentry IN ACCESS EXCLUSIVE MODE")
        number = journal.send(hot=True)
        assert journal.answers[number].status == 202
        assert eventually(lambda: stack.ask(CLAIMED), seconds=kills.STARTS_WITHIN)
        kills.kill_service("worker", stack)
    for failpoint in kills.IN_WORKER:
        kills.arm(failpoint, folder=stack.failpoints)
        journal.send(hot=True)
        assert eventually(lambda at=failpoint: not (stack.failpoints / at).exists(), seconds=kills.STARTS_WITHIN)
    assert waiting(stack)[1] >= 2
    assert eventually(lambda: settled(stack), seconds=kills.LEASED_STEP)
    assert set(mails_sent(stack).values()) == {1, 2}  # what was sent but not noted went out again under its own id
    check(stack, journal)


def test_worker_killed_while_leads_come_in_catches_up(stack: Stack, journal: Journal):
    assert eventually(lambda: kills.at_full_strength(stack), seconds=kills.STARTS_WITHIN)
    with journal.traffic(senders=2):
        kills.kill_service("worker", stack)
        journal.wait_for_more(8, seconds=kills.STARTS_WITHIN)
    assert eventually(lambda: settled(stack), seconds=kills.LEASED_STEP)
    check(stack, journal)


def test_beat_killed_goes_on_ticking(stack: Stack, journal: Journal):
    assert eventually(lambda: kills.at_full_strength(stack) and settled(stack), seconds=kills.LEASED_STEP)
    journal.send(hot=True)
    assert eventually(lambda: settled(stack), seconds=kills.LEASED_STEP)
    kills.kill_service("beat", stack)
    since = time.monotonic()
    assert len(stack.ask(PUT_BACK)) == 1  # no hint is sent for it: only a tick finds it
    assert eventually(lambda: settled(stack), seconds=5 + kills.DATABASE_STEP)
    assert time.monotonic() - since <= 5 + kills.DATABASE_STEP
    check(stack, journal)
