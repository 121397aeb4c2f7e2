from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.availability import (
    OfficeHours,
    build_calendar,
    calendar,
    is_free,
    listed_days,
    office_hours,
)
from accounts.enums import Role
from accounts.models import SpecialDay, WorkSpan
from tests.factories import NOW, make_team, make_user

MONDAY, SATURDAY, HOLIDAY = date(2026, 11, 30), date(2026, 11, 28), date(2026, 9, 2)
WEEK = tuple((day, *span) for day in range(5) for span in ((time(8), time(12)), (time(13), time(17, 30))))
FULL_DAY = timedelta(hours=8, minutes=30)
NOTHING = timedelta()


def open_time(days: tuple, day: date, spans: tuple = WEEK) -> timedelta:
    """How long the office is open on a local day."""
    hours = build_calendar(spans, days, year=day.year)
    return sum((end - start for start, end in hours.spans(day)), NOTHING)


@pytest.mark.django_db
def test_office_hours_are_seeded_monday_to_friday():
    assert office_hours() == OfficeHours(WEEK, ())


@pytest.mark.django_db
def test_calendar_reads_hours_and_special_days():
    WorkSpan.objects.all().delete()
    WorkSpan.objects.create(weekday=6, start=time(9), end=time(10))
    SpecialDay.objects.create(day=MONDAY, name="Làm bù", working=True)
    hours = calendar(at=NOW)
    assert hours.is_open(datetime(2026, 11, 29, 2, 30, tzinfo=UTC))  # Sunday 9:30
    assert hours.is_open(datetime(2026, 11, 30, 2, 30, tzinfo=UTC))
    assert not hours.is_open(datetime(2026, 12, 1, 2, 30, tzinfo=UTC))


@pytest.mark.django_db
def test_office_hours_are_two_queries_however_many_years_are_asked(django_assert_num_queries):
    with django_assert_num_queries(2):
        office = office_hours()
        for year in range(2020, 2030):
            office.around(NOW.replace(year=year))


def test_calendar_is_built_once_for_the_same_hours():
    assert build_calendar(WEEK, (), year=2026) is build_calendar(WEEK, (), year=2026)


def test_no_hours_at_all_are_the_default_week():
    assert open_time((), MONDAY, spans=()) == FULL_DAY
    assert open_time((), SATURDAY, spans=()) == NOTHING


def test_public_holidays_are_closed():
    assert open_time((), HOLIDAY) == NOTHING


@pytest.mark.parametrize("year", [2024, 2025, 2026, 2027, 2028])
def test_holidays_are_known_two_years_around(year):
    assert not build_calendar(WEEK, (), year=2026).spans(date(year, 9, 2))


def test_tet_closes_the_whole_week():
    tet = [date(2026, 2, 16) + timedelta(days=n) for n in range(5)]
    assert [open_time((), day) for day in tet] == [NOTHING] * 5
    assert open_time((), date(2026, 2, 23)) == FULL_DAY


def test_announced_make_up_saturday_is_a_full_day():
    assert open_time((), date(2024, 5, 4)) == FULL_DAY  # for Monday 29 April 2024


def test_own_closure_closes_an_ordinary_day():
    assert open_time(((MONDAY, "Du lịch", False),), MONDAY) == NOTHING


def test_own_working_day_opens_a_saturday_and_a_holiday():
    assert open_time(((SATURDAY, "Làm bù", True),), SATURDAY) == FULL_DAY
    assert open_time(((HOLIDAY, "Trực lễ", True),), HOLIDAY) == FULL_DAY


def test_own_closure_wins_over_an_announced_make_up_day():
    assert open_time(((date(2024, 5, 4), "Nghỉ", False),), date(2024, 5, 4)) == NOTHING


def test_make_up_day_has_the_hours_of_the_longest_weekday():
    spans = ((0, time(8), time(9)), (0, time(9), time(10)), (1, time(8), time(20)), (2, time(22), time(23)))
    assert open_time(((SATURDAY, "Làm bù", True),), SATURDAY, spans) == timedelta(hours=12)


def test_make_up_day_of_a_week_that_runs_to_midnight():
    spans = ((0, time(8), time(12)), (1, time(18), time.min))
    assert open_time(((SATURDAY, "Làm bù", True),), SATURDAY, spans) == timedelta(hours=6)


@given(
    days=st.lists(st.tuples(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.just("X"), st.booleans()), max_size=6)
)
@settings(max_examples=60, deadline=None)
def test_own_days_always_win(days):
    last_said = {day: (day, name, working) for day, name, working in days}
    own = tuple(last_said.values())
    assert [bool(open_time(own, day)) for day, _name, _working in own] == [working for _d, _n, working in own]


def test_listed_days_are_in_order_and_say_where_they_come_from():
    own = [(HOLIDAY, "Trực lễ", True), (MONDAY, "Du lịch", False), (date(2030, 1, 1), "Xa", False)]
    days = listed_days([2026], own)
    assert [day.day for day in days] == sorted(day.day for day in days)
    assert {day.day.year for day in days} == {2026}
    mine = [(day.key, day.name, day.working) for day in days if day.own]
    assert mine == [("2026-09-02", "Trực lễ", True), ("2026-11-30", "Du lịch", False)]


def test_listed_days_tell_make_up_days_from_holidays():
    make_up = [day for day in listed_days([2024], ()) if day.working]
    assert [(day.key, day.name, day.own) for day in make_up] == [("2024-05-04", "", False)]


MORNING, NIGHT = NOW, NOW + timedelta(hours=12)


def free(*, at: datetime = MORNING, open_handoffs: int = 0, **fields: object) -> bool:
    rep = make_user(Role.REP, **fields)
    return is_free(rep, open_handoffs=open_handoffs, at=at, hours=calendar(at=at))


@pytest.mark.django_db
def test_rep_on_duty_is_free():
    assert free()


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{"is_active": False}, {"on_duty": False}])
def test_rep_who_has_left_or_is_off_duty_is_not_free(fields):
    assert not free(**fields)


@pytest.mark.django_db
@pytest.mark.parametrize(("load", "expected"), [(0, True), (29, True), (30, False), (31, False)])
def test_rep_is_free_under_capacity(load, expected):
    assert free(open_handoffs=load) is expected


@pytest.mark.django_db
def test_rep_of_an_ordinary_team_is_free_at_night():
    assert free(at=NIGHT)


@pytest.mark.django_db
def test_rep_of_a_team_that_asks_for_hours_is_free_in_them_only():
    assert free(at=MORNING, team=make_team(in_hours_only=True))
    assert not free(at=NIGHT, team=make_team(in_hours_only=True))


@pytest.mark.django_db
def test_rep_is_free_when_nobody_asked_for_hours():
    rep = make_user(team=make_team(in_hours_only=True))
    assert is_free(rep, open_handoffs=0, at=NIGHT, hours=None)


@pytest.mark.django_db
def test_person_without_a_team_is_free_at_any_hour():
    manager = make_user(Role.SALES_MANAGER)
    assert is_free(manager, open_handoffs=0, at=NIGHT, hours=calendar(at=NIGHT))
