"""The roll-ups of the reports: counted from scratch, and brought up to date after one day has changed."""

import time
from collections.abc import Iterator
from datetime import datetime
from statistics import median

from django.db import connection

from bench.table import Figure
from leads.models import Handoff, Lead
from reports.models import RolledDay
from reports.rollups import sweep

TIMES = 5  # one day made dirty and counted again
FORGET = """
TRUNCATE reports_mark, reports_rolledday, reports_rollup, reports_rolluptime,
         reports_rolledmonth, reports_monthrollup, reports_monthrolluptime
"""


def counting(*, at: datetime) -> Iterator[Figure]:
    """What the beat does each minute; the pages after it read what it has counted."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET)
    swept = bring_up_to_date(at=at)
    days = RolledDay.objects.values("day").distinct().count()
    yield Figure(f"roll-up of {days} days of {Lead.objects.count():,} leads from scratch", swept, "ms")
    lead = Handoff.objects.order_by("offered_at")[Handoff.objects.count() // 2].lead_id
    again = []
    for number in range(TIMES):
        Lead.objects.filter(pk=lead).update(city=f"Thành phố {number}")
        again.append(bring_up_to_date(at=at))
    yield Figure("roll-up after a lead of half a year ago has moved", median(again), "ms")
    yield Figure("roll-up when nothing has changed", bring_up_to_date(at=at), "ms")


def bring_up_to_date(*, at: datetime) -> float:
    """Counts what waits, as the beat would. Returns how long it took, in milliseconds."""
    started = time.perf_counter()
    sweep(at=at)
    return (time.perf_counter() - started) * 1000
