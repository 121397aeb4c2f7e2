from datetime import timedelta
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from accounts.enums import Role
from core import heartbeat
from core.due import DueState
from core.errors import NotFound
from leads.models import JobRun, Lead, Standing, Submission
from notifications.models import Delivery
from reports import checking, health
from reports.invariants import ROOMS, violations
from reports.sql import capped_by, capped_counts, snapshot
from reports.tasks import nightly_check
from tests.factories import NOW, arrive, make_lead, make_mql, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


@pytest.fixture
def admin(client):
    client.force_login(make_user(Role.ADMIN))


def bury(count: int = 1, *, error: str = "SMTP 451") -> list[Submission]:
    for _ in range(count):
        arrive()
    Submission.objects.update(state=DueState.DEAD, attempts=8, last_error=error, due_at=NOW - timedelta(hours=1))
    return list(Submission.objects.order_by("pk"))


def wrong_books() -> Lead:
    """A lead whose standing says it is handed over, though no hand-off is open."""
    lead = make_mql()
    Standing.objects.filter(lead=lead).update(handoff_open=False)
    return lead


def queue(key: str) -> health.Queue:
    return next(queue for queue in health.queues(at=NOW) if queue.key == key)


def test_every_kind_of_due_row_has_a_name():
    assert {model._meta.label_lower for model in health.kinds()} == set(health.QUEUES)


def test_everything_that_can_answer_is_asked():
    cache.clear()
    heartbeat.beat("worker")
    assert {part.key: part.alive for part in health.parts()} == {
        "database": True,
        "valkey": True,
        "worker": True,
        "beat": False,
    }


