"""Signs of life of the processes nobody talks to: the worker and the beat."""

from django.core.cache import cache

LIFETIME = 30  # seconds after which a silent process counts as gone


def beat(name: str) -> None:
    cache.set(f"heartbeat:{name}", 1, LIFETIME)


def alive(name: str) -> bool:
    """Whether `worker` or `beat` gave a sign within 30 s. False as well when the cache cannot be asked."""
    return cache.get(f"heartbeat:{name}") is not None
