import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.business_time import (
    DEFAULT_DAY,
    DEFAULT_WEEK,
    MORNING,
    Calendar,
    NeverOpenError,
    vietnam_closures,
    vietnam_extra_workdays,
)

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
YEARS = (2026, 2027, 2028)
OFFICE = Calendar(zone=SAIGON, week=DEFAULT_WEEK, closed=vietnam_closures(YEARS), extra=vietnam_extra_workdays(YEARS))
SATURDAYS = Calendar(zone=SAIGON, week=(*DEFAULT_WEEK[:5], (MORNING,), ()))
ROUND_THE_CLOCK = Calendar(zone=SAIGON, week=(((time(0), time(0)),),) * 7)
NEW_YORK = Calendar(zone=ZoneInfo("America/New_York"), week=(((time(1), time(4)), (time(22), time(0))),) * 7)
CHATHAM = Calendar(zone=ZoneInfo("Pacific/Chatham"), week=(((time(2, 30), time(3)), (time(3), time(9))),) * 7)
CALENDARS = st.sampled_from([OFFICE, SATURDAYS, ROUND_THE_CLOCK, NEW_YORK, CHATHAM])
INSTANTS = st.builds(
    lambda day, second: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day, seconds=second),
    st.integers(0, 880),
    st.floats(0, 86_399) | st.integers(0, 95).map(lambda quarter: 900 * quarter),
)
AMOUNTS = st.timedeltas(timedelta(0), timedelta(days=9)) | st.builds(
    lambda quarters: timedelta(minutes=15 * quarters), st.integers(0, 200)
)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def at(text: str, zone: ZoneInfo = SAIGON) -> datetime:
    """A local wall time, as the UTC instant the calculator speaks."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        ("2026-03-02 09:00", 15 * MINUTE, "2026-03-02 09:15"),
        ("2026-03-02 11:50", 15 * MINUTE, "2026-03-02 13:05"),
        ("2026-03-02 12:30", 15 * MINUTE, "2026-03-02 13:15"),
        ("2026-03-02 08:00", 4 * HOUR, "2026-03-02 12:00"),
        ("2026-03-02 08:00", 8.5 * HOUR, "2026-03-02 17:30"),
        ("2026-03-02 17:00", 2 * HOUR, "2026-03-03 09:30"),
        ("2026-03-02 00:00", 15 * MINUTE, "2026-03-02 08:15"),
        ("2026-03-02 23:59", 15 * MINUTE, "2026-03-03 08:15"),
        ("2026-03-06 17:25", 15 * MINUTE, "2026-03-09 08:10"),
        ("2026-03-07 10:00", 2 * HOUR, "2026-03-09 10:00"),
        ("2026-02-13 17:20", 15 * MINUTE, "2026-02-23 08:05"),  # over Tết Bính Ngọ
        ("2027-02-03 17:00", 2 * HOUR, "2027-02-11 09:30"),  # over Tết Đinh Mùi
        ("2026-04-24 17:00", HOUR, "2026-04-28 08:30"),  # Giỗ Tổ on a Sunday, day off in lieu on Monday
        ("2026-04-29 17:00", HOUR, "2026-05-04 08:30"),  # 30/4 and 1/5, then a weekend
        ("2027-04-29 17:00", HOUR, "2027-05-04 08:30"),  # 1/5 on a Saturday, in lieu on Monday
        ("2026-08-21 17:00", HOUR, "2026-08-22 08:30"),  # make-up Saturday for 31/8
        ("2026-08-28 17:00", HOUR, "2026-09-03 08:30"),  # 31/8 swapped, 1/9 and 2/9
        ("2028-02-28 17:00", 8.5 * HOUR, "2028-02-29 17:00"),
        ("2028-02-29 17:00", HOUR, "2028-03-01 08:30"),  # leap day
    ],
)
def test_add_counts_vietnamese_office_hours(start, amount, due):
    assert OFFICE.add(at(start), amount) == at(due)


def test_add_of_nothing_waits_for_the_next_opening_but_stays_on_a_closing():
    assert OFFICE.add(at("2026-03-02 12:30"), 0 * HOUR) == at("2026-03-02 13:00")
    assert OFFICE.add(at("2026-03-02 12:00"), 0 * HOUR) == at("2026-03-02 12:00")


def test_a_closing_at_midnight_is_a_closing_too():
    evenings = Calendar(zone=SAIGON, week=(((time(20), time(0)),),) * 7)
    closing = evenings.add(at("2026-03-02 21:00"), 3 * HOUR)
    assert closing == at("2026-03-03 00:00")
    assert evenings.add(closing, 0 * HOUR) == closing
    assert evenings.add(closing, HOUR) == at("2026-03-03 21:00")


def test_add_answers_in_utc_whatever_zone_it_is_asked_in():
    due = OFFICE.add(datetime(2026, 3, 2, 11, 50, tzinfo=SAIGON), 15 * MINUTE)
    assert (due, due.tzinfo) == (datetime(2026, 3, 2, 6, 5, tzinfo=UTC), UTC)


@pytest.mark.parametrize(
    ("start", "end", "worked"),
    [
        ("2026-03-02 09:00", "2026-03-02 09:15", 15 * MINUTE),
        ("2026-03-02 11:00", "2026-03-02 14:00", 2 * HOUR),
        ("2026-03-02 12:00", "2026-03-02 13:00", 0 * HOUR),
        ("2026-03-06 17:00", "2026-03-09 08:30", HOUR),
        ("2026-02-13 17:00", "2026-02-23 08:30", HOUR),
        ("2026-08-22 00:00", "2026-08-23 00:00", 8.5 * HOUR),
        ("2026-03-02 10:00", "2026-03-02 10:00", 0 * HOUR),
        ("2026-03-02 11:00", "2026-03-02 10:00", 0 * HOUR),
        ("2026-03-09 11:00", "2026-03-02 10:00", 0 * HOUR),
    ],
)
def test_elapsed_counts_only_opening_hours(start, end, worked):
    assert OFFICE.elapsed(at(start), at(end)) == worked


@pytest.mark.parametrize(
    ("when", "is_open", "next_open"),
    [
        ("2026-03-02 07:59", False, "2026-03-02 08:00"),
        ("2026-03-02 08:00", True, "2026-03-02 08:00"),
        ("2026-03-02 11:59", True, "2026-03-02 11:59"),
        ("2026-03-02 12:00", False, "2026-03-02 13:00"),
        ("2026-03-02 17:30", False, "2026-03-03 08:00"),
        ("2026-02-17 10:00", False, "2026-02-23 08:00"),
        ("2026-08-22 10:00", True, "2026-08-22 10:00"),
    ],
)
def test_openings_are_open_and_closings_are_closed(when, is_open, next_open):
    assert OFFICE.is_open(at(when)) is is_open
    assert OFFICE.next_open(at(when)) == at(next_open)


@pytest.mark.parametrize(
    ("calendar", "start", "days", "due"),
    [
        (OFFICE, "2026-03-02 10:00", 3, "2026-03-05 10:00"),
        (OFFICE, "2026-03-05 10:00", 3, "2026-03-10 10:00"),
        (OFFICE, "2026-03-02 10:00", 0, "2026-03-02 10:00"),
        (OFFICE, "2026-03-01 10:00", 0, "2026-03-02 08:00"),
        (OFFICE, "2026-03-01 10:00", 1, "2026-03-03 08:00"),
        (OFFICE, "2026-03-02 20:00", 1, "2026-03-04 08:00"),
        (OFFICE, "2026-03-02 17:30", 1, "2026-03-03 17:30"),
        (OFFICE, "2026-02-12 16:00", 3, "2026-02-24 16:00"),
        (OFFICE, "2026-08-21 09:00", 1, "2026-08-22 09:00"),
        (SATURDAYS, "2026-03-06 09:00", 1, "2026-03-07 09:00"),
        (SATURDAYS, "2026-03-06 15:00", 1, "2026-03-07 12:00"),
        (SATURDAYS, "2026-03-06 15:00", 2, "2026-03-09 15:00"),
    ],
)
def test_add_days_keeps_the_time_of_day_on_a_later_business_day(calendar, start, days, due):
    assert calendar.add_days(at(start), days) == at(due)


def test_add_days_into_a_lunch_break_ends_after_it():
    through = Calendar(zone=SAIGON, week=(((time(8), time(17)),), *DEFAULT_WEEK[1:]))
    assert through.add_days(at("2026-03-02 12:30"), 1) == at("2026-03-03 13:00")


def test_extra_days_win_over_closures_and_may_close_a_day():
    monday, tuesday = date(2026, 3, 2), date(2026, 3, 3)
    calendar = Calendar(zone=SAIGON, closed={monday: "Nghỉ"}, extra={monday: (MORNING,), tuesday: ()})
    assert calendar.spans(monday) == ((at("2026-03-02 08:00"), at("2026-03-02 12:00")),)
    assert calendar.spans(tuesday) == ()


def test_spans_of_a_default_day():
    assert OFFICE.spans(date(2026, 3, 2)) == (
        (at("2026-03-02 08:00"), at("2026-03-02 12:00")),
        (at("2026-03-02 13:00"), at("2026-03-02 17:30")),
    )
    assert OFFICE.spans(date(2026, 3, 1)) == ()


def test_hours_may_run_round_the_clock():
    assert ROUND_THE_CLOCK.add(at("2026-03-02 23:50"), 24 * HOUR) == at("2026-03-03 23:50")
    assert ROUND_THE_CLOCK.is_open(at("2026-03-03 00:00")) is True


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2026, 3, 7), 3 + 2),
        (date(2026, 3, 8), 2 + 2),  # 2:00 jumps to 3:00
        (date(2026, 11, 1), 4 + 2),  # 1:00-2:00 runs twice
    ],
)
def test_spans_follow_the_clock_changes_of_their_zone(day, hours):
    assert sum((end - start for start, end in NEW_YORK.spans(day)), timedelta(0)) == hours * HOUR


def test_a_span_swallowed_by_a_clock_change_is_no_span():
    # Chatham jumps from 2:45 to 3:45 on 27 September 2026.
    zone = CHATHAM.zone
    assert CHATHAM.spans(date(2026, 9, 26))[0] == (at("2026-09-26 02:30", zone), at("2026-09-26 03:00", zone))
    spans = CHATHAM.spans(date(2026, 9, 27))
    assert all(start < end for start, end in spans)
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(spans))
    gap = Calendar(zone=NEW_YORK.zone, week=(((time(2), time(2, 30)), (time(2, 30), time(3))),) * 7)
    assert all(start < end for start, end in gap.spans(date(2026, 3, 8)))


def test_naive_datetimes_are_refused():
    naive = at("2026-03-02 09:00").replace(tzinfo=None)
    for call in (
        lambda: OFFICE.is_open(naive),
        lambda: OFFICE.next_open(naive),
        lambda: OFFICE.add(naive, HOUR),
        lambda: OFFICE.add_days(naive, 1),
        lambda: OFFICE.elapsed(naive, at("2026-03-02 10:00")),
        lambda: OFFICE.elapsed(at("2026-03-02 10:00"), naive),
    ):
        with pytest.raises(ValueError, match="time zone"):
            call()


def test_time_only_runs_forward():
    with pytest.raises(ValueError, match="forward"):
        OFFICE.add(at("2026-03-02 10:00"), -MINUTE)
    with pytest.raises(ValueError, match="forward"):
        OFFICE.add_days(at("2026-03-02 10:00"), -1)


def test_a_calendar_that_never_opens_says_so():
    never = Calendar(zone=SAIGON, week=((),) * 7)
    for call in (
        lambda: never.next_open(at("2026-03-02 10:00")),
        lambda: never.add(at("2026-03-02 10:00"), HOUR),
        lambda: never.add_days(at("2026-03-02 10:00"), 1),
    ):
        with pytest.raises(NeverOpenError):
            call()
    assert never.elapsed(at("2026-03-02 10:00"), at("2026-04-02 10:00")) == timedelta(0)


def test_a_calendar_open_for_one_last_day_runs_out():
    last = Calendar(zone=SAIGON, week=((),) * 7, extra={date(2026, 3, 2): DEFAULT_DAY})
    assert last.add(at("2026-03-01 10:00"), 8.5 * HOUR) == at("2026-03-02 17:30")
    with pytest.raises(NeverOpenError):
        last.add(at("2026-03-01 10:00"), 8.5 * HOUR + MINUTE)
    with pytest.raises(NeverOpenError):
        last.add_days(at("2026-03-01 10:00"), 1)


@pytest.mark.parametrize(
    "hours",
    [
        ((time(12), time(8)),),
        ((time(8), time(8)),),
        ((time(8), time(12)), (time(11), time(17))),
        ((time(13), time(17)), (time(8), time(12))),
        ((time(8), time(0)), (time(13), time(17))),
    ],
)
def test_hours_out_of_order_are_refused(hours):
    with pytest.raises(ValueError, match="hours must"):
        Calendar(zone=SAIGON, week=(hours, *DEFAULT_WEEK[1:]))
    with pytest.raises(ValueError, match="hours must"):
        Calendar(zone=SAIGON, extra={date(2026, 3, 2): hours})


def test_a_week_has_seven_days():
    with pytest.raises(ValueError, match="seven days"):
        Calendar(zone=SAIGON, week=DEFAULT_WEEK[:6])


def test_calendars_with_the_same_hours_are_equal_whatever_they_computed():
    used = Calendar(zone=SAIGON)
    used.add(at("2026-03-02 10:00"), HOUR)
    assert used == Calendar(zone=SAIGON)


def test_vietnam_closures_know_tet_and_days_in_lieu():
    closed = vietnam_closures([2026, 2027])
    tet_2026 = [date(2026, 2, day) for day in range(16, 21)]
    tet_2027 = [date(2027, 2, day) for day in range(4, 11)]
    assert [day for day in closed if day.month == 2] == tet_2026 + tet_2027
    assert closed[date(2026, 4, 27)] == "Ngày Giỗ Tổ Hùng Vương (nghỉ bù)"
    assert closed[date(2026, 8, 31)] == "Ngày nghỉ (thay cho ngày 22/08/2026)"
    assert {day.strftime("%d/%m") for day in closed} >= {"01/01", "30/04", "01/05", "02/09", "24/11"}
    assert {day.year for day in closed} == {2026, 2027}


@pytest.mark.parametrize(
    ("years", "days"),
    [
        ([2024], [date(2024, 5, 4)]),
        ([2025, 2026], [date(2025, 4, 26), date(2026, 8, 22)]),
        ([2019], [date(2019, 1, 5), date(2019, 5, 4)]),  # the first one made up for 31/12/2018
        ([2014], [date(2014, 4, 26), date(2014, 9, 6), date(2014, 12, 27)]),
        ([], []),
    ],
)
def test_vietnam_extra_workdays_are_the_swapped_saturdays(years, days):
    assert vietnam_extra_workdays(years) == dict.fromkeys(days, DEFAULT_DAY)


def test_vietnam_extra_workdays_take_their_hours():
    assert vietnam_extra_workdays([2026], hours=(MORNING,)) == {date(2026, 8, 22): (MORNING,)}


@given(CALENDARS, INSTANTS, AMOUNTS)
def test_elapsed_undoes_add(calendar, start, amount):
    assert calendar.elapsed(start, calendar.add(start, amount)) == amount


@given(CALENDARS, INSTANTS, AMOUNTS, AMOUNTS)
def test_add_in_two_steps_is_add_in_one(calendar, start, first, second):
    assert calendar.add(calendar.add(start, first), second) == calendar.add(start, first + second)


@given(CALENDARS, INSTANTS, INSTANTS, AMOUNTS, AMOUNTS)
def test_add_never_runs_backwards(calendar, one, other, short, long):
    assert calendar.add(one, short) >= one
    assert calendar.add(min(one, other), short) <= calendar.add(max(one, other), short)
    assert calendar.add(one, min(short, long)) <= calendar.add(one, max(short, long))


@settings(deadline=None)
@given(CALENDARS, st.lists(INSTANTS, min_size=3, max_size=3).map(sorted))
def test_elapsed_is_additive_and_never_longer_than_the_wall_clock(calendar, instants):
    start, middle, end = instants
    whole = calendar.elapsed(start, end)
    assert calendar.elapsed(start, middle) + calendar.elapsed(middle, end) == whole
    assert timedelta(0) <= whole <= end - start


@given(CALENDARS, INSTANTS)
def test_next_open_is_open_and_nothing_opens_before(calendar, start):
    opening = calendar.next_open(start)
    assert calendar.is_open(opening)
    assert calendar.elapsed(start, opening) == timedelta(0)
    assert (opening == start) == calendar.is_open(start)


@given(CALENDARS, INSTANTS, INSTANTS, st.integers(0, 30), st.integers(0, 30))
def test_add_days_never_runs_backwards(calendar, one, other, few, many):
    assert calendar.add_days(one, min(few, many)) <= calendar.add_days(one, max(few, many))
    assert calendar.add_days(min(one, other), few) <= calendar.add_days(max(one, other), few)


@given(CALENDARS, INSTANTS, st.integers(0, 30))
def test_add_days_lands_on_or_between_business_hours_of_that_day(calendar, start, days):
    due = calendar.add_days(start, days)
    assert any(
        opening <= due <= closing for opening, closing in calendar.spans(due.astimezone(calendar.zone).date())
    ) or (calendar.elapsed(due - MINUTE, due) == MINUTE)
