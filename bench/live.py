"""Open dashboards: what 200 streams cost the intake, and how soon each hears of a lead."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import cycle, islice
from statistics import median, quantiles
from threading import Event, Thread

import uvloop

from accounts.models import User
from bench.client import request, send
from bench.intake import ENOUGH, SECONDS, Senders
from bench.pages import session_cookie
from bench.table import Figure
from leadflow.up.programs import HOST

STREAMS = 200
ROUNDS = 3
CONNECTIONS = 8
TOLD = 25  # leads posted one by one, each heard by every stream
QUIET = 1.2  # seconds between them, so that each is news of its own
PATIENCE = 5.0  # seconds after which a stream counts as having heard nothing
CHANGED = frozenset({b"event: leads\n", b"event: dashboard\n"})


class Ears:
    """Streams on a loop of their own. `last[n]` is when stream n last heard that something changed."""

    def __init__(self, port: int, cookies: Sequence[str]) -> None:
        self.last = [0.0] * STREAMS
        self.heard = 0
        self._port = port
        self._cookies = list(islice(cycle(cookies), STREAMS))
        self._ready, self._over = 0, Event()
        self._thread = Thread(target=lambda: uvloop.run(self._listen()), daemon=True)

    def open(self) -> None:
        self._thread.start()
        until = time.perf_counter() + 30
        while self._ready < STREAMS:
            if time.perf_counter() > until:
                raise SystemExit(f"only {self._ready} of {STREAMS} streams are open")
            time.sleep(0.05)

    def close(self) -> None:
        self._over.set()
        self._thread.join()

    async def _listen(self) -> None:
        streams = [asyncio.create_task(self._stream(number)) for number in range(STREAMS)]
        await asyncio.to_thread(self._over.wait)
        for stream in streams:
            stream.cancel()
        await asyncio.gather(*streams, return_exceptions=True)

    async def _stream(self, number: int) -> None:
        reader, writer = await asyncio.open_connection(HOST, self._port)
        writer.write(request("GET", "/events/", headers={"Cookie": self._cookies[number]}))
        while line := await reader.readline():
            if line == b"event: ready\n":
                self._ready += 1
            elif line in CHANGED:
                self.heard += 1
                self.last[number] = time.perf_counter()
        writer.close()


@contextmanager
def listening(port: int) -> Iterator[Ears]:
    cookies = [session_cookie(user) for user in User.objects.filter(is_active=True)]
    ears = Ears(port, cookies)
    ears.open()
    try:
        yield ears
    finally:
        ears.close()


def live(port: int) -> Iterator[Figure]:
    """The rate of single leads with no stream and with 200, turn by turn; then the delay from POST to each stream."""
    senders = Senders()
    send(port, senders.single("/api/v1/leads/", 200), connections=CONNECTIONS)
    alone: list[float] = []
    watched: list[float] = []
    for _round in range(ROUNDS):
        for rates, streams in ((alone, False), (watched, True)):
            with ExitStack() as open_now:
                if streams:
                    open_now.enter_context(listening(port))
                requests = senders.single("/api/v1/leads/", ENOUGH)
                rates.append(send(port, requests, connections=CONNECTIONS, seconds=SECONDS).rate)
    note = f"{min(watched):.0f}-{max(watched):.0f}, without streams {min(alone):.0f}-{max(alone):.0f}"
    work = f"POST one lead, {CONNECTIONS} connections, {STREAMS} dashboards open"
    yield Figure(work, median(watched), "per s", floor=median(alone), ratio_bar=0.9, note=note)
    delays = _delays(port, senders)
    yield Figure(
        f"POST to {STREAMS} open dashboards, p95",
        quantiles(delays, n=100)[94],
        "ms",
        bar=1000,
        note=f"p50 {median(delays):.0f} ms",
    )


def _delays(port: int, senders: Senders) -> list[float]:
    """Milliseconds from the start of each POST until each stream heard of it."""
    found: list[float] = []
    with listening(port) as ears:
        for _lead in range(TOLD):
            time.sleep(QUIET)
            begun = time.perf_counter()
            send(port, senders.single("/api/v1/leads/", 1), connections=1, most=1)
            while min(ears.last) < begun and time.perf_counter() < begun + PATIENCE:
                time.sleep(0.005)
            deaf = sum(last < begun for last in ears.last)
            if deaf:
                raise SystemExit(f"{deaf} streams heard nothing of a lead")
            found += [(last - begun) * 1000 for last in ears.last]
    return found
