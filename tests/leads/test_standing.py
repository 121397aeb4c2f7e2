"""What is said about a lead under its lock is written once, and no more columns of it than have been spoken of."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leads import standing
from leads.enums import Stage
from leads.models import Standing
from leads.standing import SCORED, Standings, lock
from tests.factories import NOW, make_lead, make_mql, make_user

pytestmark = pytest.mark.django_db


def writes(context):
    """The columns each UPDATE of the standings wrote."""
    said = [q["sql"] for q in context.captured_queries if q["sql"].lstrip().startswith("UPDATE leads_standing")]
    return [
        sorted(part.split(" = ")[0].strip() for part in s.split("SET ")[1].split("FROM")[0].split(",")) for s in said
    ]


@pytest.fixture
def in_full(settings):
    settings.PREPARE_STATEMENTS = False


@pytest.mark.usefixtures("in_full")
def test_a_score_writes_its_columns_and_an_owner_writes_all():
    scored, owned, untouched = (make_lead().pk for _n in range(3))
    rep = make_user("rep")
    with CaptureQueriesContext(connection) as context, lock([scored, owned, untouched]) as rows:
        for lead_id in (scored, owned):
            rows.set_score(lead_id, score=60, fit=15, grade="B3")
            rows.set_stage(lead_id, Stage.LEAD)
            rows.set_activity(lead_id, last_activity_at=NOW, quiet_since=NOW, next_decay_at=NOW + timedelta(days=30))
        rows.set_owner(owned, owner_id=rep.pk, team_id=None)
        rows.set_score(untouched, score=0, fit=0, grade=rows[untouched].grade)  # as it was: not written
    every = sorted(set(standing.COLUMNS) - {"lead_id"})
    assert writes(context) == [sorted(set(SCORED) - {"lead_id"}), every]
    names = ("score", "fit", "engagement", "grade", "stage", "last_activity_at", "quiet_since", "owner_id")
    stored = {row.pop("lead_id"): row for row in Standing.objects.values("lead_id", *names)}
    alike = dict(zip(names, (60, 15, 45, "B3", "lead", NOW, NOW), strict=False))
    assert stored[scored] == {**alike, "owner_id": None}
    assert stored[owned] == {**alike, "owner_id": rep.pk}
    assert stored[untouched]["score"] == 0


def test_what_a_score_does_not_speak_of_stays_and_none_is_written():
    lead = make_mql().pk
    before = Standing.objects.filter(pk=lead).values().get()
    with lock([lead]) as rows:
        rows.set_activity(lead, last_activity_at=NOW, quiet_since=None, next_decay_at=None)
    after = Standing.objects.filter(pk=lead).values().get()
    assert after == before | {"last_activity_at": NOW, "quiet_since": None, "next_decay_at": None}


def test_a_row_put_back_is_written_whole():
    lead, rep = make_lead().pk, make_user("rep")
    was = Standing.objects.filter(pk=lead).values().get()
    with lock([lead]) as rows:
        rows.set_owner(lead, owner_id=rep.pk, team_id=None)
        rows.set_score(lead, score=9, fit=0, grade="C3")
    with lock([lead]) as rows:
        rows.put_back(was)
    assert Standing.objects.filter(pk=lead).values().get() == was


def test_a_lock_is_taken_in_the_order_of_the_ids_and_leaves_out_who_is_not_there():
    leads = sorted(make_lead().pk for _n in range(3))
    with CaptureQueriesContext(connection) as context, lock([*reversed(leads), 10**12, leads[0]]) as rows:
        assert list(rows) == leads
        assert rows[leads[0]] == Standing.objects.get(pk=leads[0])
    locks = [q["sql"] for q in context.captured_queries if "FOR UPDATE" in q["sql"]]
    assert [sql.rpartition(") ")[2] for sql in locks] == ["ORDER BY lead_id FOR UPDATE"]


def test_nobody_to_lock_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(2), lock([]) as rows:  # the savepoint
        assert (dict(rows), isinstance(rows, Standings)) == ({}, True)
