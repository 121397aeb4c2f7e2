"""How quickly leads and their behaviour come in over the API."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from operator import attrgetter

from django.utils import timezone

from api.enums import Scope
from api.keys import create_key
from bench import floors
from bench.client import Load, send
from bench.payloads import behaviour, bundles, leads, posts
from bench.table import Figure
from leads.models import Lead

ROUNDS = 3
SECONDS = 4.0
BUNDLE = 1000
BUNDLES = 6  # in one round
ENOUGH = 6000  # requests one round can't use up
SENDERS = 2  # as many as there are processors


class Senders:
    """Every request it hands out is about people nobody has sent before."""

    def __init__(self) -> None:
        _key, self.key = create_key("bench", [Scope.LEADS_WRITE, Scope.EVENTS_WRITE], by=None, at=timezone.now())
        self._people = leads(start=50_000_000 + secrets.randbelow(400) * 100_000)

    def single(self, path: str, count: int) -> Iterator[bytes]:
        return _made(posts(path, self.key, self._people), count)

    def bulk(self, count: int) -> Iterator[bytes]:
        return _made(posts("/api/v1/leads/bulk/", self.key, bundles("leads", self._people, size=BUNDLE)), count)

    def behaviour(self, count: int) -> Iterator[bytes]:
        known = list(Lead.objects.order_by("pk").values_list("pk", flat=True)[:50_000])
        did = bundles("events", behaviour(known, at=timezone.now()), size=BUNDLE)
        return _made(posts("/api/v1/events/", self.key, did), count)


def single(product: int, bare: int, senders: Senders) -> Iterator[Figure]:
    """One lead a request, beside the bare view, turn by turn."""
    floors.make_bare_table()
    send(product, senders.single("/api/v1/leads/", 200), connections=8)
    send(bare, senders.single("/rows/", 200), connections=8)
    for connections in (8, 16):
        ours, theirs = [], []
        for _round in range(ROUNDS):
            requests = senders.single("/rows/", ENOUGH)
            theirs.append(send(bare, requests, connections=connections, seconds=SECONDS))
            requests = senders.single("/api/v1/leads/", ENOUGH)
            ours.append(send(product, requests, connections=connections, seconds=SECONDS))
        load, floor = typical(ours), typical(theirs)
        work, note = f"POST one lead, {connections} connections", f"p50 {load.p50:.0f} ms"
        yield Figure(work, load.rate, "per s", bar=350, floor=floor.rate, ratio_bar=0.5, note=note)
        yield Figure(f"{work}, p99", load.p99, "ms", bar=100, floor=floor.p99)


def bulk(product: int, senders: Senders) -> Iterator[Figure]:
    floors.copy_empty("leads_lead")
    yield _bulk(product, f"leads in bulk, {BUNDLE:,} a call", senders.bulk, floors.insert_leads, bar=4000)


def events(product: int, senders: Senders) -> Iterator[Figure]:
    floors.copy_empty("leads_event")
    yield _bulk(product, f"events in bulk, {BUNDLE:,} a call", senders.behaviour, floors.insert_events, bar=8000)


def _bulk(
    port: int, work: str, made: Callable[[int], Iterator[bytes]], floor: Callable[[], float], *, bar: float
) -> Figure:
    send(port, made(SENDERS), connections=SENDERS)
    ours, theirs = [], []
    for _round in range(ROUNDS):
        theirs.append(floor())
        ours.append(send(port, made(BUNDLES), connections=SENDERS))
    load = typical(ours)
    return Figure(
        work, load.rate * BUNDLE, "per s", bar=bar, floor=sorted(theirs)[ROUNDS // 2], note=f"a call {load.p50:.0f} ms"
    )


def typical(loads: Sequence[Load]) -> Load:
    """The one in the middle by its rate."""
    return sorted(loads, key=attrgetter("rate"))[len(loads) // 2]


def _made(requests: Iterator[bytes], count: int) -> Iterator[bytes]:
    """Made beforehand: the sender is not to spend the machine's time while it is measured."""
    return iter(list(islice(requests, count)))
