"""Rows made in memory are what the database hands over."""

import copy

import pytest

from leads.models import Event, Standing
from leads.rows import row_of
from tests.factories import make_lead, make_mql, make_user

pytestmark = pytest.mark.django_db


def values_of(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.mark.parametrize("model", [Standing, Event])
def test_a_row_made_in_memory_is_the_stored_one(model):
    make_lead(name="An")
    stored = model.objects.first()
    made = row_of(model, values_of(stored))
    assert (made, values_of(made), hash(made)) == (stored, values_of(stored), hash(stored))
    assert (made._state.adding, made._state.db, made.get_deferred_fields()) == (False, "default", set())
    assert values_of(copy.copy(made)) == values_of(stored)


def test_it_finds_its_relations_and_is_saved_like_any_other():
    lead = make_mql().pk
    made = row_of(Standing, values_of(Standing.objects.get(pk=lead)))
    assert (made.lead.pk, made.handoff.lead_id, made.owner) == (lead, lead, Standing.objects.get(pk=lead).owner)
    made.owner = make_user("rep")
    made.save()
    assert Standing.objects.get(pk=lead).owner == made.owner


def test_two_rows_share_nothing():
    one, other = (row_of(Event, {"id": n, "lead_id": 1}) for n in (1, 2))
    one.kind = "page.viewed"
    assert (other.id, "kind" in vars(other), one._state is other._state) == (2, False, False)
