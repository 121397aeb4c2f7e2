"""A long life of sudden deaths: KILLS of them, in an order the SEED decides."""

import os
import random
import time
from collections import defaultdict

import pytest

from leadflow.up.keeper import STABLE
from tests.faults import kills
from tests.faults.books import check, settled
from tests.faults.sender import Journal
from tests.stack import Stack
from tests.waiting import eventually

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("faults")]
COUNT = int(os.environ.get("KILLS", "2"))
SEED = os.environ.get("SEED", "2026")
# A service that dies often is restarted ever more slowly (the keeper's pauses): each is left alone for a while.
SERVICES = {"web", "worker", "beat", "valkey", "postgres"}


def test_any_series_of_kills_loses_and_doubles_nothing(stack: Stack, journal: Journal):
    chance = random.Random(SEED)
    died: dict[str, float] = defaultdict(lambda: -STABLE)
    for number in range(COUNT):
        allowed = [name for name in kills.KILLS if name not in SERVICES or time.monotonic() - died[name] > STABLE]
        name = chance.choice(allowed)
        died[name] = time.monotonic()
        before = len(journal.answers)
        assert eventually(lambda: kills.at_full_strength(stack), seconds=kills.STARTS_WITHIN), (number, name)
        with journal.traffic():
            kills.KILLS[name](stack, chance)
            journal.wait_for_more(6, seconds=kills.STARTS_WITHIN)
        assert journal.slowest(before) <= kills.DATABASE_STEP, (number, name)
        check(stack, journal)
    assert eventually(lambda: settled(stack), seconds=kills.LEASED_STEP)
    check(stack, journal)
    proof = stack.manage("check_invariants")
    assert (proof.returncode, proof.stdout) == (0, "")
