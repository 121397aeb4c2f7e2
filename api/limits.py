"""How many requests a minute one key or person may send. Counted in the cache; without a cache nobody is held up."""

import time
from typing import ClassVar

from django.conf import settings
from django_redis import get_redis_connection
from redis import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from api.callers import Caller

WINDOW = 60  # seconds
PAUSE = 5.0  # seconds without asking after the cache failed: a frozen one may not slow every request


class RequestsPerMinute(BaseThrottle):
    """`API_REQUESTS_PER_MINUTE` per caller; each minute starts anew. Counting is atomic, and one round trip."""

    asleep_until: ClassVar[float] = 0.0  # by the monotonic clock of this process

    def allow_request(self, request: Request, view: APIView) -> bool:  # noqa: ARG002 - the framework's signature
        if time.monotonic() < self.asleep_until:
            return True
        try:
            return _count(Caller.of(request).identity) <= settings.API_REQUESTS_PER_MINUTE
        except RedisError:
            RequestsPerMinute.asleep_until = time.monotonic() + PAUSE
            return True

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return WINDOW - time.time() % WINDOW


def _count(identity: str) -> int:
    """Requests of this caller in this minute, this one included."""
    key = f"api:rate:{identity}:{int(time.time() // WINDOW)}"
    cache = get_redis_connection("default")
    count = int(cache.incr(key))
    if count == 1:
        cache.expire(key, WINDOW * 2)
    return count
