"""However many leads there are and wherever the planner errs: the list is what a look at each lead would give."""

import re
from datetime import timedelta
from itertools import product

import pytest
from django.db import connection
from django.http import QueryDict

from accounts.enums import Role
from leads import listing as module
from leads.columns import columns
from leads.custom_fields import define_field
from leads.filters import CONDITIONS, of_standing
from leads.lead_filter import LeadFilter
from leads.listing import Listing, listing, order_of
from leads.models import Lead, Standing
from leads.queries import lead_rows
from tests.factories import NOW, make_lead, make_team, make_user

pytestmark = pytest.mark.django_db
ASKED = (
    "city=Huế", "tag=VIP", "q=nguyen", "campaign=Tết", "product=CRM", "custom.ngan_sach.from=50", "custom.loai=Mới",
    "city=Huế&q=nguyen", "source=Web&q=nguyen", "status=new&tag=VIP", "city=nobody", "source=Web",
    "score_min=3&city=Huế",
)  # fmt: skip


@pytest.fixture
def house():
    """A dozen leads, each different in some way."""
    define_field(label="Ngân sách", kind="number", key="ngan_sach")
    define_field(label="Loại", kind="choice", choices=["Mới", "Cũ"], key="loai")
    for n in range(12):
        lead = make_lead(
            at=NOW - timedelta(minutes=n // 2),
            name=f"{'Nguyễn' if n % 3 else 'Trần'} Số {n}",
            city="Huế" if n % 2 else "Hà Nội",
            campaign="Tết" if n % 4 else "",
            product="CRM" if n % 5 else "",
            source="Web" if n % 2 else "Fair",
            custom={"ngan_sach": n * 10, "loai": "Mới" if n % 3 else "Cũ"},
        )
        Lead.objects.filter(pk=lead.pk).update(tags=["VIP"] if n % 2 else [])
        Standing.objects.filter(pk=lead.pk).update(score=n % 5, engagement=n % 5)
    return make_user(Role.MARKETER)


@pytest.fixture
def dear(monkeypatch):
    """As if finding them all were dear."""
    monkeypatch.setattr(module, "DEAR", -1)


def look(user, query: str, sort: str, *, cursor: str = "", size: int = 2) -> Listing:
    wanted, known = LeadFilter(QueryDict(query), user=user), columns()
    rows = lead_rows(user)
    order = order_of(sort, known, query=wanted.query)
    among = wanted.passed(rows, at=NOW)
    how = {"join": ["lead"], "query": wanted.query, "size": size, "cursor": cursor}
    return listing(wanted.narrow(rows, at=NOW), among, order, known, **how)


def walk(user, query: str, sort: str) -> list[int]:
    found, cursor = [], ""
    while True:
        shown = look(user, query, sort, cursor=cursor)
        found += [row.pk for row in shown.page.rows]
        if not shown.page.next:
            return found
        cursor = shown.page.next


@pytest.mark.parametrize("reach", [0, 3, 100])
@pytest.mark.usefixtures("dear")
def test_pages_hold_every_lead_once_in_order_however_far_a_walk_may_go(house, monkeypatch, reach):
    monkeypatch.setattr(module, "REACH", reach)
    for query, (sort, path) in product(ASKED, [("created", "-created_at"), ("score", "-score"), ("-score", "score")]):
        rows = LeadFilter(QueryDict(query), user=house).narrow(Standing.objects.all(), at=NOW)
        naive = rows.order_by(path, "-pk" if path[0] == "-" else "pk").values_list("pk", flat=True)
        assert (query, sort, walk(house, query, sort)) == (query, sort, list(naive))


@pytest.mark.usefixtures("dear")
def test_a_page_that_a_short_walk_fills_asks_for_nothing_else(house, django_assert_num_queries):
    with django_assert_num_queries(6) as context:  # fields; three plans; where the walk ends; the page
        look(house, "city=Huế", "created")
    assert [query["sql"].startswith("EXPLAIN") for query in context.captured_queries].count(True) == 3


@pytest.mark.usefixtures("dear")
def test_what_is_dear_to_compare_with_the_search_comes_newest_first(house):
    shown = look(house, "q=nguyen", "")
    assert (shown.order.key, shown.refused, shown.count.more) == ("created", False, True)


def test_what_is_cheap_is_counted_and_ranked(house):
    shown = look(house, "q=nguyen", "")
    assert (shown.order.key, shown.count.total, shown.count.more) == ("match", 8, False)


def test_a_walk_passes_what_is_asked_of_the_standing_alone(house):
    wanted = LeadFilter(QueryDict("source=Web&city=Huế&q=nguyen&custom.loai=Mới"), user=house)
    assert of_standing(wanted.params) == {"source": "Web"}
    assert wanted.passed(lead_rows(house), at=NOW).count() == 6
    assert LeadFilter(QueryDict("source=Web"), user=house).passed(lead_rows(house), at=NOW) is None


def test_what_is_asked_of_the_lead_is_known_by_its_condition():
    """Whatever filter looks into another table is known as one that does, or a walk would pass by it."""
    values = {"has_open_handoff": "true", "grade": "A1", "status": "new", "stage": "lead", "outcome": "open"}
    for name, condition in CONDITIONS.items():
        value = values.get(name, "2026-01-01" if name.endswith(("_after", "_before")) else "1")
        query = str(Standing.objects.filter(condition(name, value)).query)
        assert (name, "leads_lead" in query) == (name, name not in of_standing({name: value}))


@pytest.mark.parametrize(("role", "index"), [(Role.REP, "standing_by_owner"), (Role.TEAM_LEAD, "standing_by_team")])
def test_a_narrowed_list_is_found_by_its_own_index_and_the_pools(role, index):
    """Their own and the pool, each in its index: nobody else's leads are looked at."""
    user = make_user(role, team=make_team())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
    plan = Standing.objects.visible_to(user).explain()
    assert re.findall(r"Bitmap Index Scan on (\w+)", plan) == [index, "standing_waiting"]
