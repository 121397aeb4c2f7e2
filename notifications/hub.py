"""One ear per process: a single subscription to the hints, fanned out to every open stream.

It lives while there are listeners. It runs on the event loop alone; nothing here blocks.
"""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import Iterable
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
LINGER = 60.0  # seconds the ear stays open for the next page, and for which it is known what changed
SLACK = 0.5  # seconds a change may have been on its way to here
RECHECK = 60.0  # seconds after which the sessions are looked at again
MOST_REMEMBERED = 20_000  # topics; about as many leads can change in a minute
MOST_PER_PERSON = 30  # streams: about as many open tabs; more looks like a mistake or an attack
Heard = dict[str, Any]
log = logging.getLogger(__name__)


class Listener:
    """One open stream: what it may hear, and what it has not been told yet. At most one entry per topic.

    `deaf_since`: the loop's second since which its page may have missed something; None once it hears.
    """

    def __init__(self, hearing: Hearing, *, deaf_since: float | None = None) -> None:
        self.hearing = hearing
        self.deaf_since = deaf_since
        self.closed = False
        self._greeted = False
        self._news: dict[str, str] = {}
        self._bell = asyncio.Event()

    def tell(self, topic: str, event: str) -> None:
        self._news[topic] = event
        self._bell.set()

    def greet(self, missed: Iterable[str]) -> None:
        """From now on it hears; these of its topics have changed while it did not."""
        word = "resync" if self._greeted else "ready"
        self.tell(word, word)
        for topic in missed:
            self.tell(topic, self.hearing.events[topic])
        self._greeted, self.deaf_since = True, None

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
        self._hears_since: float | None = None
        self._lately: dict[str, float] = {}  # topic, and the loop's second it was last heard
        self._closing: asyncio.TimerHandle | None = None
        self._failures = 0

    def join(self, listener: Listener) -> bool:
        """Takes a stream in; False when this person has too many already."""
        user_id = listener.hearing.user_id
        if sum(other.hearing.user_id == user_id for other in self._listeners) >= MOST_PER_PERSON:
            return False
        self._listeners.add(listener)
        for topic in listener.hearing.events:
            self._by_topic[topic].add(listener)
        if self._closing:
            self._closing.cancel()
        if self._hears_since is not None:
            listener.greet(self._missed(listener))
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._recheck())]
        return True

    def leave(self, listener: Listener) -> None:
        """Forgets a stream. After the last one the ear stays open a while: the next page wants to know what changed."""
        self._listeners.discard(listener)
        for topic in listener.hearing.events:
            self._by_topic[topic].discard(listener)
            if not self._by_topic[topic]:
                del self._by_topic[topic]
        if not self._listeners:
            self._closing = asyncio.get_running_loop().call_later(LINGER, self._close)

    def _close(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._tasks, self._hears_since = [], None
        self._lately.clear()

    def _missed(self, listener: Listener) -> list[str]:
        """What has changed, as far as is known, while a page could not hear it."""
        since = listener.deaf_since
        if since is None:
            return []
        if self._hears_since is None or self._hears_since > since:
            return list(listener.hearing.events)
        return [topic for topic in listener.hearing.events if self._lately.get(topic, 0) >= since]

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
        now = asyncio.get_running_loop().time()
        if len(self._lately) > MOST_REMEMBERED:
            self._lately = {topic: at for topic, at in self._lately.items() if at > now - LINGER}
        for topic in topics:
            self._lately[topic] = now
            for listener in self._by_topic.get(topic, ()):
                listener.tell(topic, listener.hearing.events[topic])

    def _hear(self) -> None:
        self._hears_since, self._failures = asyncio.get_running_loop().time(), 0
        for listener in self._listeners:
            listener.greet(self._missed(listener))

    def _lose(self) -> None:
        if self._hears_since is not None:
            for listener in self._listeners:
                listener.deaf_since = self._hears_since  # whatever it heard last
                listener.tell("lost", "lost")
            self._hears_since = None

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
