from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from reports.cover import Days, cover
from reports.periods import DAY, ZONE, Span, midnight


def day(number: int) -> date:
    return date(2026, 11, number)


def span(first: int, last: int) -> Span:
    return Span(midnight(day(first)), midnight(day(last)))


def test_without_roll_ups_the_whole_span_is_read_from_the_rows():
    found = cover(span(1, 10), [], ZONE)
    assert (found.counted, found.raw) == ([], [span(1, 10)])


def test_rolled_up_days_are_not_read_again():
    found = cover(span(1, 10), [Days(day(1), day(9))], ZONE)
    assert (found.counted, found.raw) == ([Days(day(1), day(9))], [])


def test_gaps_are_read_from_the_rows():
    found = cover(span(2, 12), [Days(day(1), day(3)), Days(day(6), day(7)), Days(day(20), day(22))], ZONE)
    assert found.counted == [Days(day(2), day(3)), Days(day(6), day(7))]
    assert found.raw == [span(4, 6), span(8, 12)]


def test_a_day_that_is_cut_is_read_from_the_rows():
    cut = Span(midnight(day(1)) + timedelta(hours=5), midnight(day(3)) + timedelta(hours=5))
    found = cover(cut, [Days(day(1), day(5))], ZONE)
    assert found.counted == [Days(day(2), day(2))]
    assert found.raw == [Span(cut.start, midnight(day(2))), Span(midnight(day(3)), cut.end)]


def test_nothing_covers_less_than_a_day():
    within = Span(midnight(day(1)) + timedelta(hours=1), midnight(day(1)) + timedelta(hours=2))
    assert cover(within, [Days(day(1), day(1))], ZONE).raw == [within]
    empty = Span(midnight(day(1)), midnight(day(1)))
    assert cover(empty, [Days(day(1), day(1))], ZONE) == cover(empty, [], ZONE)


moments = st.integers(0, 60 * 24).map(lambda hour: datetime(2026, 10, 1, tzinfo=UTC) + timedelta(hours=hour))


@st.composite
def islands(draw):
    found, reached = [], date(2026, 9, 25)
    for gap, length in draw(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), max_size=8)):
        first = reached + timedelta(days=gap + 1)
        reached = first + timedelta(days=length)
        found.append(Days(first, reached))
    return found


@settings(deadline=None)
@given(start=moments, end=moments, holding=islands())
def test_every_moment_of_the_span_is_read_once(start, end, holding):
    asked = Span(min(start, end), max(start, end))
    found = cover(asked, holding, ZONE)
    pieces = sorted(
        [(midnight(d.first), midnight(d.last + DAY)) for d in found.counted] + [(r.start, r.end) for r in found.raw]
    )
    assert sum((b - a for a, b in pieces), timedelta()) == asked.end - asked.start
    assert all(one[1] <= other[0] for one, other in pairwise(pieces))
    rolled = {d.first + DAY * n for d in holding for n in range((d.last - d.first).days + 1)}
    assert all(d.first + DAY * n in rolled for d in found.counted for n in range((d.last - d.first).days + 1))
