import time

import pytest
from redis import ConnectionError as RedisConnectionError

from api import limits
from tests.api.caller import Caller, problem
from tests.api.unchanged import unchanged


@pytest.fixture(autouse=True)
def _awake(monkeypatch):
    monkeypatch.setattr(limits.RequestsPerMinute, "asleep_until", 0.0)


@pytest.fixture
def clock(monkeypatch):
    """The clock of the limiter, standing 12 s into a minute."""
    now = [1_800_000_012.0]
    monkeypatch.setattr(limits.time, "time", lambda: now[0])
    return now


def test_beyond_the_limit_is_429_until_the_next_minute(api, settings, clock):
    settings.API_REQUESTS_PER_MINUTE = 2
    assert [api.get("me/").status_code for _n in range(2)] == [200, 200]
    with unchanged():
        response = api.post("leads/", {"phone": "0912345678"})
    assert problem(response) == (429, "throttled")
    assert response["Retry-After"] == "48"
    clock[0] += 48
    assert api.get("me/").status_code == 200


def test_each_caller_has_a_limit_of_its_own(api, settings, clock):
    settings.API_REQUESTS_PER_MINUTE = 1
    other = Caller("admin")
    assert [api.get("me/").status_code, other.get("me/").status_code] == [200, 200]
    assert [api.get("me/").status_code, other.get("me/").status_code] == [429, 429]


def test_who_is_not_known_is_told_so_and_not_counted(anonymous, settings):
    settings.API_REQUESTS_PER_MINUTE = 0
    assert problem(anonymous.get("me/")) == (401, "not_authenticated")


def test_without_a_cache_nobody_is_held_up(api, settings, monkeypatch):
    asked = []

    def away(_alias):
        asked.append(1)
        raise RedisConnectionError

    monkeypatch.setattr(limits, "get_redis_connection", away)
    settings.API_REQUESTS_PER_MINUTE = 0
    assert [api.get("me/").status_code for _n in range(3)] == [200, 200, 200]
    assert len(asked) == 1  # a frozen cache is asked once in five seconds, not at each request
    monkeypatch.setattr(limits.RequestsPerMinute, "asleep_until", time.monotonic() - 1)
    api.get("me/")
    assert len(asked) == 2


def test_a_large_limit_is_asked_for_in_shares(api, settings, clock):
    settings.API_REQUESTS_PER_MINUTE = 6000
    cache = limits.get_redis_connection("default")
    key = f"api:rate:key:{api.key.pk}:{int(clock[0] // 60)}"
    counted = []
    for _request in range(4):
        assert api.get("me/").status_code == 200
        counted.append(int(cache.get(key)))
    assert counted == [3, 3, 3, 6]
    clock[0] += 48  # what is left of the old minute counts for nothing in the next
    assert api.get("me/").status_code == 200
    assert int(cache.get(key)) == 6


def test_what_others_have_used_up_is_not_given_again(clock, monkeypatch):
    monkeypatch.setattr(limits, "SHARES", 10)
    shares, others = limits.Shares(), limits.Shares()
    given = [who.take("key:0", 41) for who in (shares, others) * 30]
    assert sum(given) == 41


def test_another_limit_begins_another_share(clock):
    shares = limits.Shares()
    assert [shares.take("key:-1", 6000), shares.take("key:-1", 3)] == [True, False]


def test_what_was_counted_is_forgotten_after_two_minutes(api, settings, clock):
    settings.API_REQUESTS_PER_MINUTE = 100
    api.get("me/")
    api.get("me/")
    cache = limits.get_redis_connection("default")
    key = f"api:rate:key:{api.key.pk}:{int(clock[0] // 60)}"
    assert (int(cache.get(key)), 0 < cache.ttl(key) <= 120) == (2, True)
