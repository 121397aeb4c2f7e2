"""The servers die under everybody's feet."""

import http.client
import random
import time

import pytest

from tests.faults import kills
from tests.faults.books import check, settled
from tests.faults.sender import Journal
from tests.stack import Stack
from tests.waiting import eventually

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("faults")]
PATIENCE = 3.0 * kills.SLACK  # seconds a page or a call may take while nobody answers behind it


@pytest.mark.parametrize("kill", ["postgres", "database connection"])
def test_database_killed_recovers_by_itself_with_everything(stack: Stack, journal: Journal, kill: str):
    assert eventually(lambda: kills.at_full_strength(stack), seconds=kills.STARTS_WITHIN)
    before = len(journal.answers)
    with journal.traffic():
        journal.wait_for_more(2, seconds=kills.STARTS_WITHIN)
        kills.KILLS[kill](stack, random.Random(kill))
        journal.wait_for_more(8, seconds=kills.STARTS_WITHIN)
    assert journal.slowest(before) <= kills.DATABASE_STEP
    assert eventually(lambda: settled(stack), seconds=kills.LEASED_STEP)
    check(stack, journal)


def test_nothing_waits_for_a_frozen_valkey_and_an_empty_one_loses_nothing(stack: Stack, journal: Journal):
    assert eventually(lambda: kills.at_full_strength(stack), seconds=kills.STARTS_WITHIN)
    before = len(journal.answers)
    kills.freeze("valkey", stack)
    for _n in range(4):
        journal.send(hot=True)
    assert journal.slowest(before) <= PATIENCE
    assert [seconds(journal, path) <= PATIENCE for path in ("/healthz", "/api/v1/leads/", "/accounts/login/")] == [
        True
    ] * 3
    kills.empty_valkey(stack)
    assert eventually(lambda: settled(stack), seconds=kills.BACKLOG)
    assert eventually(lambda: is_ready(journal), seconds=kills.BACKLOG)
    check(stack, journal)


def seconds(journal: Journal, path: str) -> float:
    """How long a good answer takes; endless when it is not good."""
    since = time.monotonic()
    status, _body = journal.sender.request("GET", path)
    return time.monotonic() - since if status == 200 else float("inf")


def is_ready(journal: Journal) -> bool:
    try:
        return journal.sender.request("GET", "/readyz")[0] == 200
    except (OSError, http.client.HTTPException):
        return False
