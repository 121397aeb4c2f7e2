"""Calls at the same moment: one turn for all of them, each its own answer and its own error."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from core.together import Together
from tests.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)


class Slow:
    """Work that takes as long as the test wants, and remembers what was given to it together."""

    def __init__(self, bad=()):
        self.turns, self.bad, self.go = [], bad, threading.Event()

    def __call__(self, items):
        first = not self.turns
        self.turns.append(list(items))
        if first:
            self.go.wait(10)
        if set(items) & set(self.bad):
            raise ValueError(items)
        return [item * 10 for item in items]


def at_work(together, slow, items):
    """One call is being worked off; `items` come meanwhile. The answers, or the errors raised instead."""

    def call(item):
        try:
            return together(item)
        except ValueError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(items) + 1) as pool:
        first = pool.submit(call, 0)
        assert eventually(lambda: slow.turns == [[0]])
        rest = []
        for number, item in enumerate(items, start=1):
            rest.append(pool.submit(call, item))
            assert eventually(lambda n=number: len(together._waiting) == n)
        slow.go.set()
        return first.result(10), [one.result(10) for one in rest]


def test_who_comes_alone_is_worked_off_at_once():
    slow = Slow()
    slow.go.set()
    together = Together(slow, most=9)
    assert [together(1), together(2)] == [10, 20]
    assert slow.turns == [[1], [2]]


def test_who_comes_meanwhile_is_taken_with_the_next_turn_in_order():
    slow = Slow()
    assert at_work(Together(slow, most=9), slow, [1, 2, 3]) == (0, [10, 20, 30])
    assert slow.turns == [[0], [1, 2, 3]]


def test_a_turn_takes_no_more_than_most():
    slow = Slow()
    assert at_work(Together(slow, most=2), slow, [1, 2, 3, 4, 5]) == (0, [10, 20, 30, 40, 50])
    assert slow.turns == [[0], [1, 2], [3, 4], [5]]


def test_one_that_fails_spoils_nobody_elses():
    slow = Slow(bad=[2])
    first, rest = at_work(Together(slow, most=9), slow, [1, 2, 3])
    assert (first, rest[0], type(rest[1]), rest[2]) == (0, 10, ValueError, 30)
    assert slow.turns[:2] == [[0], [1, 2, 3]]
    assert sorted(slow.turns[2:]) == [[1], [2], [3]]


def test_an_error_alone_reaches_the_caller_and_the_next_one_is_served():
    slow = Slow(bad=[1])
    slow.go.set()
    together = Together(slow, most=9)
    with pytest.raises(ValueError, match="1"):
        together(1)
    assert together(2) == 20
    assert slow.turns == [[1], [2]]


def test_inside_a_transaction_of_its_own_the_caller_waits_for_nobody():
    slow = Slow()
    slow.go.set()
    together = Together(slow, most=9)
    together._busy = True  # somebody else is at work: waiting for them could be for ever
    with transaction.atomic():
        assert together(4) == 40
