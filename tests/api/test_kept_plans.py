"""What each lead runs is planned once: planning one of these anew took longer than running it."""

import pytest
from django.db import connection

from core.statements import run
from leads.matching import look_up
from leads.models import Lead
from tests.api.caller import Caller
from tests.factories import arrive, make_lead

pytestmark = pytest.mark.django_db
PLANS = "SELECT statement, custom_plans, generic_plans FROM pg_prepared_statements"
TRIALS = 5  # so many times PostgreSQL plans for the values at hand before it compares


def planned():
    """Statement, and how often it was planned for its values."""
    with connection.cursor() as cursor:
        cursor.execute(PLANS)
        return {statement: custom for statement, custom, _generic in cursor.fetchall()}


@pytest.mark.django_db(transaction=True)
def test_after_a_few_leads_nothing_is_planned_any_more():
    connection.close()  # a new one: PostgreSQL holds earlier plans, of tables of another size, against those of today
    caller = Caller("leads:write")
    sent = [{"phone": f"09123400{n:02d}", "email": f"lead{n}@example.com"} for n in range(2 * TRIALS)]
    sent = [{**lead, "source": "shop", "external_id": lead["phone"]} for lead in sent]
    for lead in sent[:TRIALS]:
        assert caller.post("leads/", lead).status_code == 201
    before = planned()
    for lead in sent[TRIALS:]:
        assert caller.post("leads/", lead).status_code == 201
    anew = [statement[:300] for statement, custom in planned().items() if custom > before.get(statement, 0)]
    assert anew == []


def test_one_plan_answers_for_one_and_for_many():
    leads = [make_lead(phone=f"09123400{n:02d}", email=f"lead{n}@example.com").pk for n in range(20)]
    named = arrive(source="shop", external_id="7", phone="0988000111").lead_id
    phones = list(Lead.objects.filter(pk__in=leads).order_by("pk").values_list("phone", flat=True))
    for count in (1, 1, 1, 1, 1, 1, 20, 0):
        known = look_up(keys=[("shop", "7")], phones=phones[:count], emails=["lead19@example.com"], new=count)
        assert (known.external_id, known.phone) == (
            {"shop\x1f7": named},
            dict(zip(phones[:count], leads[:count], strict=True)),
        )
        assert (known.email, len(set(known.new))) == ({"lead19@example.com": leads[19]}, count)


def test_the_numbers_of_new_leads_are_nobody_elses():
    taken = look_up(keys=[], phones=[], emails=[], new=3).new
    assert len({*taken, *look_up(keys=[], phones=[], emails=[], new=3).new}) == 6
    assert run("SELECT count(*) FROM leads_lead WHERE id = ANY(%s)", [taken]) == [(0,)]
