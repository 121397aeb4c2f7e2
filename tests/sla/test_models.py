"""The constraints hold whoever writes."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from sla.agreements import calendar_version, in_force, versions
from sla.models import Agreement, CalendarChange, Clock
from tests.factories import NOW, make_user
from tests.sla.makers import MINUTE, make_clock

pytestmark = pytest.mark.django_db


def refused(**values) -> bool:
    try:
        with transaction.atomic():
            Clock.objects.update(**values)
    except IntegrityError:
        return True
    return False


def test_clock_refuses_fields_that_disagree():
    clock = make_clock()
    late = clock.due_at + MINUTE
    wrong = [
        {"due_at": NOW},
        {"warn80_at": NOW},
        {"warn50_at": NOW - MINUTE},
        {"stopped_at": NOW},
        {"stop_reason": "touched"},
        {"next_at": None},
        {"breached_at": NOW, "breach_segment": "queue", "next_at": None},
        {"breached_at": clock.due_at, "next_at": None},
        {"breached_at": clock.due_at, "breach_segment": "rep", "next_at": None},
        {"breached_at": clock.due_at, "breach_segment": "queue"},
        {"breach_segment": "queue"},
        {"breach_owner": make_user()},
        {"stopped_at": late, "stop_reason": "touched", "next_at": None},
        {
            "stopped_at": NOW,
            "stop_reason": "touched",
            "next_at": None,
            "breached_at": clock.due_at,
            "breach_segment": "queue",
        },
    ]
    assert [values for values in wrong if not refused(**values)] == []


def test_clock_takes_fields_that_agree():
    clock = make_clock()
    assert not refused(breached_at=clock.due_at, breach_segment="queue", next_at=None)
    assert not refused(stopped_at=clock.due_at + MINUTE, stop_reason="touched", escalate_at=None)


def test_clock_of_one_promise_runs_once_per_handoff():
    clock = make_clock()
    clock.pk = None
    with pytest.raises(IntegrityError):
        clock.save(force_insert=True)


def test_agreement_refuses_shares_over_a_hundred_and_a_hot_touch_slower_than_the_others():
    for values in ({"kept_rate": 101}, {"first_touch_hot_minutes": 121}, {"first_touch_hot_minutes": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Agreement.objects.update(**values)


def test_first_agreement_is_the_one_of_the_domain():
    (first,) = versions()
    assert str(first) == "v1"
    assert (first.first_touch(99), first.first_touch(100)) == (timedelta(hours=2), timedelta(minutes=15))
    assert (first.hot_score, first.decision_days, first.attempts, first.mql_per_month) == (100, 3, 3, 100)
    assert (first.qualified_rate, first.invalid_rate, first.kept_rate) == (40, 20, 90)
    assert (first.signed_by_marketing, first.signed_by_sales) == (None, None)


def test_in_force_goes_by_the_local_day():
    first, second = Agreement(version=1), Agreement(version=2, in_force_from=date(2026, 11, 24))
    evening = NOW.replace(hour=17)  # 0:00 on the 24th in Ho Chi Minh City
    assert in_force([first, second], at=evening - MINUTE) == first
    assert in_force([first, second], at=evening) == second


def test_in_force_before_the_first_version_is_the_first():
    later = Agreement(version=1, in_force_from=date(2027, 1, 1))
    assert in_force([later], at=NOW) == later


def test_calendar_version_is_the_newest_change():
    assert calendar_version() == 0
    for version in (1, 2):
        CalendarChange.objects.create(version=version, part="hours", at=NOW)
    assert calendar_version() == 2


def test_clock_says_what_it_measures():
    assert str(make_clock()).endswith("due 2026-11-23 05:00")
