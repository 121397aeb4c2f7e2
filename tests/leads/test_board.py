"""The board's columns: the same cards and counts, whether few leads are found at once or each column is walked."""

from datetime import timedelta

import pytest
from django.db import connection

from accounts.enums import Role
from core.errors import Invalid
from leads import board, queries
from leads.board import ORDER, cards, columns, following
from leads.enums import Status
from leads.moves import move_status
from leads.queries import Counted
from tests.factories import make_lead, make_user
from tests.pages import EARLIER

pytestmark = pytest.mark.django_db
LATER = EARLIER + timedelta(hours=1)


@pytest.fixture
def manager():
    return make_user(Role.MARKETING_MANAGER)


@pytest.fixture
def leads(manager, monkeypatch):
    monkeypatch.setattr(board, "SIZE", 2)
    made = [make_lead(at=EARLIER + timedelta(seconds=n), name=f"Lan {n}" if n else "Huy") for n in range(7)]
    for lead in made[:2]:
        move_status(lead.pk, Status.RESEARCHED, by=manager, at=LATER)
    return made


def walked(monkeypatch):
    monkeypatch.setattr(queries, "COUNT_LIMIT", -1)


def shown(found):
    return {one.status: ([card.lead_id for card in one.page.rows], one.count) for one in found if one.page.rows}


def exactly(total):
    return Counted(total, more=False)


def test_few_leads_are_dealt_to_their_columns_newest_first(manager, leads):
    found = columns(cards(manager, {}, at=LATER))
    assert [one.status for one in found] == list(ORDER)
    assert shown(found) == {
        Status.NEW: ([leads[6].pk, leads[5].pk], exactly(5)),
        Status.RESEARCHED: ([leads[1].pk, leads[0].pk], exactly(2)),
    }
    assert [one.count for one in found if not one.page.rows] == [exactly(0)] * (len(ORDER) - 2)


def test_many_leads_are_walked_column_by_column(manager, leads, monkeypatch):
    few = shown(columns(cards(manager, {}, at=LATER)))
    walked(monkeypatch)
    many = shown(columns(cards(manager, {}, at=LATER)))
    assert {status: ids for status, (ids, _count) in many.items()} == {s: ids for s, (ids, _count) in few.items()}
    assert (many[Status.RESEARCHED][1], many[Status.NEW][1].more) == (exactly(2), True)


def test_a_search_narrows_both_ways_alike(manager, leads, monkeypatch):
    wanted = {Status.NEW: [leads[6].pk, leads[5].pk], Status.RESEARCHED: [leads[1].pk]}
    found = shown(columns(cards(manager, {"q": "lan"}, at=LATER)))
    assert {status: ids for status, (ids, _count) in found.items()} == wanted
    walked(monkeypatch)
    found = shown(columns(cards(manager, {"q": "lan"}, at=LATER)))
    assert {status: ids for status, (ids, _count) in found.items()} == wanted


@pytest.mark.parametrize("limit", [10_000, -1])
def test_every_card_of_a_column_comes_once(manager, leads, monkeypatch, limit):
    rows = cards(manager, {}, at=LATER)
    first = next(one for one in columns(rows) if one.status == Status.NEW)
    monkeypatch.setattr(queries, "COUNT_LIMIT", limit)
    second = following(rows, Status.NEW, cursor=first.page.next)
    third = following(rows, Status.NEW, cursor=second.page.next)
    ids = [card.lead_id for one in (first, second, third) for card in one.page.rows]
    assert ids == [lead.pk for lead in reversed(leads[2:])]
    assert (second.count, third.page.next) == (None, None)
    with pytest.raises(Invalid):
        following(rows, Status.NEW, cursor="zzz")


def test_a_dear_count_is_the_estimate(manager, leads, monkeypatch):
    walked(monkeypatch)
    monkeypatch.setattr(board, "DEAR", -1)
    found = {one.status: one.count for one in columns(cards(manager, {}, at=LATER))}
    assert (found[Status.NEW].more, found[Status.RESEARCHED]) == (True, exactly(2))


def test_nobody_finds_no_columns_cards(manager, leads):
    assert shown(columns(cards(manager, {"q": "zzz"}, at=LATER))) == {}


def test_the_planner_knows_what_goes_together():
    with connection.cursor() as cursor:
        cursor.execute("SELECT stxkind::text, cardinality(stxkeys::int2[]) FROM pg_statistic_ext")
        assert ("{m}", 5) in cursor.fetchall()