def test_without_valkey_the_processes_count_as_silent(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    assert {part.key: part.alive for part in health.parts()} == {
        "database": True,
        "valkey": False,
        "worker": False,
        "beat": False,
    }


def test_a_database_that_refuses_is_said_not_raised():
    with transaction.atomic():
        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT nonsense")
        assert health.parts()[0].alive is False
        transaction.set_rollback(True)


def test_every_kind_of_due_row_is_a_queue():
    found = [queue.key for queue in health.queues(at=NOW)]
    assert found == sorted(found)
    assert {"leads.job", "leads.submission", "notifications.delivery", "reports.mailing"} <= set(found)


def test_queue_counts_waiting_overdue_and_dead():
    bury(3)
    late, leased, _dead = Submission.objects.order_by("pk")
    Submission.objects.filter(pk=late.pk).update(state=DueState.PENDING, due_at=NOW - timedelta(minutes=5))
    Submission.objects.filter(pk=leased.pk).update(
        state=DueState.PENDING, due_at=NOW - timedelta(minutes=9), leased_until=NOW + timedelta(seconds=9)
    )
    found = queue("leads.submission")
    assert (found.waiting, found.overdue, found.dead) == (2, 1, 1)
    assert found.oldest == NOW - timedelta(minutes=5)


def test_done_rows_are_no_news():
    arrive()
    found = queue("leads.submission")
    assert (found.waiting, found.overdue, found.dead, found.oldest, found.buried) == (0, 0, 0, None, [])


def test_page_lists_dead_rows_with_their_last_error(client, admin):
    row = bury(error="<b>451</b> try later")[0]
    page = client.get(reverse("health")).content.decode()
    assert f"#{row.pk}" in page
    assert "&lt;b&gt;451&lt;/b&gt; try later" in page


def test_one_dead_row_is_replayed(client, admin):
    first, second = bury(2)
    response = client.post(reverse("health_replay"), {"queue": "leads.submission", "row": first.pk})
    assert response.url == reverse("health")
    assert dict(Submission.objects.values_list("pk", "state")) == {first.pk: DueState.PENDING, second.pk: DueState.DEAD}


def test_all_dead_rows_are_replayed(client, admin):
    bury(3)
    client.post(reverse("health_replay"), {"queue": "leads.submission"})
    row = Submission.objects.first()
    assert Submission.objects.filter(state=DueState.PENDING).count() == 3
    assert (row.due_at, row.attempts, row.last_error) == (NOW, 0, "")


def test_replaying_twice_changes_nothing_more():
    bury()
    assert (health.replay_dead("leads.submission", at=NOW), health.replay_dead("leads.submission", at=NOW)) == (1, 0)


@pytest.mark.parametrize("posted", [{"queue": "auth.user"}, {}, {"queue": "leads.submission", "row": "x"}])
def test_what_is_no_queue_or_row_is_not_found(client, admin, posted):
    bury()
    assert client.post(reverse("health_replay"), posted).status_code == 404
    assert Submission.objects.filter(state=DueState.DEAD).count() == 1


def test_an_unknown_queue_is_not_found():
    with pytest.raises(NotFound):
        health.replay_dead("leads.lead", at=NOW)


def test_fragment_is_the_body_of_the_page(client, admin):
    page = client.get(reverse("health")).content.decode()
    fragment = client.get(reverse("health"), headers={"HX-Request": "true"}).content.decode()
    assert fragment.startswith('<div class="report">')
    assert "<html" in page


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
@pytest.mark.parametrize(("method", "name"), [("get", "health"), ("post", "health_replay"), ("post", "health_check")])
def test_only_administrators_see_and_touch_it(client, role, method, name):
    client.force_login(make_user(role))
    assert getattr(client, method)(reverse(name)).status_code == 403


@pytest.mark.parametrize("name", ["health_replay", "health_check"])
def test_acts_are_posted(client, admin, name):
    assert client.get(reverse(name)).status_code == 405


def test_books_of_a_healthy_database_agree(history):
    Delivery.objects.update(state=DueState.DONE)  # the history is weeks old, and nobody sent its e-mails
    assert list(violations(at=NOW)) == []
    assert list(ROOMS) == ["leads", "scoring", "sla", "notifications", "reports"]


def test_a_violation_names_its_room():
    lead = wrong_books()
    found = list(violations(at=NOW))
    assert f"leads: lead {lead.pk}: standing and hand-offs disagree on whether one is open" in found


def test_command_says_nothing_is_wrong(capsys):
    make_mql()
    out, err = StringIO(), StringIO()
    call_command("check_invariants", stdout=out, stderr=err)
    assert (out.getvalue(), err.getvalue()) == ("", "No violations.\n")


def test_command_prints_a_line_each_and_exits_with_1():
    wrong_books()
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("check_invariants", stdout=out)
    assert ended.value.code == 1
    assert out.getvalue().splitlines() == list(violations(at=NOW))


def test_check_now_says_the_books_agree_and_keeps_the_result(client, admin):
    response = client.post(reverse("health_check"), follow=True)
    run = health.last_check(checking.JOB)
    assert (run.period, run.result) == ("2026-11-23 10:00", {"violations": []})
    assert "Sổ sách khớp" in response.content.decode()


def test_check_now_shows_what_is_wrong(client, admin):
    lead = wrong_books()
    page = client.post(reverse("health_check"), follow=True).content.decode()
    assert f"leads: lead {lead.pk}" in page


def test_two_who_ask_within_a_minute_get_one_check(client, admin):
    client.post(reverse("health_check"))
    assert client.post(reverse("health_check")).url == reverse("health")
    assert JobRun.objects.count() == 1


def test_nightly_check_takes_its_day_once():
    wrong_books()
    assert (nightly_check() > 0, nightly_check()) == (True, 0)
    run = JobRun.objects.get()
    assert (run.job, run.period, run.started_at, run.finished_at) == ("check_invariants", "2026-11-23", NOW, NOW)


def test_nightly_check_of_a_healthy_database_finds_nothing():
    make_lead()
    assert nightly_check() == 0
    assert JobRun.objects.get().result == {"violations": []}


def test_result_keeps_the_first_fifty_lines(monkeypatch):
    monkeypatch.setattr(checking, "violations", lambda at: (f"line {n}" for n in range(99)))
    run = checking.check(checking.take("x", at=NOW), at=NOW, clock=lambda: NOW)
    assert len(run.result["violations"]) == checking.KEPT


def test_a_check_that_died_is_seen_as_unfinished(client, admin):
    JobRun.objects.create(job=checking.JOB, period="2026-11-22", started_at=NOW - timedelta(days=1))
    assert health.last_check(checking.JOB) is None
    assert "đứt giữa chừng" in client.get(reverse("health")).content.decode()


def test_capped_counts_stop_above_the_limit():
    for _ in range(4):
        make_lead()
    everybody = Standing.objects.all()
    assert capped_counts([everybody], limit=2) == [3]
    assert capped_counts([everybody, everybody.filter(status="won")], limit=9) == [4, 0]
    assert capped_by(everybody.filter(source="new"), "status", ["new", "won"], limit=2) == [0, 0]
    assert capped_by(everybody, "status", ["new", "won"], limit=2) == [3, 0]
    assert capped_by(everybody, "status", [], limit=2) == []


def test_snapshot_inside_a_transaction_leaves_it_as_it_is():
    with transaction.atomic(), snapshot():
        make_lead()
    assert Delivery.objects.count() == 0
