"""Elapsed times in steps, so that their spread adds up day by day and a median never needs the single times.

Ten seconds up to ten minutes, minutes up to four hours, quarters of an hour up to two days, then hours, and whole days
from ten days on; always rounded down. The database rounds by the same rule (`reports_step`).
"""

MINUTE, HOUR, DAY = 60, 3600, 86_400
STEPS = ((10 * MINUTE, 10), (4 * HOUR, MINUTE), (2 * DAY, 15 * MINUTE), (10 * DAY, HOUR))


def step(seconds: float) -> int:
    """The step an elapsed time lies in. What ended before it began (bad data) keeps its sign, in whole days."""
    whole = int(seconds // 1)
    width = next((width for below, width in STEPS if 0 <= whole < below), DAY)
    return whole // width * width


def between(total: int, share: float, low: int, high: int) -> float:
    """The value below which that share of `total` times lies, in seconds, between its two neighbours among them.

    `PERCENTILES` in reports/sql.py finds the neighbours.
    """
    place = share * (total - 1)
    return low + (high - low) * (place - int(place))
