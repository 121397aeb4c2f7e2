"""Elapsed times in steps, so that their spread adds up day by day and a median never needs the single times.

Ten seconds up to ten minutes, minutes up to four hours, quarters of an hour up to two days, then hours, and whole days
from ten days on; always rounded down. The database rounds by the same rule (`reports_step`).
"""

from collections.abc import Mapping

MINUTE, HOUR, DAY = 60, 3600, 86_400
STEPS = ((10 * MINUTE, 10), (4 * HOUR, MINUTE), (2 * DAY, 15 * MINUTE), (10 * DAY, HOUR))
Spread = Mapping[int, int]  # step in seconds -> how many times lie in it


def step(seconds: float) -> int:
    """The step an elapsed time lies in. What ended before it began (bad data) keeps its sign, in whole days."""
    whole = int(seconds // 1)
    width = next((width for below, width in STEPS if 0 <= whole < below), DAY)
    return whole // width * width


def percentile(spread: Spread, share: float) -> float | None:
    """The value below which that share of the times lies, between two of them if need be; None when there is none."""
    total = sum(spread.values())
    if not total:
        return None
    place = share * (total - 1)
    low = _at(spread, int(place))
    high = _at(spread, min(int(place) + 1, total - 1))
    return low + (high - low) * (place - int(place))


def merged(*spreads: Spread) -> dict[int, int]:
    """All of them together."""
    found: dict[int, int] = {}
    for spread in spreads:
        for seconds, count in spread.items():
            found[seconds] = found.get(seconds, 0) + count
    return found


def share_within(spread: Spread, seconds: int) -> float | None:
    """The share of the times whose step begins below this many seconds."""
    total = sum(spread.values())
    return sum(count for begun, count in spread.items() if begun < seconds) / total if total else None


def _at(spread: Spread, place: int) -> int:
    passed = 0
    for seconds in sorted(spread):
        passed += spread[seconds]
        if passed > place:
            return seconds
    raise IndexError(place)
