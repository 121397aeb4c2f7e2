from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import OperationalError
from django.urls import get_resolver
from django.utils import timezone

from accounts.enums import Role
from api.idempotency import KEPT, forget
from api.models import IdempotencyRecord
from api.tasks import forget_idempotency
from api.v1.base import ApiView
from leads.models import Call, Event, Lead, Submission
from tests.api.caller import Caller, problem
from tests.api.unchanged import unchanged
from tests.factories import make_handoff, make_user

BODY = {"name": "An", "phone": "0912345678"}


def test_the_same_request_again_is_the_first_answer_again(api):
    first = api.post("leads/", BODY, Idempotency_Key="k1")
    with unchanged():
        again = api.post("leads/", BODY, Idempotency_Key="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    for header in ("Location", "Content-Type", "Content-Language", "Cache-Control"):
        assert again[header] == first[header]
    assert (Lead.objects.count(), Submission.objects.count()) == (1, 1)


def test_without_a_key_it_is_a_second_enquiry(api):
    assert [api.post("leads/", BODY).status_code for _n in range(2)] == [201, 200]


def test_order_of_fields_and_spaces_do_not_matter(api):
    api.post("leads/", b'{"name": "An", "phone": "0912345678"}', Idempotency_Key="k")
    again = api.post("leads/", b'{"phone":"0912345678","name":"An"}', Idempotency_Key="k")
    assert again["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize(
    ("path", "body"), [("leads/", {**BODY, "name": "Bình"}), ("leads/bulk/", BODY), ("leads/?a=1", BODY)]
)
def test_the_key_with_another_request_is_refused(api, path, body):
    api.post("leads/", BODY, Idempotency_Key="k")
    with unchanged():
        assert problem(api.post(path, body, Idempotency_Key="k")) == (422, "idempotency_key_reused")


def test_keys_of_different_callers_never_meet(api):
    other, person = Caller("leads:write"), Caller(user=make_user(Role.ADMIN))
    answers = [caller.post("leads/", BODY, Idempotency_Key="k") for caller in (api, other, person)]
    assert [a.status_code for a in answers] == [201, 200, 200]
    assert IdempotencyRecord.objects.count() == 3


def test_a_refusal_keeps_nothing_and_may_be_repaired(api):
    with unchanged():
        assert api.post("leads/", {"name": "An"}, Idempotency_Key="k").status_code == 422
    assert api.post("leads/", BODY, Idempotency_Key="k").status_code == 201


def test_an_act_is_done_once(api):
    make_user(Role.REP)
    path = f"leads/{make_handoff().lead_id}/calls/"
    answers = [api.post(path, {"outcome": "no_answer"}, Idempotency_Key="call-1") for _n in range(3)]
    assert {a.status_code for a in answers} == {201}
    assert len({a.content for a in answers}) == 1
    assert Call.objects.get().attempt == 1


def test_a_refused_act_undoes_everything_and_keeps_nothing(api):
    make_user(Role.REP)
    path = f"leads/{make_handoff().lead_id}/decision/"
    with unchanged():
        response = api.post(path, {"outcome": "accept"}, Idempotency_Key="d")
    assert problem(response) == (422, "not_qualified")


def test_an_event_is_taken_once(api):
    lead_id = api.post("leads/", BODY).data["id"]
    for _n in range(2):
        response = api.post(f"leads/{lead_id}/events/", {"kind": "page.viewed"}, Idempotency_Key="e")
        assert response.status_code == 201
    assert Event.objects.filter(kind="page.viewed").count() == 1


@pytest.mark.parametrize("key", ["x" * 255, "ü", "a b"])
def test_key_may_be_any_printable_text(api, key):
    first, again = (api.post("leads/", BODY, Idempotency_Key=key) for _n in range(2))
    assert (first.status_code, again.get("Idempotent-Replayed")) == (201, "true")


@pytest.mark.parametrize("key", ["", "  ", "x" * 256, "a\x01b"])
def test_key_that_can_not_be_one_is_400(api, key):
    with unchanged():
        assert problem(api.post("leads/", BODY, Idempotency_Key=key)) == (400, "invalid_idempotency_key")


def test_key_is_free_again_after_seven_days(api):
    api.post("leads/", BODY, Idempotency_Key="k")
    IdempotencyRecord.objects.update(created_at=timezone.now() - KEPT)
    answer = api.post("leads/", {**BODY, "city": "Huế"}, Idempotency_Key="k")
    assert (answer.status_code, answer.data["outcome"]) == (200, "matched")
    assert api.post("leads/", {**BODY, "city": "Huế"}, Idempotency_Key="k")["Idempotent-Replayed"] == "true"


def test_forget_deletes_what_is_older_than_seven_days(db):
    now = timezone.now()
    for age in (0, 6, 7, 8):
        IdempotencyRecord.objects.create(client="key:1", key=str(age), created_at=now - timedelta(days=age))
    assert forget(at=now) == 2
    assert set(IdempotencyRecord.objects.values_list("key", flat=True)) == {"0", "6"}
    assert forget_idempotency() == 0


def test_other_trouble_of_the_database_is_not_taken_for_a_request_in_flight(api, monkeypatch):
    def away(*_args):
        raise OperationalError("connection lost")

    with monkeypatch.context() as patch:
        patch.setattr("api.idempotency.sql", SimpleNamespace(CLAIM="", run=away))
        assert problem(api.post("leads/", BODY, Idempotency_Key="k")) == (503, "unavailable")


def test_record_says_whose_it_is():
    assert str(IdempotencyRecord(client="key:1", status=201)) == "key:1: 201"


def test_every_post_takes_an_idempotency_key():
    views = [p.callback.cls for p in _patterns(get_resolver().url_patterns) if hasattr(p.callback, "cls")]
    posts = [view.post for view in views if issubclass(view, ApiView) and hasattr(view, "post")]
    assert len(posts) >= 8
    assert [post for post in posts if not getattr(post, "idempotent", False)] == []


def _patterns(entries):
    for entry in entries:
        if hasattr(entry, "url_patterns"):
            yield from _patterns(entry.url_patterns)
        else:
            yield entry
