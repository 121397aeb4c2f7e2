"""Sweeps at once, a sweep that dies, days that change meanwhile: each day is counted once and stays exact."""

import os
import subprocess
import sys
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from core.failpoints import arm
from leads.models import Handoff, Lead
from reports.kpis import kpis
from reports.models import Mark, MonthRollup, RolledDay, Rollup, RollupTime
from reports.periods import custom
from reports.rollups import sweep
from reports.scope import Scope
from reports.sql import snapshot
from tests.concurrency.crowd import at_once
from tests.factories import NOW, make_lead
from tests.reports.history import local, make_history
from tests.reports.rolling import marked, roll, wrong

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
PERIOD = custom((NOW - timedelta(days=40)).date(), NOW.date())
SLICE = ("part", "day", "mask", "team", "owner", "source", "campaign", "product", "city")
SWEEP = """
import django
django.setup()
from datetime import datetime
from reports.rollups import sweep
sweep(at=datetime.fromisoformat("{at}"), chunk=7)
"""


def figures():
    return {figure.kpi.key: (figure.value, figure.before) for figure in kpis(Scope(PERIOD, NOW))}


def doubled() -> int:
    """Slices kept more than once."""
    counts = Rollup.objects.count() - Rollup.objects.values(*SLICE).distinct().count()
    times = (*SLICE, "spread", "step")
    return counts + RollupTime.objects.count() - RollupTime.objects.values(*times).distinct().count()


def die_in_a_sweep(folder: Path) -> int:
    """A sweep in a process of its own, killed with a chunk of days in its hands. Returns its exit code."""
    arm("rollup", folder=folder)
    host, name = connection.settings_dict["HOST"], connection.settings_dict["NAME"]
    user = connection.settings_dict["USER"]
    given = {
        "DATABASE_URL": f"postgres://{user}@{str(host).replace('/', '%2F')}/{name}",
        "DJANGO_SETTINGS_MODULE": "leadflow.settings",
        "LEADFLOW_FAILPOINTS": str(folder),
        "LEADFLOW_TEST": "1",
    }
    command = [sys.executable, "-c", SWEEP.format(at=NOW.isoformat())]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=os.environ | given, check=False).returncode


def test_sweeps_at_once_count_each_day_once():
    make_history()
    expected = figures()
    swept = at_once([partial(sweep, at=NOW, chunk=5) for _n in range(4)])
    days = RolledDay.objects.count()
    assert (sum(s.announced for s in swept), sum(s.counted for s in swept)) == (days, days)
    assert (doubled(), wrong(at=NOW), figures()) == (0, [], expected)


def test_sweeps_at_once_over_the_days_of_a_month_add_it_up_whole():
    make_history()
    make_lead(at=local(9, 30))
    at_once([partial(sweep, at=NOW, chunk=3) for _n in range(4)])
    summed = MonthRollup.objects.get(part="leads", mask=0, day=date(2026, 10, 1))
    assert (summed.counts[0], wrong(at=NOW)) == (1, [])
    made = Lead.objects.get(standing__created_at=local(10, 27))
    Lead.objects.filter(pk=made.pk).update(city="Huế")
    days = RolledDay.objects.filter(part="leads", day__month=10)
    Mark.objects.bulk_create(Mark(part="leads", day=one.day) for one in days)
    at_once([partial(sweep, at=NOW, chunk=3) for _n in range(4)])
    roll(at=NOW)
    city = MonthRollup.objects.get(part="leads", day=date(2026, 10, 1), city="Huế")
    assert (city.counts[0], doubled(), wrong(at=NOW)) == (1, 0, [])


def test_sweeps_at_once_over_marked_days_leave_one_count_of_each():
    made = make_history()
    roll(at=NOW)
    Lead.objects.filter(pk=made.leads["first"].pk).update(city="Huế")
    Mark.objects.bulk_create(Mark(part=day.part, day=day.day) for day in RolledDay.objects.all())
    at_once([partial(sweep, at=NOW, chunk=5) for _n in range(4)])
    roll(at=NOW)
    assert (doubled(), marked(), wrong(at=NOW)) == (0, set(), [])


def test_days_that_change_while_they_are_counted_stay_exact():
    made = make_history()
    roll(at=NOW)
    handoffs = Handoff.objects.filter(lead__in=[lead.pk for lead in made.leads.values()])

    def change(round_: int) -> None:
        for handoff in handoffs:
            Handoff.objects.filter(pk=handoff.pk).update(source=f"Nguồn {round_}")

    def count() -> None:
        for _n in range(4):
            sweep(at=NOW, chunk=3)

    at_once([partial(change, n) for n in range(3)] + [count, count])
    before = figures()
    roll(at=NOW)
    assert (doubled(), wrong(at=NOW), figures()) == (0, [], before)


def test_a_sweep_that_dies_with_days_in_its_hands_loses_nothing(tmp_path):
    """Slower than a second: the one that dies is a process of its own, with fresh and with marked days in hand."""
    make_history()
    expected = figures()
    roll(at=NOW - timedelta(days=4))
    Mark.objects.bulk_create(Mark(part=day.part, day=day.day) for day in RolledDay.objects.all())
    waiting, ready, kept = marked(), RolledDay.objects.filter(ready=True).count(), Rollup.objects.count()
    assert die_in_a_sweep(tmp_path) == -9
    assert (marked(), Rollup.objects.count(), figures()) == (waiting, kept, expected)
    assert RolledDay.objects.filter(ready=True).count() == ready < RolledDay.objects.count()
    roll(at=NOW)
    assert (doubled(), wrong(at=NOW), figures()) == (0, [], expected)


def test_snapshot_reads_one_instant_and_writes_nothing():
    make_lead()
    with snapshot(), connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        assert cursor.fetchone() == ("repeatable read",)
        cursor.execute("SHOW transaction_read_only")
        assert cursor.fetchone() == ("on",)
