"""The lead list as it is read: by which column it is sorted, how many there are, one page of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from core.keyset import Page, page
from leads.columns import Column
from leads.models import Standing
from leads.queries import Counted, counted
from leads.search import match_of

NEWEST, MATCH = "created", "match"
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
    rows: QuerySet[Standing], order: Order, known: Mapping[str, Column], *, query: str, size: int, cursor: str
) -> Listing:
    """The page. Above 10,000 leads only a column with an index can sort; then the newest come first.

    Raises Invalid on a cursor that was not made here.
    """
    count = counted(rows)
    indexed = order.key in known and known[order.key].indexed
    refused = count.more and not indexed
    final = Order(NEWEST, falls=True) if refused else order
    if final.key == MATCH:
        rows, path = rows.annotate(sort_key=match_of(query)), "sort_key"
    elif isinstance(known[final.key].sorts, str):
        path = str(known[final.key].sorts)
    else:
        rows, path = rows.annotate(sort_key=known[final.key].sorts), "sort_key"
    found = page(rows, ordering=f"{'-' * final.falls}{path}", tie="lead_id", size=size, cursor=cursor)
    return Listing(found, count, final, refused and order.key != MATCH)
