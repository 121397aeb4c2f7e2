"""The next piece is made while this one is used."""

import threading

import pytest
from django.utils.translation import get_language, override

from leads.importing.ahead import ahead


def test_each_piece_comes_with_what_was_made_of_it_in_order():
    assert list(ahead(iter("abc"), str.upper)) == [("a", "A"), ("b", "B"), ("c", "C")]
    assert list(ahead(iter(""), str.upper)) == []


def test_the_next_one_is_made_while_this_one_is_used():
    second = threading.Event()
    pairs = ahead([1, 2, 3], lambda piece: second.set() if piece == 2 else None)
    next(pairs)
    assert second.wait(5)
    pairs.close()


def test_no_more_than_two_are_held():
    asked = []
    pairs = ahead((asked.append(n) or n for n in range(9)), str)
    next(pairs)
    assert asked == [0, 1]
    pairs.close()


def test_it_speaks_the_language_of_the_caller():
    with override("vi"):
        assert [made for _piece, made in ahead([1, 2], lambda _piece: get_language())] == ["vi", "vi"]


def test_what_goes_wrong_there_is_raised_here():
    pairs = ahead([1, 0], lambda piece: 1 // piece)
    assert next(pairs) == (1, 1)
    with pytest.raises(ZeroDivisionError):
        next(pairs)
