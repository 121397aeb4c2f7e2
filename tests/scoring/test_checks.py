import pytest
from django.db import connection

from leads.models import Event
from scoring.checks import batched, settled, violations
from scoring.replay import as_fact
from scoring.sql import CONCERNS_SCORE
from tests.factories import NOW, accept, make_handoff, make_lead
from tests.scoring.makers import DAY, after, born, do

pytestmark = pytest.mark.django_db


def change(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_healthy_books_have_no_violations():
    do(born(event={"kind": "form.contact"}), (1, "page.viewed"))
    assert list(violations(at=after(1))) == []
    assert list(violations(at=after(31.01))) == []


def test_score_that_is_not_its_ledger_is_named():
    lead = born(event={"kind": "form.contact"})
    change("UPDATE leads_standing SET score = 60, engagement = 60")
    assert list(violations(at=NOW)) == [
        f"lead {lead.pk}: score 60 (fit 0), but its ledger says 50 (0); mended by: manage.py mend_scores {lead.pk}"
    ]


def test_ledger_that_is_not_the_history_is_named():
    lead = born(event={"kind": "form.contact"})
    change("UPDATE scoring_ledgerentry SET effective_at = effective_at - interval '1 day'")
    assert list(violations(at=NOW)) == [
        f"lead {lead.pk}: ledger and replay differ; mended by: manage.py mend_scores {lead.pk}"
    ]


def test_sweep_that_never_came_is_named():
    lead = born(event={"kind": "form.contact"})
    assert [line.split(":")[0] for line in violations(at=after(31))] == [f"lead {lead.pk}"]


def test_sample_looks_at_the_newest_only():
    make_lead(at=NOW - DAY, event={"kind": "form.contact"})
    change("UPDATE scoring_ledgerentry SET effective_at = effective_at - interval '1 day'")
    make_lead(at=NOW, event={"kind": "form.contact"})
    assert list(violations(at=NOW, sample=1)) == []
    assert len(list(violations(at=NOW, sample=2))) == 1


def test_settled_stops_just_before_what_is_overdue():
    assert settled(None, at=NOW) == NOW
    assert settled(after(1), at=NOW) == NOW
    assert settled(NOW, at=NOW) < NOW


def test_batched_gives_all():
    assert list(batched(range(5), 2)) == [[0, 1], [2, 3], [4]]


def test_database_and_engine_agree_on_what_concerns_the_score():
    lead = make_lead(event={"kind": "form.contact"})
    accept(make_handoff(lead=lead), at=after(1))
    make_lead(event={"kind": "leads.like"})
    for kind, properties in (
        ("status.moved", '{"from": "hot", "to": "won"}'),
        ("status.moved", '{"from": "wrong_target", "to": "new"}'),
        ("status.moved", '{"from": "new", "to": "wrong_target"}'),
        ("status.moved", '{"from": "new", "to": "researched"}'),
        ("handoff.recycled", "{}"),
        ("handoff.discarded", "{}"),
        ("lead.updated", "{}"),
        ("lead.assigned", "{}"),
        ("enquiry.received", "{}"),
        ("score.rederived", "{}"),
        ("sla.breached", "{}"),
        ("scores.high", "{}"),
    ):
        change(
            "INSERT INTO leads_event (lead_id, kind, occurred_at, recorded_at, source, properties)"
            f" VALUES ({lead.pk}, '{kind}', now(), now(), '', '{properties}')"
        )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM leads_event WHERE {CONCERNS_SCORE}")
        by_database = {pk for (pk,) in cursor.fetchall()}
    by_engine = {e.pk for e in Event.objects.all() if as_fact(e.pk, e.kind, e.occurred_at, e.properties)}
    assert by_database == by_engine
    assert len(by_engine) < Event.objects.count()
