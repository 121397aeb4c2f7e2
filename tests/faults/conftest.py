"""One product for all kills, and one journal of everything it acknowledged."""

from collections.abc import Iterator

import pytest

from tests import stack as stacks
from tests.faults.sender import Journal, Sender
from tests.stack import Stack


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    with stacks.up(test_build=True) as running:
        running.inside("hire_reps", count=3)
        yield running


@pytest.fixture(scope="session")
def journal(stack: Stack) -> Journal:
    return Journal(Sender(stack.port, stack.api_key("leads:write", "leads:read")))
