"""One ear per process: a single subscription to the hints, fanned out to every open stream.

It lives while there are listeners. It runs on the event loop alone; nothing here blocks.
"""

import asyncio
import contextlib
import logging
from collections import defaultdict
from typing import Any
from weakref import WeakKeyDictionary

import orjson
import redis.asyncio
from asgiref.sync import sync_to_async
from django.conf import settings
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from core.hints import CHANNEL
from notifications.hearing import Hearing, still_in

SILENCE = 10.0  # seconds without a message after which the server is asked whether it is still there
BACK_OFF = (0.1, 0.2, 0.5, 1.0, 2.0)  # seconds between attempts to reach it again
RECHECK = 60.0  # seconds after which the sessions are looked at again
MOST_PER_PERSON = 30  # streams: about as many open tabs; more looks like a mistake or an attack
Heard = dict[str, Any]
log = logging.getLogger(__name__)


class Listener:
    """One open stream: what it may hear, and what it has not been told yet. At most one entry per topic."""

    def __init__(self, hearing: Hearing) -> None:
        self.hearing = hearing
        self.closed = False
        self._greeted = False
        self._news: dict[str, str] = {}
        self._bell = asyncio.Event()

    def tell(self, topic: str, event: str) -> None:
        self._news[topic] = event
        self._bell.set()

    def greet(self) -> None:
        """From now on it hears. If it did before, it may have missed anything: everything counts as changed."""
        missed = self.hearing.events if self._greeted else {}
        word = "resync" if self._greeted else "ready"
        for topic, event in {word: word, **missed}.items():
            self.tell(topic, event)
        self._greeted = True

    def close(self) -> None:
        self.closed = True
        self._bell.set()

    async def news(self, *, wait: float) -> list[tuple[str, str]]:
        """(topic, event) of all that changed since the last call; empty after `wait` seconds of silence."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await self._bell.wait()
        self._bell.clear()
        news, self._news = self._news, {}
        return list(news.items())


class Hub:
    """The listeners of one process, by topic."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()
        self._by_topic: defaultdict[str, set[Listener]] = defaultdict(set)
        self._tasks: list[asyncio.Task[None]] = []
        self._hears = False
        self._failures = 0

    def join(self, listener: Listener) -> bool:
        """Takes a stream in; False when this person has too many already."""
        user_id = listener.hearing.user_id
        if sum(other.hearing.user_id == user_id for other in self._listeners) >= MOST_PER_PERSON:
            return False
        self._listeners.add(listener)
        for topic in listener.hearing.events:
            self._by_topic[topic].add(listener)
        if self._hears:
            listener.greet()
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._recheck())]
        return True

    async def leave(self, listener: Listener) -> None:
        """Forgets a stream; the last one turns off the light."""
        self._listeners.discard(listener)
        for topic in listener.hearing.events:
            self._by_topic[topic].discard(listener)
            if not self._by_topic[topic]:
                del self._by_topic[topic]
        if not self._listeners:
            tasks, self._tasks, self._hears = self._tasks, [], False
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self) -> None:
        while True:
            try:
                await self._follow()
            except (RedisError, OSError, TimeoutError, ValueError) as error:
                log.warning("stream: lost the hints: %s", type(error).__name__)
            self._lose()
            await asyncio.sleep(BACK_OFF[min(self._failures, len(BACK_OFF) - 1)])
            self._failures += 1

    async def _follow(self) -> None:
        """Listens until the connection fails. A server that is there but frozen is noticed by its silence."""
        location = str(settings.CACHES["default"]["LOCATION"])
        client = redis.asyncio.Redis.from_url(location, socket_connect_timeout=2, retry=None)
        async with client, client.pubsub() as pubsub:
            await pubsub.subscribe(CHANNEL)
            while True:
                message = await _next(pubsub)
                if message["type"] == "subscribe":
                    self._hear()
                elif message["type"] == "message":
                    self._fan_out(orjson.loads(message["data"]))

    def _fan_out(self, topics: list[str]) -> None:
        for topic in topics:
            for listener in self._by_topic.get(topic, ()):
                listener.tell(topic, listener.hearing.events[topic])

    def _hear(self) -> None:
        self._hears, self._failures = True, 0
        for listener in self._listeners:
            listener.greet()

    def _lose(self) -> None:
        if self._hears:
            self._hears = False
            for listener in self._listeners:
                listener.tell("lost", "lost")

    async def _recheck(self) -> None:
        while True:
            await asyncio.sleep(RECHECK)
            keys = {listener.hearing.session_key for listener in self._listeners}
            try:
                valid = await sync_to_async(still_in)(keys)
            except Exception as error:  # noqa: BLE001 - the database may be away; ask again in a minute
                log.warning("stream: sessions not checked: %s", type(error).__name__)
                continue
            for listener in self._listeners:
                if listener.hearing.session_key in keys - valid:
                    listener.close()


async def _next(pubsub: PubSub) -> Heard:
    """The next message. After a silence the server is asked for a sign of life; TimeoutError when it gives none."""
    return await pubsub.get_message(timeout=SILENCE) or await _sign_of_life(pubsub)


async def _sign_of_life(pubsub: PubSub) -> Heard:
    await pubsub.ping()
    return _heard(await pubsub.get_message(timeout=SILENCE))


def _heard(message: Heard | None) -> Heard:
    if message is None:
        raise TimeoutError
    return message


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running event loop."""
    return _hubs.setdefault(asyncio.get_running_loop(), Hub())
