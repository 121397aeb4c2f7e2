"""Leads of every life, and all that is written about them: for acts that must be taken back to the last row."""

from datetime import timedelta

from django.db import connection

from leads.calls import log_call
from leads.decisions import decide
from leads.merging.joining import merge
from leads.models import Call, Event, Handoff, Identity, Lead, Qualification, Standing
from leads.moves import move_status
from leads.notes import add_note
from leads.tags import tag_lead
from sla.models import Clock
from tests.factories import NOW, accept, arrive, make_handoff, make_lead, make_mql, make_user

# Rows are the same to their ids, but for the ledger, which is derived anew from the log.
SAME = [Lead, Standing, Event, Handoff, Identity, Call, Qualification, Clock]
LEDGER = """
SELECT lead_id, kind, rule_id, event_id, effective_at, delta, fit_delta, step FROM scoring_ledgerentry
 ORDER BY 1, 5, 3, 4, 6
"""


def everything():
    found = {}
    with connection.cursor() as cursor:
        for table in (model._meta.db_table for model in SAME):
            cursor.execute(f"SELECT to_jsonb(t) FROM {table} t ORDER BY t::text")
            found[table] = [row for (row,) in cursor.fetchall()]
        cursor.execute(LEDGER)
        found["ledger"] = cursor.fetchall()
    return found


def decided(outcome, **how):
    handoff = make_handoff()
    decide(handoff.lead_id, by=handoff.owner, at=NOW, outcome=outcome, **how)
    return handoff.lead


def won():
    lead = accept(make_handoff()).lead
    for status in ("hot", "won"):
        move_status(lead.pk, status, by=lead.standing.owner, at=NOW, amount=1_000_000)
    return lead


def called():
    handoff = make_handoff()
    log_call(handoff.lead_id, by=handoff.owner, at=NOW, outcome="no_answer")
    return handoff.lead


def merged():
    one, other = make_mql(), make_lead(event={"kind": "pricing.viewed"})
    merge(one.pk, other.pk, by=None, at=NOW)
    return one


def talked_about():
    lead = make_lead(event={"kind": "form.contact"}, phone="0933333333", email="cu@congty.vn")
    add_note(lead.pk, by=make_user(), at=NOW, text="Gọi lại sau Tết")
    tag_lead(lead.pk, by=None, at=NOW, add=["cũ"])
    return lead


def came_twice():
    lead = make_lead()
    arrive(phone=lead.phone, event={"kind": "webinar.attended"}, at=NOW + timedelta(minutes=5))
    return lead


LIVES = {
    "fresh": make_lead,
    "handed over": make_mql,
    "called": called,
    "accepted": lambda: accept(make_handoff()).lead,
    "recycled": lambda: decided("recycle", reason="bad_timing"),
    "discarded": lambda: decided("discard", reason="wrong_contact"),
    "won": won,
    "merged": merged,
    "talked about": talked_about,
    "came twice": came_twice,
}
