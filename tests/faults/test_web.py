"""Web processes die: before, in and after the transaction, and the answer comes all the same."""

import random

import pytest

from tests.faults import kills
from tests.faults.books import check, settled
from tests.faults.sender import Journal
from tests.stack import Stack
from tests.waiting import eventually

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("faults")]


@pytest.mark.parametrize("kill", ["web worker", "web", *kills.IN_WEB])
def test_web_killed_while_leads_come_in_loses_and_doubles_nothing(stack: Stack, journal: Journal, kill: str):
    assert eventually(lambda: kills.at_full_strength(stack), seconds=kills.STARTS_WITHIN)
    before = len(journal.answers)
    with journal.traffic():
        kills.KILLS[kill](stack, random.Random(kill))
        journal.wait_for_more(8, seconds=kills.STARTS_WITHIN)
    assert journal.slowest(before) <= kills.DATABASE_STEP
    assert eventually(lambda: settled(stack), seconds=kills.DATABASE_STEP)
    check(stack, journal)
