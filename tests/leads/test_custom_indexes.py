"""An administrator's own field is found by its index, which comes and goes with the field."""

import psycopg2
import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from leads import custom_indexes
from leads.custom_fields import change_field, define_field
from leads.custom_filters import custom_condition
from leads.custom_indexes import keep_indexed
from leads.models import CustomField, Standing
from leads.tasks import index_fields
from tests.factories import make_lead

pytestmark = pytest.mark.django_db(transaction=True)
KINDS = ("lead_custom_%", "lead_said_%")


@pytest.fixture(autouse=True)
def _nothing_is_left():
    """What is made here outlives a transaction."""
    yield
    CustomField.objects.update(is_active=False)
    keep_indexed()
    assert made() == (set(), set())


def made():
    """The fields (by number) with an index that works, and those with statistics."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = indexrelid WHERE indisvalid")
        indexes = {name for (name,) in cursor.fetchall() if name.startswith("lead_custom_")}
        cursor.execute("SELECT stxname FROM pg_statistic_ext WHERE stxname LIKE 'lead_said_%'")
        return numbers(indexes), numbers(name for (name,) in cursor.fetchall())


def numbers(names):
    return {int(name.rpartition("_")[2]) for name in names if name.rpartition("_")[2].isdigit()}


def house():
    """A field of each kind, each said by two leads of three."""
    given = {"so": 7, "ngay": "2026-11-23", "chu": "Khách quen", "muc": "Mới", "nhieu": ["A"], "co": True}
    kinds = ["number", "date", "text", "choice", "choices", "boolean"]
    choices = {"choice": ["Mới"], "choices": ["A", "B"]}
    fields = [
        define_field(label=key, key=key, kind=kind, choices=choices.get(kind, ()))
        for key, kind in zip(given, kinds, strict=True)
    ]
    for custom in (given, {}, {**given, "so": 9, "ngay": "2026-01-01", "chu": "khác"}):
        make_lead(custom=custom)
    return fields


def plan(asked):
    """How the leads would be found if reading them all cost much."""
    rows = Standing.objects.filter(custom_condition(asked))
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off; SET enable_indexscan = off; SET enable_nestloop = off")
        try:
            return rows.explain()
        finally:
            cursor.execute("RESET enable_seqscan; RESET enable_indexscan; RESET enable_nestloop")


def test_each_field_asked_by_span_or_part_is_found_by_its_own_index():
    fields = house()
    kinds = {field.pk: field.kind for field in fields}
    waiting = [index_fields() for _turn in range(4)]
    indexes, statistics = made()
    assert (waiting, indexes == statistics) == ([2, 1, 0, 0], True)
    assert {kinds[number] for number in indexes} == {"number", "date", "text"}
    by_key = {field.key: field.pk for field in fields}
    asked = {"custom.so.from": "8", "custom.so.to": "8", "custom.ngay.from": "2026-06-01", "custom.chu": "QUEN"}
    found = {name: f"lead_custom_{by_key[name.split('.')[1]]} " in plan({name: text}) for name, text in asked.items()}
    assert found == dict.fromkeys(asked, True)
    counts = [Standing.objects.filter(custom_condition({name: text})).count() for name, text in asked.items()]
    assert counts == [1, 1, 1, 1]


def test_a_retired_field_loses_its_index_and_gets_it_back():
    field = house()[0]
    while keep_indexed():
        pass
    change_field(field, label="Số", position=1, is_active=False)
    assert (keep_indexed(), field.pk in made()[0], field.pk in made()[1]) == (0, False, False)
    change_field(field, label="Số", position=1, is_active=True)
    assert (keep_indexed(), field.pk in made()[0], field.pk in made()[1]) == (0, True, True)


@pytest.fixture
def other():
    """Somebody else's connection."""
    theirs = psycopg2.connect(**connection.get_connection_params() | {"cursor_factory": None})
    yield theirs
    theirs.close()


def test_an_index_whose_making_was_interrupted_is_made_anew(other):
    field = define_field(label="Số", key="so", kind="number")
    other.cursor().execute("LOCK TABLE leads_lead IN ROW EXCLUSIVE MODE")  # somebody writes, and goes on writing
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '100ms'")
        with pytest.raises(OperationalError):
            keep_indexed()
        cursor.execute("RESET statement_timeout")
    assert made() == (set(), {field.pk})
    other.rollback()
    assert (keep_indexed(), made()) == (0, ({field.pk}, {field.pk}))


def test_two_workers_never_make_the_same(other):
    define_field(label="Số", key="so", kind="number")
    other.cursor().execute("SELECT pg_advisory_lock(%s)", [custom_indexes.ALONE])
    other.commit()
    assert (keep_indexed(), made()) == (0, (set(), set()))
    other.close()


def test_when_nothing_is_to_do_little_is_asked():
    house()
    while keep_indexed():
        pass
    with CaptureQueriesContext(connection) as asked:
        keep_indexed()
    assert len(asked) == 4
