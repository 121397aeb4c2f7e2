"""What promises are measured by is read once, and anew as soon as anything of it has changed."""

from datetime import date, time

import pytest

from accounts.models import SpecialDay, WorkSpan
from sla.agreements import measures, versions
from sla.models import Agreement, CalendarChange
from sla.office import add_special_day
from tests.factories import NOW
from tests.sla.makers import MINUTE, make_clock

pytestmark = pytest.mark.django_db


def test_the_same_measures_are_read_once(django_assert_num_queries):
    versions()
    first = measures()
    with django_assert_num_queries(1):
        assert measures() is first


def test_the_first_version_is_entered_where_there_is_none():
    Agreement.objects.all().delete()
    assert [version.version for version in measures().known] == [1]
    assert measures().known == versions()


def test_a_changed_promise_is_seen_by_the_next_hand_off():
    assert make_clock().minutes == 120
    Agreement.objects.update(first_touch_minutes=90)
    assert make_clock().minutes == 90


def test_hours_and_days_are_those_of_now():
    measures()
    WorkSpan.objects.all().delete()
    WorkSpan.objects.create(weekday=0, start=time(9), end=time(12))
    assert measures().office.spans == ((0, time(9), time(12)),)
    SpecialDay.objects.create(day=date(2026, 11, 30), name="Kiểm kê", working=False)
    assert measures().office.days == ((date(2026, 11, 30), "Kiểm kê", False),)


def test_a_clock_carries_the_calendar_it_was_wound_under():
    assert make_clock().calendar_version == 0
    add_special_day(date(2026, 11, 23), name="Mất điện", working=False, by=None, at=NOW)
    clock = make_clock()
    assert (clock.calendar_version, CalendarChange.objects.count()) == (1, 1)
    assert clock.due_at > NOW + 24 * 60 * MINUTE
