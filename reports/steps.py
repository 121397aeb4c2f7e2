"""Elapsed times in steps, so that their spread adds up day by day and a median never needs the single times.

Ten seconds up to ten minutes, minutes up to four hours, quarters of an hour up to two days, then hours, and whole days
from ten days on; always rounded down. The database rounds by the same rule (`reports_step`).
"""

from bisect import bisect_right
from collections.abc import Mapping

MINUTE, HOUR, DAY = 60, 3600, 86_400
SHARES = (0.5, 0.9)  # median and slowest tenth
STEPS = ((10 * MINUTE, 10), (4 * HOUR, MINUTE), (2 * DAY, 15 * MINUTE), (10 * DAY, HOUR))


def step(seconds: float) -> int:
    """The step an elapsed time lies in. What ended before it began (bad data) keeps its sign, in whole days."""
    whole = int(seconds // 1)
    width = next((width for below, width in STEPS if 0 <= whole < below), DAY)
    return whole // width * width


def percentiles(spread: Mapping[int, int], *shares: float) -> list[float]:
    """For each share (rising) the value below which that share of the times lies, between two of them if need be.

    `spread` says for each step in seconds how many times lie in it, and is not empty.
    """
    passed, bounds = 0, []
    for seconds in sorted(spread):
        passed += spread[seconds]
        bounds.append((passed, seconds))
    return [_between(bounds, share * (passed - 1), passed - 1) for share in shares]


def _between(bounds: list[tuple[int, int]], place: float, last: int) -> float:
    low = bounds[bisect_right(bounds, int(place), key=_passed)][1]
    high = bounds[bisect_right(bounds, min(int(place) + 1, last), key=_passed)][1]
    return low + (high - low) * (place - int(place))


def _passed(bound: tuple[int, int]) -> int:
    return bound[0]
