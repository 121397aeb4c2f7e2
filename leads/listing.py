"""The lead list as it is read: by which column it is sorted, how many there are, one page of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from core.keyset import Page, near_page, page
from leads import queries
from leads.columns import Column
from leads.models import Standing
from leads.queries import Counted, Plan
from leads.search import match_of

NEWEST, MATCH = "created", "match"
DENSE, DEAR = 2_000, 8_000  # leads that match, and the planner's cost of finding them all
REACH, FAR = 5_000, 8_000  # leads a walk passes before it gives up, and what that may cost
UNSURE = 2  # times the limit: so far the estimate of a join may be off
RANKED = 2_000  # leads that are compared with what was searched; of more, the newest come first
ALIASES = {"newest": NEWEST}


@dataclass(frozen=True)
class Order:
    """By which column, and whether from the top down. `match` is how well the search matches."""

    key: str
    falls: bool


@dataclass(frozen=True)
class Listing:
    """One page of the list. `order` is what it is sorted by in the end: `refused` when that is not what was asked."""

    page: Page[Standing]
    count: Counted
    order: Order
    refused: bool


def order_of(asked: str, known: Mapping[str, Column], *, query: str) -> Order:
    """What the address asks for: `score` as one expects it, `-score` the other way round; else by match, or newest."""
    key = asked.removeprefix("-")
    column = known.get(ALIASES.get(key, key))
    if column is None or not column.sorts:
        return Order(MATCH if query else NEWEST, falls=True)
    return Order(column.key, column.falls != asked.startswith("-"))


def listing(
    rows: QuerySet[Standing],
    among: QuerySet[Standing] | None,
    order: Order,
    known: Mapping[str, Column],
    *,
    join: Sequence[str],
    query: str,
    size: int,
    cursor: str,
) -> Listing:
    """The page; `join` is what is read with each row, `among` what a walk passes on its way to them (None: only them).

    Above 10,000 leads only a column with an index can sort; else the newest come first.
    Raises Invalid on a cursor that was not made here.
    """
    indexed = order.key in known and known[order.key].indexed
    bare = rows.select_related(None).order_by()
    plan = queries.estimated(bare)
    order, likely = _walked(order, known, plan)
    ordering = f"{'-' * order.falls}{known[order.key].sorts}" if likely else ""
    if among is not None and likely and _may_fill(plan, among, ordering, size):
        shown = rows.select_related(None).select_related(*join)
        near = near_page(shown, among=among, reach=REACH, ordering=ordering, tie="lead_id", size=size, cursor=cursor)
        if near:
            return Listing(near, _count(plan, None, near, cursor), order, refused=False)
    few = few_of(bare, plan, indexed=indexed)
    refused = few is None and not indexed
    vague = order.key == MATCH and few is not None and len(few) > RANKED
    final = Order(NEWEST, falls=True) if refused or vague else order
    sparse = likely and among is not None  # or the walk would have filled the page
    walks = few is None or (not sparse and len(few) > DENSE and final.key in known and known[final.key].indexed)
    whole = rows.select_related(None) if few is None or walks else rows_of(few)
    rows, path = _sorted(whole.select_related(*join), final, known, query=query)
    found = page(rows, ordering=f"{'-' * final.falls}{path}", tie="lead_id", size=size, cursor=cursor)
    return Listing(found, _count(plan, few, found, cursor), final, refused and order.key != MATCH)


def _walked(order: Order, known: Mapping[str, Column], plan: Plan) -> tuple[Order, bool]:
    """The order, and whether to look first if a few steps fill the page: where finding them all is dear.

    What is too much to be compared with what was searched comes as the newest first.
    """
    if plan.cost <= DEAR:
        return order, False
    if order.key == MATCH and (plan.rows > UNSURE * RANKED or plan.cost > UNSURE * DEAR):
        return Order(NEWEST, falls=True), True
    return order, order.key in known and known[order.key].indexed


def _may_fill(plan: Plan, among: QuerySet[Standing], ordering: str, size: int) -> bool:
    """Whether as many as fit a page are expected within reach, and passing the others on the way is cheap."""
    passed, walk = queries.estimated(among.order_by()), queries.estimated(among.order_by(ordering)[: REACH + 1])
    return REACH * plan.rows >= size * passed.rows and walk.cost <= FAR


def _sorted(
    rows: QuerySet[Standing], order: Order, known: Mapping[str, Column], *, query: str
) -> tuple[QuerySet[Standing], str]:
    """The rows with what they are sorted by, and its path."""
    by = match_of(query) if order.key == MATCH else known[order.key].sorts
    return (rows, by) if isinstance(by, str) else (rows.annotate(sort_key=by), "sort_key")


def few_of(bare: QuerySet[Standing], plan: Plan, *, indexed: bool) -> list[int] | None:
    """The leads, if there are no more than 10,000 of them; None for more.

    They are found before they are sorted: left alone, the planner may walk the list from its newest lead in the hope
    that fifty that match come soon, and of a few among a million that takes seconds. Where finding them all is dear
    and they are not that few, it may walk; but not where each step looks into another table, whose words (tags above
    all) it estimates badly.
    """
    sure = len(_tables(bare)) == 1
    if plan.rows > queries.COUNT_LIMIT * (1 if sure else UNSURE):
        return None
    if sure and indexed and plan.rows > DENSE and plan.cost > UNSURE * DEAR:
        return None
    ids = list(bare.values_list("lead", flat=True)[: queries.COUNT_LIMIT + 1])
    return ids if len(ids) <= queries.COUNT_LIMIT else None


def _tables(rows: QuerySet[Standing]) -> set[str]:
    """What the query joins."""
    used = rows.query.alias_refcount
    return {join.table_name for alias, join in rows.query.alias_map.items() if used[alias]}


def rows_of(ids: list[int]) -> QuerySet[Standing]:
    """One array instead of thousands of parameters."""
    found = RawSQL("SELECT unnest(%s::bigint[])", [ids])
    return Standing.objects.filter(lead__in=found)


def _count(plan: Plan, few: list[int] | None, found: Page[Standing], cursor: str) -> Counted:
    """Exact where all were found, or all stand on this page; else the estimate."""
    if few is not None:
        return Counted(len(few), more=False)
    if not (cursor or found.next):
        return Counted(len(found.rows), more=False)
    return Counted(queries.rounded(plan.rows), more=True)
