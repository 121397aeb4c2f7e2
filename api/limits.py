"""How many requests a minute one key or person may send. Counted in the cache; without a cache nobody is held up."""

import threading
import time
from dataclasses import dataclass
from typing import ClassVar

from django.conf import settings
from django_redis import get_redis_connection
from redis import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from api.callers import Caller

WINDOW = 60  # seconds
SHARES = 2000  # a process asks for so small a part of the limit at once: one round trip serves it for many requests
PAUSE = 5.0  # seconds without asking after the cache failed: a frozen one may not slow every request


class RequestsPerMinute(BaseThrottle):
    """`API_REQUESTS_PER_MINUTE` per caller, never more; each minute starts anew. Counting is atomic.

    What a process has asked for and not used is lost to the others: up to a two-thousandth of the limit each.
    """

    asleep_until: ClassVar[float] = 0.0  # by the monotonic clock of this process

    def allow_request(self, request: Request, view: APIView) -> bool:  # noqa: ARG002 - the framework's signature
        if time.monotonic() < self.asleep_until:
            return True
        try:
            return _shares.take(Caller.of(request).identity, settings.API_REQUESTS_PER_MINUTE)
        except RedisError:
            RequestsPerMinute.asleep_until = time.monotonic() + PAUSE
            return True

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return WINDOW - time.time() % WINDOW


@dataclass(slots=True)
class Share:
    """Requests this process may still let in for one caller."""

    limit: int
    left: int


class Shares:
    """The shares of this minute, by caller."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._minute = 0
        self._held: dict[str, Share] = {}

    def take(self, identity: str, limit: int) -> bool:
        """Whether one more request of this caller fits into the limit of this minute. Raises RedisError."""
        minute = int(time.time() // WINDOW)
        with self._guard:
            if minute != self._minute:
                self._minute, self._held = minute, {}
            held = self._held.get(identity)
            if held and held.limit == limit and held.left:
                held.left -= 1
                return True
        given = _reserve(f"api:rate:{identity}:{minute}", max(1, limit // SHARES), limit)
        with self._guard:
            if given > 1:
                self._held[identity] = Share(limit, given - 1)
        return given > 0


_shares = Shares()


def _reserve(key: str, wanted: int, limit: int) -> int:
    """How many of the wanted requests are left in the minute; they are counted as used."""
    cache = get_redis_connection("default")
    count = int(cache.incrby(key, wanted))
    if count == wanted:
        cache.expire(key, WINDOW * 2)
    return max(0, min(wanted, limit - (count - wanted)))
