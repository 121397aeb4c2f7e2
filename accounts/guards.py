"""The default cache: Valkey, which may be away or come back empty, but PostgreSQL for what guards the entrance."""

from typing import Any

from django.core.cache import caches
from django_redis.cache import RedisCache

GUARD = "allauth"  # failed log-ins counted, codes that were used: its keys begin so, and it asks no other cache


class Guarded(RedisCache):  # type: ignore[misc]
    """Without Valkey people log in as ever, and nobody may guess more often than with it."""

    def add(self, key: str, *args: Any, **options: Any) -> Any:
        return _kept().add(key, *args, **options) if _guards(key) else super().add(key, *args, **options)

    def get(self, key: str, *args: Any, **options: Any) -> Any:
        return _kept().get(key, *args, **options) if _guards(key) else super().get(key, *args, **options)

    def set(self, key: str, *args: Any, **options: Any) -> Any:
        return _kept().set(key, *args, **options) if _guards(key) else super().set(key, *args, **options)

    def delete(self, key: str, *args: Any, **options: Any) -> Any:
        return _kept().delete(key, *args, **options) if _guards(key) else super().delete(key, *args, **options)


def _guards(key: str) -> bool:
    return key.startswith(GUARD)


def _kept() -> Any:
    return caches["entrance"]
