from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.periods import NAMED, ZONE, Group, Span, custom, following, midnight, months_on, named, opening, today

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # Monday 10:00 in Ho Chi Minh City
moments = st.integers(978_307_200, 4_102_444_800).map(lambda second: datetime.fromtimestamp(second, UTC))
days = st.dates(date(2001, 1, 1), date(2100, 1, 1))
zones = st.sampled_from([ZONE, ZoneInfo("UTC"), ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin")])


def span(first: tuple[int, int, int], last: tuple[int, int, int]) -> Span:
    return Span(midnight(date(*first)), midnight(date(*last)))


def test_midnight_is_the_first_instant_of_the_local_day_in_utc():
    assert midnight(date(2026, 11, 23)) == datetime(2026, 11, 22, 17, 0, tzinfo=UTC)


def test_today_begins_at_local_midnight():
    period = named("today", at=datetime(2026, 11, 22, 17, 0, tzinfo=UTC))
    assert (period.first, period.last) == (date(2026, 11, 23), date(2026, 11, 23))


@pytest.mark.parametrize(
    ("key", "first", "last"),
    [
        ("today", date(2026, 11, 23), date(2026, 11, 23)),
        ("7d", date(2026, 11, 17), date(2026, 11, 23)),
        ("30d", date(2026, 10, 25), date(2026, 11, 23)),
        ("90d", date(2026, 8, 26), date(2026, 11, 23)),
        ("month", date(2026, 11, 1), date(2026, 11, 30)),
        ("quarter", date(2026, 10, 1), date(2026, 12, 31)),
        ("6m", date(2026, 6, 1), date(2026, 11, 30)),
    ],
)
def test_named_periods(key, first, last):
    period = named(key, at=NOW)
    assert (period.first, period.last) == (first, last)


def test_unknown_name_is_a_key_error():
    with pytest.raises(KeyError):
        named("fortnight", at=NOW)


def test_running_period_is_compared_with_as_much_of_the_one_before():
    before = named("today", at=NOW).before(at=NOW)
    assert before == Span(midnight(date(2026, 11, 22)), datetime(2026, 11, 22, 3, 0, tzinfo=UTC))


def test_running_month_is_compared_with_the_same_stretch_of_last_month():
    before = named("month", at=NOW).before(at=NOW)
    assert before == Span(midnight(date(2026, 10, 1)), datetime(2026, 10, 23, 3, 0, tzinfo=UTC))


def test_the_thirtieth_is_compared_with_all_of_a_shorter_month():
    at = datetime(2026, 3, 31, 3, 0, tzinfo=UTC)
    assert named("month", at=at).before(at=at) == span((2026, 2, 1), (2026, 3, 1))


def test_finished_period_is_compared_with_the_whole_one_before():
    period = custom(date(2026, 11, 2), date(2026, 11, 8))
    assert period.before(at=NOW) == span((2026, 10, 26), (2026, 11, 2))


def test_period_that_lies_ahead_is_compared_with_nothing():
    before = custom(date(2027, 1, 1), date(2027, 1, 2)).before(at=NOW)
    assert before.start == before.end


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 11, 8), date(2026, 11, 2)),
        (date(2020, 1, 1), date(2026, 1, 1)),
        (date(1999, 1, 1), date(1999, 1, 2)),
        (date(2998, 12, 1), date(3000, 1, 1)),
    ],
)
def test_days_that_make_no_period_are_refused(first, last):
    with pytest.raises(ValueError, match="not a period"):
        custom(first, last)


@pytest.mark.parametrize(
    ("key", "group"), [("30d", Group.DAY), ("90d", Group.WEEK), ("6m", Group.WEEK), ("today", Group.DAY)]
)
def test_buckets_fit_on_a_screen(key, group):
    assert named(key, at=NOW).group() == group


def test_longer_than_half_a_year_is_grouped_by_month():
    assert custom(date(2026, 1, 1), date(2026, 12, 31)).group() == Group.MONTH


def test_weeks_begin_on_monday_and_the_outer_ones_are_cut():
    buckets = custom(date(2026, 11, 5), date(2026, 11, 17)).buckets(Group.WEEK)
    assert [(b.first.day, b.last.day) for b in buckets] == [(5, 8), (9, 15), (16, 17)]


def test_months_cross_the_year():
    buckets = custom(date(2026, 11, 20), date(2027, 2, 3)).buckets(Group.MONTH)
    assert [(b.first, b.last) for b in buckets] == [
        (date(2026, 11, 20), date(2026, 11, 30)),
        (date(2026, 12, 1), date(2026, 12, 31)),
        (date(2027, 1, 1), date(2027, 1, 31)),
        (date(2027, 2, 1), date(2027, 2, 3)),
    ]


def test_months_on_goes_back_too():
    assert months_on(date(2026, 1, 1), -1) == date(2025, 12, 1)
    assert months_on(date(2026, 12, 1), 1) == date(2027, 1, 1)


@settings(deadline=None)
@given(at=moments, key=st.sampled_from(sorted(NAMED)), zone=zones)
def test_named_period_holds_its_moment_and_follows_the_one_before(at, key, zone):
    period = named(key, at=at, zone=zone)
    assert period.span.start <= at < period.span.end
    before = period.before(at=at)
    assert before.start <= before.end <= period.span.start
    assert before.end - before.start <= max(at - period.span.start, timedelta(days=1))


@settings(deadline=None)
@given(first=days, length=st.integers(0, 800), group=st.sampled_from(Group))
def test_buckets_tile_the_period(first, length, group):
    period = custom(first, first + timedelta(days=length))
    buckets = period.buckets(group)
    assert buckets[0].first == period.first
    assert buckets[-1].last == period.last
    assert all(b.first <= b.last for b in buckets)
    assert all(b.last + timedelta(days=1) == nxt.first for b, nxt in pairwise(buckets))
    assert len({opening(b.first, group) for b in buckets}) == len(buckets)
    assert all(opening(b.first, group) == opening(b.last, group) for b in buckets)


@settings(deadline=None)
@given(day=days, group=st.sampled_from(Group))
def test_following_is_the_next_opening(day, group):
    after = following(day, group)
    assert opening(after, group) == after
    assert opening(after - timedelta(days=1), group) == opening(day, group)


@settings(deadline=None)
@given(at=moments, zone=zones)
def test_today_is_the_day_whose_midnight_has_passed(at, zone):
    day = today(at, zone)
    assert midnight(day, zone) <= at < midnight(day + timedelta(days=1), zone)


@settings(deadline=None)
@given(first=days, length=st.integers(0, 400), at=moments)
def test_comparison_is_never_longer_than_the_period(first, length, at):
    period = custom(first, first + timedelta(days=length))
    before = period.before(at=at)
    assert before.start <= before.end <= period.span.start
    assert before.end - before.start <= period.span.end - period.span.start
