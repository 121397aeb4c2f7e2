"""Hints to the outside after a commit: wake a worker, tell open pages that something changed.

A hint is never the only carrier of a fact: everything it points at is a row in PostgreSQL, so a lost,
doubled or late hint is harmless. Sending happens on one background thread, and what waits there is merged:
a web request never waits for the broker, not even for a frozen one, and a burst of changes costs one message.
"""

import logging
import os
import threading
import time
from collections.abc import Iterable
from functools import cache

import orjson
import redis
from celery import current_app
from django.conf import settings
from django.db import transaction

CHANNEL = "leadflow:changed"
MOST_WAITING = 10_000
BREATH = 0.03  # seconds between two sendings: a burst of leads costs a few messages
PAUSE_AFTER_FAILURE = 0.5
log = logging.getLogger(__name__)


def push(*topics: str) -> None:
    """After this transaction commits, tells open pages that these topics changed (`lead:12`, `dashboard`)."""
    transaction.on_commit(lambda: postman().take(topics=topics))


def wake(task: str) -> None:
    """Asks a worker, after this transaction commits, to run the named task now rather than at its next tick."""
    transaction.on_commit(lambda: postman().take(tasks=[task]))


class Postman:
    """Sends what it was given, on a thread of its own; what comes in meanwhile goes out together."""

    def __init__(self) -> None:
        self._topics: set[str] = set()
        self._tasks: set[str] = set()
        self._sending = False
        self._changed = threading.Condition()
        threading.Thread(target=self._run, name="hints", daemon=True).start()

    def take(self, topics: Iterable[str] = (), tasks: Iterable[str] = ()) -> None:
        """Never waits for the broker. Beyond 10,000 different topics the new ones are dropped."""
        with self._changed:
            if len(self._topics) < MOST_WAITING:
                self._topics.update(topics)
            else:
                log.warning("hint dropped: %s topics waiting", len(self._topics))
            self._tasks.update(tasks)
            self._changed.notify_all()

    def join(self, timeout: float) -> bool:
        """Waits until everything handed over so far was sent or given up; False when that takes too long."""
        with self._changed:
            return self._changed.wait_for(lambda: not (self._topics or self._tasks or self._sending), timeout)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._topics or self._tasks)
                self._sending = True
                topics, self._topics = self._topics, set()
                tasks, self._tasks = self._tasks, set()
            try:
                _send(topics, tasks)
            except Exception as error:  # noqa: BLE001 - whatever the broker throws, the thread must live on
                log.warning("hint not sent: %s", type(error).__name__)
                time.sleep(PAUSE_AFTER_FAILURE)
            with self._changed:
                self._sending = False
                self._changed.notify_all()
            time.sleep(BREATH)


def _send(topics: set[str], tasks: set[str]) -> None:
    if topics:
        _client().publish(CHANNEL, orjson.dumps(sorted(topics)))
    for task in sorted(tasks):
        current_app.send_task(task, expires=60)  # tried twice: the pooled connection may be stale


@cache
def _client() -> "redis.Redis":
    location = str(settings.CACHES["default"]["LOCATION"])
    return redis.Redis.from_url(location, socket_timeout=0.5, socket_connect_timeout=0.5)


@cache
def postman() -> Postman:
    """This process's postman."""
    return Postman()


def _forget() -> None:
    """A forked child has neither the thread nor a connection of its own."""
    postman.cache_clear()
    _client.cache_clear()


os.register_at_fork(after_in_child=_forget)
