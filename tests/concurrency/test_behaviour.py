"""Two calls speak of the same leads at the same moment: neither sees the other."""

from functools import partial

import pytest
from django.db import OperationalError, connection, transaction

from leads.behaviour import TRIES, behave
from leads.checks import violations
from leads.models import Event, Standing
from tests.concurrency.crowd import at_once
from tests.factories import NOW, make_lead

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def reports(leads, name):
    return [{"id": pk, "kind": "page.viewed", "properties": {"url": f"/{name}/{n}"}} for n, pk in enumerate(leads)]


def test_calls_about_the_same_leads_in_opposite_order_are_all_recorded():
    leads = [make_lead().pk for _n in range(30)]
    orders = [leads, leads[::-1], leads[10:] + leads[:10], leads[::2] + leads[1::2]]
    answers = at_once([partial(behave, reports(order, n), at=NOW) for n, order in enumerate(orders)])
    assert {one.outcome for answer in answers for one in answer} == {"recorded"}
    assert Event.objects.filter(kind="page.viewed").count() == 120
    assert list(violations(at=NOW)) == []


def held_for(lead, tries):
    """Another connection that keeps the lead until the caller has tried in vain so often."""
    waited = []

    def watch(execute, statement, parameters, many, context):
        try:
            return execute(statement, parameters, many, context)
        except OperationalError:
            waited.append(statement)
            if len(waited) == tries:
                other.rollback()
            raise

    other = connection.copy()
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("SELECT 1 FROM leads_standing WHERE lead_id = %s FOR UPDATE", [lead])
    return other, watch, waited


@pytest.mark.parametrize("tries", range(1, TRIES))
def test_who_waited_too_long_for_a_lead_tries_again(tries):
    lead = make_lead().pk
    other, watch, waited = held_for(lead, tries)
    try:
        with transaction.atomic(), connection.execute_wrapper(watch):
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '100ms'")
            answers = behave(reports([lead], "a"), at=NOW)
    finally:
        other.close()
    assert ([one.outcome for one in answers], len(waited)) == (["recorded"], tries)


def test_who_waits_in_vain_says_so_and_nothing_is_kept():
    lead = make_lead().pk
    before = Standing.objects.get(pk=lead).score
    other, watch, waited = held_for(lead, TRIES + 1)

    def tell():
        with transaction.atomic(), connection.execute_wrapper(watch):
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '50ms'")
            behave(reports([lead], "a"), at=NOW)

    try:
        with pytest.raises(OperationalError):
            tell()
    finally:
        other.close()
    assert (len(waited), Standing.objects.get(pk=lead).score) == (TRIES, before)
    assert not Event.objects.filter(kind="page.viewed").exists()
