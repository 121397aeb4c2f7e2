import base64
import re
from datetime import timedelta
from itertools import chain

import orjson
import pytest
from django.db import connection
from django.db.models import F, QuerySet
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from core.keyset import near_page, page
from leads.models import Standing
from tests.factories import NOW, arrive

pytestmark = pytest.mark.django_db


def make(moments: list[int]) -> list[int]:
    """Leads created so many minutes before NOW; their ids."""
    return [arrive(at=NOW - timedelta(minutes=m)).lead_id for m in moments]


def walk(rows: QuerySet[Standing], ordering: str, size: int) -> tuple[list[list[int]], str]:
    """All pages forwards, and the cursor back from the last one."""
    pages, cursor = [], ""
    while True:
        found = page(rows, ordering=ordering, tie="pk", size=size, cursor=cursor)
        pages.append([row.pk for row in found.rows])
        if not found.next:
            return pages, found.previous or ""
        cursor = found.next


def flat(pages: list[list[int]]) -> list[int]:
    return list(chain.from_iterable(pages))


def cursor_of(*values: object) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


@pytest.mark.parametrize("ordering", ["-created_at", "created_at"])
def test_page_walks_over_every_row_once_with_ties(ordering):
    ids = make([3, 1, 1, 1, 2])
    pages, _back = walk(Standing.objects.all(), ordering, 2)
    expected = list(
        Standing.objects.order_by(ordering, "-pk" if ordering[0] == "-" else "pk").values_list("pk", flat=True)
    )
    assert flat(pages) == expected
    assert sorted(expected) == sorted(ids)
    assert [len(p) for p in pages] == [2, 2, 1]


def test_page_goes_back_the_way_it_came():
    make([5, 4, 3, 2, 1])
    pages, back = walk(Standing.objects.all(), "-created_at", 2)
    second = page(Standing.objects.all(), ordering="-created_at", tie="pk", size=2, cursor=back)
    assert [r.pk for r in second.rows] == pages[1]
    first = page(Standing.objects.all(), ordering="-created_at", tie="pk", size=2, cursor=second.previous)
    assert [r.pk for r in first.rows] == pages[0]
    assert first.previous is None
    assert first.next is not None


def test_page_of_nothing_has_no_neighbours():
    found = page(Standing.objects.all(), ordering="-created_at", tie="pk", size=2)
    assert (found.rows, found.next, found.previous) == ([], None, None)


def test_page_exactly_full_has_no_next():
    make([1, 2])
    found = page(Standing.objects.all(), ordering="-created_at", tie="pk", size=2)
    assert (len(found.rows), found.next, found.previous) == (2, None, None)


def test_page_beyond_the_end_is_empty():
    make([1])
    far = cursor_of(0, "1990-01-01T00:00:00+00:00", 1)
    found = page(Standing.objects.all(), ordering="-created_at", tie="pk", size=2, cursor=far)
    assert (found.rows, found.next, found.previous) == ([], None, None)


def test_page_orders_by_whole_numbers_relations_and_annotations():
    ids = make([1, 2, 3])
    rows = Standing.objects.select_related("lead").annotate(rank=F("lead_id") * 1)
    assert flat(walk(rows, "score", 1)[0]) == ids
    assert flat(walk(rows, "lead__created_at", 1)[0]) == ids[::-1]
    assert flat(walk(rows, "-rank", 1)[0]) == ids[::-1]
    assert flat(walk(rows, "handoff_open", 1)[0]) == ids
    assert flat(walk(rows, "lead_id", 2)[0]) == ids
    assert flat(walk(rows, "source", 2)[0]) == ids


BAD = [
    "x", "é", "%%%", "AAAA", cursor_of(), cursor_of(0), cursor_of(0, 1), cursor_of(0, 1, 2, 3), cursor_of(2, 1, 1),
    cursor_of(True, 1, 1), cursor_of("0", 1, 1), cursor_of(0, "garbage", 1), cursor_of(0, 5, 1),
    cursor_of(0, "2026-01-01T00:00:00", 1), cursor_of(0, None, 1), cursor_of(0, [], 1), cursor_of(0, {}, 1),
    cursor_of(0, "2026-01-01T00:00:00Z", "1"), cursor_of(0, "2026-01-01T00:00:00Z", 2**63),
    cursor_of(0, "2026-01-01T00:00:00Z", None),
    cursor_of(0, "2026-01-01T00:00:00Z", True), cursor_of(0, "2026-01-01T00:00:00Z", 1.5),
    cursor_of(0, "2026-13-01T00:00:00Z", 1), base64.urlsafe_b64encode(b'{"a":1}').decode(),
]  # fmt: skip


