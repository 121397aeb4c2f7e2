"""The months of the roll-ups: each whole month of counted days added up once more, so that a year is a dozen sums.

A month is added up in the transaction that counts one of its days, under a lock of its own, once all its days are
counted. So it is always the sum of what its days say; who reads it asks only whether those days still hold.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db import transaction

from reports import sql
from reports.counting import Reading
from reports.kept import MASKS, shape
from reports.measures import ROLLED
from reports.periods import opening_month


def sum_again(part: str, days: Iterable[date]) -> None:
    """Adds up the months of these days, those that are whole. Inside the transaction that counted them."""
    given = _given(ROLLED[part], sorted({opening_month(day) for day in days}))
    sql.execute(sql.LOCK_MONTHS, given)
    given["months"] = [month for (month,) in sql.run(sql.WHOLE_MONTHS, given)]
    if given["months"]:
        sql.execute(sql.CLEAR_MONTHS, given)
        sql.execute(sql.STORE_MONTHS.format(sums=_sums(ROLLED[part])), given)
        sql.execute(sql.STORE_MONTH_TIMES, given)
        sql.execute(sql.MARK_SUMMED, given)


def sum_missing() -> None:
    """Adds up the whole months that never were: those counted before months were kept."""
    for part, reading in ROLLED.items():
        for (month,) in sql.run(sql.MISSING_MONTHS, _given(reading, [])):
            with transaction.atomic():
                sum_again(part, [month])


def differing(reading: Reading) -> Iterator[date]:
    """The months that are not the sum of their days."""
    ask = sql.MONTH_DIFFERENCE.format(sums=_sums(reading)), sql.MONTH_DIFFERENCE_OF_TIMES
    for (month,) in sql.run(sql.SUMMED_MONTHS, _given(reading, [])):
        if any(sql.run(statement, _given(reading, [month])) for statement in ask):
            yield month


def _given(reading: Reading, months: list[date]) -> dict[str, Any]:
    spreads = [time.key for time in reading.times]
    return {"part": reading.part, "months": months, "shape": shape(), "masks": MASKS, "spreads": spreads}


def _sums(reading: Reading) -> str:
    return ", ".join(f"sum(counts[{place}])" for place in range(1, len(reading.measures) + 1))
