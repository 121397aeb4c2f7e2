import subprocess
import sys
from datetime import UTC, datetime

import pytest
from django.core.cache import cache

from core import heartbeat
from leadflow import celery, tasks
from tests.waiting import alive, eventually


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()
    yield
    cache.clear()


def scheduler():
    return celery.PunctualScheduler(app=celery.app)


def test_the_limits_of_a_task_lie_below_the_time_after_which_it_is_given_to_another():
    conf = celery.app.conf
    limits = conf.task_soft_time_limit, conf.task_time_limit, conf.broker_transport_options["visibility_timeout"]
    assert limits == (60, 90, 120)
    assert (conf.task_acks_late, conf.task_reject_on_worker_lost, conf.accept_content) == (True, True, ["json"])


def test_after_a_start_everything_is_due_at_once_but_the_check_of_what_is_being_worked_off():
    long_ago = datetime.fromtimestamp(0, UTC)
    entries = scheduler().schedule
    waiting = entries.pop("check the books")
    assert waiting.last_run_at > long_ago
    assert {entry.last_run_at for entry in entries.values()} == {long_ago}
    assert all(entry.is_due().is_due for entry in entries.values())


def test_the_beat_shows_on_every_tick_that_it_lives():
    assert not heartbeat.alive("beat")
    found = scheduler()
    found.schedule.clear()
    assert found.tick() <= 5
    assert heartbeat.alive("beat")


def test_the_worker_shows_by_a_task_that_it_lives():
    assert not heartbeat.alive("worker")
    tasks.heartbeat()
    assert heartbeat.alive("worker")
    assert 0 < cache.ttl("heartbeat:worker") <= heartbeat.LIFETIME


def test_a_pool_process_dies_with_its_worker():
    """The starter connects the pool process's hook in a child of its own, then leaves without a word."""
    child = (
        "import signal; from leadflow.celery import die_with_the_worker as d; d(); print(1, flush=True); signal.pause()"
    )
    starter = (
        "import subprocess, sys\n"
        f"p = subprocess.Popen([sys.executable, '-c', {child!r}], stdout=subprocess.PIPE)\n"
        "p.stdout.readline(); print(p.pid, flush=True)"
    )
    done = subprocess.run([sys.executable, "-c", starter], capture_output=True, text=True, check=True, timeout=30)
    assert eventually(lambda: not alive(int(done.stdout)))
