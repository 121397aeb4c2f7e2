import math
from datetime import timedelta
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.sql import run
from reports.steps import DAY, HOUR, MINUTE, percentiles, step

spreads = st.dictionaries(st.integers(0, 10**6), st.integers(1, 20), max_size=12)


@pytest.mark.parametrize(
    ("seconds", "begins"),
    [
        (0, 0),
        (9.99, 0),
        (599, 590),
        (600, 600),
        (659.9, 600),
        (4 * HOUR - 1, 4 * HOUR - MINUTE),
        (4 * HOUR + 899, 4 * HOUR),
        (2 * DAY + 3599, 2 * DAY),
        (10 * DAY - 1, 10 * DAY - HOUR),
        (14.9 * DAY, 14 * DAY),
        (-1, -DAY),
        (-DAY, -DAY),
    ],
)
def test_a_time_lies_in_the_step_it_has_reached(seconds, begins):
    assert step(seconds) == begins


@given(st.floats(-(10**7), 10**8))
def test_a_step_is_its_own_step_and_never_above_the_time(seconds):
    begins = step(seconds)
    assert begins <= seconds
    assert step(begins) == begins


@given(st.integers(0, 10**8))
def test_a_step_is_at_most_a_tenth_of_a_time_beyond_two_minutes(seconds):
    assert seconds - step(seconds) < max(10, seconds / 9)


def test_the_database_takes_the_same_steps(db):
    moments = sorted({*range(-200_000, 1_000_000, 997), *(b + d for b in (600, 14_400, 172_800) for d in (-1, 0, 1))})
    rows = run("SELECT reports_step(x * interval '1 second') FROM unnest(%s) AS x", [moments])
    assert [found for (found,) in rows] == [step(seconds) for seconds in moments]
    ((split,),) = run("SELECT reports_step(%s)", [timedelta(seconds=659, microseconds=999_999)])
    assert split == 600


def plain(spread):
    return sorted(value for value, count in spread.items() for _time in range(count))


@given(spreads.filter(bool))
def test_median_of_a_spread_is_that_of_its_times(spread):
    assert percentiles(spread, 0.5) == [median(plain(spread))]


@given(spreads.filter(bool), st.floats(0, 1))
def test_percentile_lies_between_its_neighbours(spread, share):
    times = plain(spread)
    place = share * (len(times) - 1)
    (found,) = percentiles(spread, share)
    assert times[math.floor(place)] - 1e-6 <= found <= times[math.ceil(place)] + 1e-6


def test_several_shares_are_read_at_once():
    assert percentiles({0: 1, 10: 8, 100: 2}, 0, 0.5, 0.9, 1) == [0, 10, 100, 100]
