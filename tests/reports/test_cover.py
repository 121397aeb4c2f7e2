from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from reports.cover import Days, Held, cover
from reports.periods import DAY, ZONE, Group, Span, following, midnight


def day(number: int) -> date:
    return date(2026, 11, number)


def span(first: int, last: int) -> Span:
    return Span(midnight(day(first)), midnight(day(last)))


def test_without_roll_ups_the_whole_span_is_read_from_the_rows():
    found = cover(span(1, 10), Held(), ZONE)
    assert (found.counted, found.raw) == ([], [span(1, 10)])


def test_rolled_up_days_are_not_read_again():
    found = cover(span(1, 10), Held([Days(day(1), day(9))]), ZONE)
    assert (found.counted, found.raw) == ([Days(day(1), day(9))], [])


def test_gaps_are_read_from_the_rows():
    found = cover(span(2, 12), Held([Days(day(1), day(3)), Days(day(6), day(7)), Days(day(20), day(22))]), ZONE)
    assert found.counted == [Days(day(2), day(3)), Days(day(6), day(7))]
    assert found.raw == [span(4, 6), span(8, 12)]


def test_a_day_that_is_cut_is_read_from_the_rows():
    cut = Span(midnight(day(1)) + timedelta(hours=5), midnight(day(3)) + timedelta(hours=5))
    found = cover(cut, Held([Days(day(1), day(5))]), ZONE)
    assert found.counted == [Days(day(2), day(2))]
    assert found.raw == [Span(cut.start, midnight(day(2))), Span(midnight(day(3)), cut.end)]


def test_nothing_covers_less_than_a_day():
    within = Span(midnight(day(1)) + timedelta(hours=1), midnight(day(1)) + timedelta(hours=2))
    assert cover(within, Held([Days(day(1), day(1))]), ZONE).raw == [within]
    empty = Span(midnight(day(1)), midnight(day(1)))
    assert cover(empty, Held([Days(day(1), day(1))]), ZONE) == cover(empty, Held(), ZONE)


moments = st.integers(0, 180 * 24).map(lambda hour: datetime(2026, 7, 1, tzinfo=UTC) + timedelta(hours=hour))


def run(first: date, last: date) -> set[date]:
    return {first + DAY * number for number in range((last - first).days + 1)}


@st.composite
def holdings(draw):
    """Runs of days that hold over half a year, and some of its months added up, whether their days hold or not."""
    found, reached = [], date(2026, 7, 1)
    for gap, length in draw(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 80)), max_size=6)):
        first = reached + timedelta(days=gap + 1)
        reached = first + timedelta(days=length)
        found.append(Days(first, reached))
    firsts = [date(2026, month, 1) for month in sorted(draw(st.sets(st.integers(7, 12))))]
    return Held(found, [Days(first, following(first, Group.MONTH) - DAY) for first in firsts])


def test_a_month_whose_days_all_hold_is_read_as_one():
    october, november = Days(date(2026, 10, 1), date(2026, 10, 31)), Days(day(1), day(30))
    whole = Span(midnight(date(2026, 9, 29)), midnight(date(2026, 12, 2)))
    held = Held([Days(date(2026, 9, 29), day(12)), Days(day(14), date(2026, 12, 5))], [october, november])
    found = cover(whole, held, ZONE)
    assert found.months == [october]
    before, after = Days(date(2026, 9, 29), date(2026, 9, 30)), Days(day(14), date(2026, 12, 1))
    assert found.counted == [before, Days(day(1), day(12)), after]
    assert found.raw == [span(13, 14)]


def test_months_side_by_side_are_read_together():
    months = [Days(date(2026, 9, 1), date(2026, 9, 30)), Days(date(2026, 10, 1), date(2026, 10, 31))]
    whole = Span(midnight(date(2026, 9, 1)), midnight(date(2026, 11, 1)))
    found = cover(whole, Held([Days(date(2026, 8, 1), day(12))], months), ZONE)
    assert (found.months, found.counted, found.raw) == ([Days(months[0].first, months[1].last)], [], [])


@settings(deadline=None)
@given(start=moments, end=moments, held=holdings())
def test_every_moment_of_the_span_is_read_once(start, end, held):
    asked = Span(min(start, end), max(start, end))
    found = cover(asked, held, ZONE)
    kept = [*found.months, *found.counted]
    pieces = sorted([(midnight(d.first), midnight(d.last + DAY)) for d in kept] + [(r.start, r.end) for r in found.raw])
    assert sum((b - a for a, b in pieces), timedelta()) == asked.end - asked.start
    assert all(one[1] <= other[0] for one, other in pairwise(pieces))
    holding = set().union(*(run(d.first, d.last) for d in held.days))
    assert set().union(*(run(d.first, d.last) for d in kept)) <= holding
    summed = set().union(*(run(d.first, d.last) for d in held.months))
    assert set().union(*(run(d.first, d.last) for d in found.months)) <= summed
    assert all(d.first.day == 1 and (d.last + DAY).day == 1 for d in found.months)
