"""Planned once per connection; the same answer where a pooler forbids that."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from core.statements import Often, array, run
from notifications.enums import Channel

pytestmark = pytest.mark.django_db(transaction=True)
SUM = Often("SELECT %s::integer + %s::integer, '100%%'")
NAMED = Often("SELECT %(a)s::integer, %(b)s::text, %(a)s::integer * 2")


def prepared():
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements ORDER BY prepare_time")
        return [text.partition(" AS ")[2] for (text,) in cursor.fetchall()]


@pytest.fixture(params=[True, False])
def way(request, settings):
    settings.PREPARE_STATEMENTS = request.param
    connection.close()
    return request.param


def test_places_by_order_and_percent_signs(way):
    assert [run(SUM, [1, 2]), run(SUM, [3, 4])] == [[(3, "100%")], [(7, "100%")]]
    assert prepared() == (["SELECT $1::integer + $2::integer, '100%'"] if way else [])


def test_places_by_name_may_come_twice(way):
    assert run(NAMED, {"b": "x", "a": 4, "unused": 1}) == [(4, "x", 8)]
    assert prepared() == (["SELECT $1::integer, $2::text, $1::integer * 2"] if way else [])


def test_a_statement_without_places(way):
    assert run(Often("SELECT 1 UNION SELECT 2 ORDER BY 1")) == [(1,), (2,)]
    assert len(prepared()) == way


def test_a_statement_without_rows_answers_nothing(way):
    assert run(Often("DELETE FROM leads_event WHERE id = ANY(%s)"), [[1, 2]]) == []


def test_an_ordinary_statement_is_planned_for_its_values_each_time(way):
    assert run("SELECT %s::integer", [1]) == [(1,)]
    assert prepared() == []


def test_it_is_planned_anew_on_a_new_connection(settings):
    settings.PREPARE_STATEMENTS = True
    for _connection in range(2):
        assert run(SUM, [1, 1]) == [(2, "100%")]
        assert len(prepared()) == 1
        connection.close()


def test_what_was_planned_outlives_a_rolled_back_transaction(settings):
    settings.PREPARE_STATEMENTS = True
    with transaction.atomic():
        run(SUM, [1, 1])
        transaction.set_rollback(True)
    with pytest.raises(DatabaseError, match="zero"):
        run(Often("SELECT 1 / %s::integer"), [0])
    assert run(SUM, [2, 2]) == [(4, "100%")]


def test_a_statement_that_can_not_be_planned_is_forgotten(settings):
    settings.PREPARE_STATEMENTS = True
    for _time in range(2):
        with pytest.raises(DatabaseError, match="nowhere"):
            run(Often("SELECT * FROM nowhere WHERE a = %s"), [1])
    assert "nowhere" not in str(prepared())


@pytest.mark.parametrize("kind", ["bigint", "timestamptz", "text", "boolean"])
def test_an_array_in_one_piece_is_the_list_it_stands_for(kind):
    at = datetime(2026, 11, 25, 3, 56, 51, 123456, tzinfo=UTC)
    given = {
        "bigint": [1, -(2**63), None, 2**63 - 1],
        "timestamptz": [at, None, at.astimezone(timezone(timedelta(hours=7)))],
        "text": ["", "NULL", 'a "b"', "c\\d", "{e,f}", " g ", "Nguyễn\nAn", None, Channel.APP],
        "boolean": [True, False, None],
    }[kind]
    for values in (given, given[:1], []):
        assert run(f"SELECT * FROM unnest(%s::{kind}[])", [array(values)]) == [(value,) for value in values]


@given(st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))))
@settings(max_examples=50, deadline=None)
def test_an_array_in_one_piece_holds_any_text(values):
    assert run("SELECT * FROM unnest(%s::text[])", [array(values)]) == [(value,) for value in values]
