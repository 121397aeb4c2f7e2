"""The same request many times at the same moment, on real connections."""

from functools import partial

import pytest
from django.db import connection, transaction

from api.models import IdempotencyRecord
from leads.checks import violations
from leads.models import Call, Event, Lead, Submission
from tests.api.caller import Caller, problem
from tests.concurrency.crowd import at_once
from tests.factories import NOW, make_handoff, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
BODY = {"name": "Lê Thu Hà", "phone": "0912345678", "event": {"kind": "meeting.booked"}}


def crowd(caller: Caller, size: int) -> list[Caller]:
    """The same key in the hands of many."""
    return [Caller(token=caller.headers["Authorization"].removeprefix("Bearer ")) for _n in range(size)]


def test_fifty_identical_posts_are_one_lead_and_fifty_equal_answers():
    make_user()
    callers = crowd(Caller("leads:write"), 25)
    answers = at_once([partial(c.post, "leads/", BODY, Idempotency_Key="same") for c in callers] * 2)
    assert {a.status_code for a in answers} == {201}
    assert len({a.content for a in answers}) == 1
    assert sorted(a.get("Idempotent-Replayed", "") for a in answers) == ["", *["true"] * 49]
    assert (Lead.objects.count(), Submission.objects.count(), IdempotencyRecord.objects.count()) == (1, 1, 1)
    assert Event.objects.filter(kind="handoff.opened").count() == 1
    assert list(violations(at=NOW)) == []


def test_posts_without_key_meet_in_one_lead():
    callers = crowd(Caller("leads:write"), 16)
    answers = at_once([partial(c.post, "leads/", BODY) for c in callers])
    assert sorted(a.status_code for a in answers) == [*[200] * 15, 201]
    assert Lead.objects.count() == 1


def test_one_call_logged_by_many_at_once_is_one_call():
    make_user()
    path = f"leads/{make_handoff().lead_id}/calls/"
    callers = crowd(Caller("leads:write"), 12)
    answers = at_once([partial(c.post, path, {"outcome": "busy"}, Idempotency_Key="c") for c in callers])
    assert {(a.status_code, a.content) for a in answers} == {(201, answers[0].content)}
    assert Call.objects.count() == 1


def test_one_key_for_different_requests_at_once_serves_one_of_them():
    callers = crowd(Caller("leads:write"), 10)
    answers = at_once(
        [partial(c.post, "leads/", {"phone": f"09123456{n:02d}"}, Idempotency_Key="k") for n, c in enumerate(callers)]
    )
    assert sorted(a.status_code for a in answers) == [201, *[422] * 9]
    assert Lead.objects.count() == 1


def test_a_request_in_flight_is_409_with_nothing_changed():
    caller = Caller("leads:write")

    def second():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        try:
            return caller.post("leads/", BODY, Idempotency_Key="slow")
        finally:
            connection.close()

    with transaction.atomic():
        IdempotencyRecord.objects.create(client=f"key:{caller.key.pk}", key="slow", digest="x", created_at=NOW)
        [answer] = at_once([second])
        transaction.set_rollback(True)
    assert problem(answer) == (409, "request_in_flight")
    assert Lead.objects.count() == 0
    assert caller.post("leads/", BODY, Idempotency_Key="slow").status_code == 201


def test_a_process_that_dies_before_the_commit_leaves_the_key_free():
    caller = Caller("leads:write")
    with transaction.atomic():
        assert caller.post("leads/", BODY, Idempotency_Key="k").status_code == 201
        transaction.set_rollback(True)
    assert (Lead.objects.count(), IdempotencyRecord.objects.count()) == (0, 0)
    assert caller.post("leads/", BODY, Idempotency_Key="k").status_code == 201