@pytest.mark.parametrize("cursor", BAD)
def test_page_refuses_a_cursor_that_was_not_made_here(cursor):
    with pytest.raises(Invalid) as refused:
        page(Standing.objects.all(), ordering="-created_at", tie="pk", size=2, cursor=cursor)
    assert (refused.value.code, refused.value.field) == ("bad_cursor", "cursor")


@pytest.mark.parametrize("value", ["9", 2**40, None, 1.5, True])
def test_page_refuses_a_score_cursor_of_another_type_or_range(value):
    with pytest.raises(Invalid):
        page(Standing.objects.all(), ordering="-score", tie="pk", size=2, cursor=cursor_of(0, value, 1))


@pytest.mark.parametrize(("ordering", "value"), [("source", 5), ("source", "a\x00b"), ("handoff_open", 1)])
def test_page_refuses_text_and_yes_no_cursors_of_another_type(ordering, value):
    with pytest.raises(Invalid):
        page(Standing.objects.all(), ordering=ordering, tie="pk", size=2, cursor=cursor_of(0, value, 1))


@given(st.text(max_size=80) | st.binary(max_size=60).map(lambda b: base64.urlsafe_b64encode(b).decode()))
def test_page_never_fails_otherwise_on_any_cursor(cursor):
    try:
        page(Standing.objects.none(), ordering="-created_at", tie="pk", size=2, cursor=cursor)
    except Invalid as refused:
        assert refused.code == "bad_cursor"  # noqa: PT017 - most examples do raise


ORDERINGS = ("-created_at", "created_at", "-score", "score")


def test_a_near_page_is_the_page_or_says_that_it_does_not_fill():
    ids = make([4, 1, 1, 3, 1, 2, 9, 4])

    @given(
        st.sets(st.sampled_from(ids)),
        st.sampled_from(ORDERINGS),
        st.integers(min_value=1, max_value=4),
        st.integers(min_value=0, max_value=9),
    )
    def check(wanted, ordering, size, reach):
        among, cursor = Standing.objects.all(), ""
        rows = among.filter(pk__in=wanted)
        order = [row.pk for row in among.order_by(ordering, "-pk" if ordering[0] == "-" else "pk")]
        passed = 0
        while True:
            expected = page(rows, ordering=ordering, tie="pk", size=size, cursor=cursor)
            found = near_page(rows, among=among, reach=reach, ordering=ordering, tie="pk", size=size, cursor=cursor)
            ahead = order[passed:]
            fills = len(ahead) <= reach or sum(pk in wanted for pk in ahead[:reach]) > size
            assert found == (expected if fills else None)
            if expected.next is None:
                return
            cursor, passed = expected.next, order.index(expected.rows[-1].pk) + 1

    check()


def test_a_near_page_goes_back_the_way_it_came():
    make([5, 4, 3, 2, 1])
    last = page(Standing.objects.all(), ordering="-created_at", tie="pk", size=2, cursor="")
    second = page(Standing.objects.all(), ordering="-created_at", tie="pk", size=2, cursor=last.next)
    third = page(Standing.objects.all(), ordering="-created_at", tie="pk", size=2, cursor=second.next)
    rows, how = Standing.objects.all(), {"ordering": "-created_at", "tie": "pk", "size": 2}
    assert near_page(rows, among=rows, reach=3, cursor=third.previous, **how) == second
    assert near_page(rows, among=rows, reach=2, cursor=third.previous, **how) is None


def test_a_near_page_looks_at_no_more_than_it_may(django_assert_num_queries):
    make([3, 2, 1])
    rows = Standing.objects.all()
    with django_assert_num_queries(2) as context:
        near_page(rows, among=rows, reach=2, ordering="-created_at", tie="pk", size=1)
    assert ["OFFSET 2" in query["sql"] for query in context.captured_queries] == [True, False]
    assert '("leads_standing"."created_at", "leads_standing"."lead_id") > (' in context.captured_queries[1]["sql"]


def test_the_next_page_begins_where_the_last_one_ended_even_among_equals():
    """A million leads with no points yet: the index is entered at the lead itself, not at the first of them."""
    make([1, 2, 3])
    rows = Standing.objects.all()
    first = page(rows, ordering="-score", tie="lead_id", size=1)
    with CaptureQueriesContext(connection) as asked:
        page(rows, ordering="-score", tie="lead_id", size=1, cursor=first.next)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
        cursor.execute("EXPLAIN " + asked.captured_queries[-1]["sql"])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert re.findall(r"Index Cond: (.*)", plan) == [f"(ROW(score, lead_id) < ROW(0, {first.rows[0].pk}))"]
