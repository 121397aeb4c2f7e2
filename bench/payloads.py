"""What the benchmark sends: leads as web forms bring them, and what leads do."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import orjson

from bench.client import request
from bench.lives import BEHAVIOUR, profile

JSON = {"Content-Type": "application/json"}
SENT = ("name", "phone", "email", "company", "title", "company_size", "city", "source", "campaign")
FIRST = {"form.contact": 60, "page.viewed": 20, "form.demo": 10, "meeting.booked": 10}  # one in five becomes an MQL
GROUP = 2000


def leads(*, start: int) -> Iterator[dict[str, Any]]:
    """New people without end, numbered from `start` (no two runs may share numbers)."""
    rng = random.Random(start)
    for number in count(start):
        person = profile(rng, number)
        kind = rng.choices(list(FIRST), list(FIRST.values()))[0]
        yield {**{name: person[name] for name in SENT}, "event": {"kind": kind, "properties": {"url": "/gia"}}}


def behaviour(lead_ids: Sequence[int], *, at: datetime) -> Iterator[dict[str, Any]]:
    """What known leads did in the last minute, in its order, each thousand by another two thousand of them.

    So that two senders speak of different people, as two channels mostly do: one waits for who else holds a lead.
    """
    rng = random.Random(lead_ids[0])
    for number in count():
        first = number // 1000 * GROUP % len(lead_ids)
        yield {
            "id": rng.choice(lead_ids[first : first + GROUP]),
            "kind": rng.choices(list(BEHAVIOUR), list(BEHAVIOUR.values()))[0],
            "occurred_at": at - timedelta(minutes=1) + timedelta(milliseconds=number % 60_000),
            "properties": {"url": f"/p/{rng.randrange(200)}"},
        }


def posts(path: str, key: str, bodies: Iterator[Any]) -> Iterator[bytes]:
    """The requests with these bodies."""
    headers = JSON | ({"Authorization": f"Bearer {key}"} if key else {})
    for body in bodies:
        yield request("POST", path, body=orjson.dumps(body), headers=headers)


def bundles(name: str, items: Iterator[Any], *, size: int) -> Iterator[dict[str, list[Any]]]:
    """Bodies of `{name: [...]}` with `size` items each."""
    while True:
        yield {name: [next(items) for _number in range(size)]}
