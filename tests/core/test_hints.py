"""Hints on a real Valkey: after the commit, merged, never waited for."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time

import orjson
import pytest
import redis
from django.conf import settings
from django.db import transaction

from core import hints
from leadflow import places


@pytest.fixture(autouse=True)
def fresh_postman():
    """Each test has a postman and a connection of its own."""
    hints._forget()
    yield
    hints.postman().join(5)
    hints._forget()


@pytest.fixture
def server():
    with contextlib.closing(redis.Redis.from_url(settings.CACHES["default"]["LOCATION"])) as client:
        yield client


@pytest.fixture
def heard(server):
    """Reads the next message on the hints' channel, as its topics."""
    with server.pubsub(ignore_subscribe_messages=True) as pubsub:
        pubsub.subscribe(hints.CHANNEL)
        pubsub.get_message(timeout=5)

        def read(timeout=5.0):
            message = pubsub.get_message(timeout=timeout)
            return message and orjson.loads(message["data"])

        yield read


@pytest.mark.django_db(transaction=True)
def test_push_says_after_the_commit_what_changed(heard):
    with transaction.atomic():
        hints.push("lead:12", "dashboard", "lead:12")
        assert heard(timeout=0.1) is None
    assert heard() == ["dashboard", "lead:12"]


@pytest.mark.django_db(transaction=True)
def test_push_of_a_transaction_that_failed_is_never_heard(heard):
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        hints.push("lead:12")
        raise ZeroDivisionError
    hints.push("lead:13")
    assert heard() == ["lead:13"]


@pytest.mark.django_db(transaction=True)
def test_pushes_that_wait_go_out_together(heard, server):
    postman = hints.postman()
    with postman._changed:  # the thread can't take anything meanwhile
        hints.push("leads", "lead:1")
        hints.push("leads", "lead:2")
    assert heard() == ["lead:1", "lead:2", "leads"]
    assert heard(timeout=0.1) is None


@pytest.mark.django_db(transaction=True)
def test_a_burst_after_a_push_goes_out_in_one_message(heard, monkeypatch):
    monkeypatch.setattr(hints, "BREATH", 0.3)
    hints.push("lead:1")
    assert heard() == ["lead:1"]
    assert hints.postman().join(5)
    for number in (2, 3, 4):
        hints.push(f"lead:{number}")
    assert heard() == ["lead:2", "lead:3", "lead:4"]


@pytest.mark.django_db(transaction=True)
def test_wake_puts_the_task_on_the_broker(heard):
    broker = redis.Redis.from_url(settings.CACHES["default"]["LOCATION"].replace("db=0", "db=1"))
    broker.flushdb()
    hints.wake("notifications.tasks.deliver")
    assert hints.postman().join(5)
    (message,) = broker.lrange("celery", 0, -1)
    broker.close()
    headers = json.loads(message)["headers"]
    assert (headers["task"], headers["retries"]) == ("notifications.tasks.deliver", 0)
    assert headers["expires"] is not None


@pytest.mark.django_db(transaction=True)
def test_hints_survive_a_broker_that_is_gone(heard, server, settings, caplog):
    here = settings.CACHES["default"]["LOCATION"]
    nowhere = dict(settings.CACHES["default"], LOCATION="unix:///nowhere/valkey.sock?db=0")
    settings.CACHES = {"default": nowhere}
    hints.push("lead:1")
    assert hints.postman().join(5)
    assert [record.getMessage() for record in caplog.records] == ["hint not sent: ConnectionError"]
    settings.CACHES = {"default": dict(nowhere, LOCATION=here)}
    hints._client.cache_clear()
    hints.push("lead:2")
    assert heard() == ["lead:2"]


@pytest.mark.django_db(transaction=True)
def test_push_never_waits_for_a_frozen_broker(server):
    pid = server.info("server")["process_id"]
    hints.push("warm")
    assert hints.postman().join(5)
    os.kill(pid, signal.SIGSTOP)
    try:
        started = time.monotonic()
        for number in range(1000):
            hints.push(f"lead:{number}")
        assert time.monotonic() - started < 0.5
        assert hints.postman().join(0.2) is False
    finally:
        os.kill(pid, signal.SIGCONT)
    assert hints.postman().join(20) is True


def test_postman_drops_what_is_too_much(caplog):
    postman = hints.Postman()
    with postman._changed:
        postman.take(topics=[f"lead:{number}" for number in range(hints.MOST_WAITING)])
        postman.take(topics=["lead:too-much"])
        waiting = set(postman._topics)
    assert len(waiting) == hints.MOST_WAITING
    assert [record.getMessage() for record in caplog.records] == ["hint dropped: 10000 topics waiting"]
    assert postman.join(10)


def test_forked_child_has_a_postman_of_its_own(heard):
    """As in a worker process: the parent's thread does not come along."""
    program = """
import os, sys, django
django.setup()
from core import hints
hints.postman().take(topics=["parent"])
hints.postman().join(5)
if os.fork() == 0:
    hints.postman().take(topics=["child"])
    os._exit(0 if hints.postman().join(5) else 1)
sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60, cwd=places.BASE)
    assert heard() == ["parent"]
    assert heard() == ["child"]
