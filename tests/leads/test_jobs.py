"""Long work: steps, progress, cancel, a worker that dies, a lease that is lost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client

from core.due import DueState
from core.errors import Conflict, Invalid, NotFound
from leads import jobs
from leads.enums import JobPhase, RowOutcome
from leads.jobs import (
    Step,
    Work,
    cancel,
    job_of,
    jobs_of,
    mark_read,
    mark_seen,
    row_counts,
    run_due,
    start,
    unread,
    unseen,
)
from leads.models import Job, JobRow, Lead
from tests.factories import NOW, make_lead, make_user

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


class Watch:
    """A clock that goes on by so many seconds each time it is looked at."""

    def __init__(self, *, seconds: float = 0) -> None:
        self.now, self.tick = NOW, timedelta(seconds=seconds)

    def __call__(self):
        self.now += self.tick
        return self.now


@pytest.fixture
def work(monkeypatch):
    """A kind of work that counts to three, each step visible in the database."""
    monkeypatch.setattr(jobs, "WORKS", dict(jobs.WORKS))
    begun = []

    def steps(job, clock):
        begun.append(dict(job.position))
        for number in range(job.position.get("at", 0), 3):
            Lead.objects.filter(pk=job.params["lead"]).update(company_size=F("company_size") + 1)
            if job.params.get("breaks_at") == number:
                raise job.params["error"]
            yield Step(done=number + 1, position={"at": number + 1}, result={"last": number})

    made = jobs.register(Work("test.count", "Counting", "hash", steps))
    made.__dict__["begun"] = begun
    return made


def begin(user=None, *, at_once=None, **params):
    lead = make_lead(company_size=10)
    job = start(
        "test.count",
        by=user or make_user(),
        at=NOW,
        title="Count",
        params={"lead": lead.pk, **params},
        total=3,
        at_once=at_once,
    )
    return job, lead


def size(lead):
    return Lead.objects.get(pk=lead.pk).company_size


def test_start_puts_the_work_in_line_and_does_nothing_yet(work):
    job, lead = begin()
    assert (job.phase, job.share, job.is_open, size(lead)) == (JobPhase.WAITING, 0.0, True, 10)


def test_run_due_goes_through_the_steps_and_ends(work):
    job, lead = begin()
    assert run_due(clock=Watch()) == 0
    job.refresh_from_db()
    assert (job.phase, job.done, job.position, job.result, size(lead)) == (
        JobPhase.DONE,
        3,
        {"at": 3},
        {"last": 2},
        13,
    )
    assert (job.started_at, job.finished_at, job.leased_until, job.share) == (NOW, NOW, None, 1.0)


def test_run_due_with_nothing_to_do():
    assert run_due(clock=Watch()) == 0


def test_start_at_once_answers_with_the_finished_job(work):
    job, lead = begin(at_once=Watch())
    assert (job.phase, job.done, size(lead)) == (JobPhase.DONE, 3, 13)
    assert unseen(job.by) == []  # nobody is told of what they waited for


def test_job_that_uses_up_its_time_goes_to_the_end_of_the_line(work):
    long, lead = begin()
    watch = Watch(seconds=31)
    assert run_due(clock=watch) == 1
    long.refresh_from_db()
    assert (long.phase, long.done, long.attempts, long.leased_until) == (JobPhase.RUNNING, 1, 0, None)
    short, _other = begin()
    Job.objects.filter(pk=short.pk).update(due_at=NOW)
    run_due(clock=Watch())
    short.refresh_from_db()
    assert short.phase == JobPhase.DONE
    run_due(clock=watch)
    run_due(clock=watch)
    run_due(clock=watch)
    long.refresh_from_db()
    assert (long.phase, size(lead), work.begun[-1]) == (JobPhase.DONE, 13, {"at": 3})


def test_cancel_stops_before_the_next_step(work):
    job, lead = begin()
    cancel(job, at=NOW)
    run_due(clock=Watch())
    job.refresh_from_db()
    assert (job.phase, job.done, size(lead)) == (JobPhase.CANCELLED, 0, 10)
    with pytest.raises(Conflict):
        cancel(job, at=NOW)


def page_says(job, words):
    client = Client()
    client.force_login(job.by)
    return words in client.get(job.get_absolute_url()).content.decode()


def test_step_that_fails_is_rolled_back_and_tried_again(work, monkeypatch):
    job, lead = begin()
    watch = Watch()

    def broken(one, clock):
        Lead.objects.filter(pk=lead.pk).update(company_size=F("company_size") + 1)
        yield Step(done=1, position={"at": 1})
        Lead.objects.filter(pk=lead.pk).update(company_size=F("company_size") + 100)
        raise RuntimeError("disk full")

    whole = jobs.WORKS["test.count"]
    monkeypatch.setitem(jobs.WORKS, "test.count", Work("test.count", "Counting", "hash", broken))
    run_due(clock=watch)
    job.refresh_from_db()
    assert (job.phase, job.done, job.last_error, size(lead)) == (JobPhase.RUNNING, 1, "RuntimeError", 11)
    assert (job.retry_at, page_says(job, "gián đoạn")) == (job.due_at, True)
    assert ("RuntimeError" in job.why, "Sức khoẻ hệ thống" in job.why) == (True, True)
    monkeypatch.setitem(jobs.WORKS, "test.count", whole)
    assert run_due(clock=watch) == 0  # its pause is not over
    watch.now += 60 * SECOND
    run_due(clock=watch)
    job.refresh_from_db()
    assert (job.phase, size(lead), work.begun) == (JobPhase.DONE, 13, [{"at": 1}])
    assert (job.last_error, job.retry_at) == ("", None)


def test_refused_work_is_failed_for_good_with_its_words(work, monkeypatch):
    job, _lead = begin()

    def refuses(one, clock):
        yield Step(done=1)
        raise Invalid("Not like this.", code="invalid")

    monkeypatch.setitem(jobs.WORKS, "test.count", Work("test.count", "Counting", "hash", refuses))
    run_due(clock=Watch())
    job.refresh_from_db()
    assert (job.phase, job.state, job.last_error, job.done) == (JobPhase.FAILED, DueState.DEAD, "Not like this.", 1)
    assert job.why == "Not like this."


@pytest.mark.parametrize("cancelled", [False, True])
def test_whatever_runs_beside_has_ended_before_anybody_else_may_go_on(work, monkeypatch, cancelled):
    job, _lead = begin()
    held = []

    def two_lanes(_job, _clock):
        if cancelled:
            cancel(job, at=NOW)
        try:
            yield Step(done=1)
            yield Step(done=2)
        finally:
            held.append(Job.objects.get(pk=job.pk).leased_until is not None)

    monkeypatch.setitem(jobs.WORKS, "test.count", Work("test.count", "Counting", "hash", two_lanes))
    run_due(clock=Watch(seconds=1 if cancelled else 31))
    job.refresh_from_db()
    assert (held, job.done, job.leased_until, job.phase == JobPhase.CANCELLED) == ([True], 1, None, cancelled)


def test_worker_that_lost_its_lease_keeps_nothing(work, monkeypatch):
    job, lead = begin()

    def slow(one, clock):
        Lead.objects.filter(pk=lead.pk).update(company_size=F("company_size") + 1)
        Job.objects.filter(pk=job.pk).update(leased_until=NOW + timedelta(days=1))  # another worker's claim
        yield Step(done=1)

    monkeypatch.setitem(jobs.WORKS, "test.count", Work("test.count", "Counting", "hash", slow))
    run_due(clock=Watch())
    job.refresh_from_db()
    assert (job.done, job.is_open, size(lead)) == (0, True, 10)


def test_work_is_registered_once(work):
    with pytest.raises(ValueError, match=r"test\.count is registered twice"):
        jobs.register(work)


def test_share_is_unknown_without_a_total(work):
    job, _lead = begin()
    job.total = None
    assert job.share is None
    assert str(job) == f"test.count {job.pk}: waiting"


def test_job_is_its_owners_alone(work):
    mine, other = make_user(), make_user()
    job, _lead = begin(mine)
    assert (job_of(mine, job.pk), list(jobs_of(mine)), list(jobs_of(other))) == (job, [job], [])
    with pytest.raises(NotFound):
        job_of(other, job.pk)


def test_unseen_says_what_ended_once(work):
    user = make_user()
    job, _lead = begin(user)
    assert unseen(user) == []
    mark_seen(user, at=NOW, job_ids=[job.pk])  # not ended yet: stays unseen
    run_due(clock=Watch())
    assert unseen(user) == [job]
    mark_seen(user, at=NOW, job_ids=[job.pk])
    assert unseen(user) == []


def test_what_ended_stays_in_the_bell_until_its_result_is_opened(work):
    user, other = make_user(), make_user()
    first, _lead = begin(user)
    mark_read(user, at=NOW, job_ids=[first.pk])  # has not ended: there is nothing to have read
    second, _lead = begin(user)
    begin(other)
    while run_due(clock=Watch()):
        pass
    mark_seen(user, at=NOW, job_ids=[first.pk, second.pk])  # a toast passes by
    assert list(unread(user)) == [second, first]
    mark_read(user, at=NOW, job_ids=[second.pk])
    assert (list(unread(user)), unread(other).count()) == ([first], 1)
    mark_read(user, at=NOW)
    assert (list(unread(user)), unread(other).count()) == ([], 1)


def test_the_bell_is_silent_about_what_its_owner_waited_for_or_stopped(work):
    user = make_user()
    begin(user, at_once=Watch())
    job, _lead = begin(user)
    cancel(job, at=NOW)
    run_due(clock=Watch())
    assert (Job.objects.get(pk=job.pk).phase, list(unread(user))) == (JobPhase.CANCELLED, [])


def test_work_that_failed_is_in_the_bell(work):
    user = make_user()
    job, _lead = begin(user)
    Job.objects.filter(pk=job.pk).update(state=DueState.DEAD)
    assert (Job.objects.get(pk=job.pk).phase, list(unread(user))) == (JobPhase.FAILED, [job])


def test_row_counts_name_every_outcome(work):
    job, lead = begin()
    JobRow.objects.create(job=job, lead=lead, outcome=RowOutcome.REFUSED, reason="no")
    assert row_counts(job) == {"done": 0, "same": 0, "refused": 1}
    assert str(job.rows.get()) == f"{job.pk}/{lead.pk}: refused"


def test_claiming_uses_the_index_of_due_jobs(work):
    begin()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "job_due" in Job.objects.filter(state=DueState.PENDING, due_at__lte=NOW).explain()
