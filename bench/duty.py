"""Hand-offs dealt while reps go on and off duty: four senders and three restless reps at once."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from itertools import islice
from threading import Event

from django.db import connection

from accounts.models import User
from bench.payloads import leads
from bench.table import Figure
from leads.assignment import drain_pool
from leads.enums import Channel
from leads.intake import receive
from leads.models import Handoff

HANDOFFS = 10_000
SENDERS, RESTLESS, BATCH = 4, 3, 250


def coming_and_going(*, at: datetime) -> Iterator[Figure]:
    """From the first enquiry until every one of them has an owner. A deadlock or a lost hand-off ends the run."""
    User.objects.sellers().update(on_duty=True, capacity=32_000)
    before, over = Handoff.objects.count(), Event()
    restless = list(User.objects.sellers().order_by("pk").values_list("pk", flat=True)[:RESTLESS])
    started = time.perf_counter()
    with ThreadPoolExecutor(SENDERS + RESTLESS) as crowd:
        switches = [crowd.submit(_closing, partial(_switch, pk, over)) for pk in restless]
        sent = [crowd.submit(_closing, partial(_send, part, at)) for part in range(SENDERS)]
        try:
            for one in sent:
                one.result()
        finally:
            over.set()
        turns = sum(one.result() for one in switches)
    User.objects.sellers().update(on_duty=True)
    drain_pool(at=at, limit=HANDOFFS)
    took = time.perf_counter() - started
    made, waiting = Handoff.objects.count() - before, Handoff.objects.pool().count()
    if (made, waiting) != (HANDOFFS, 0):
        raise SystemExit(f"{made} hand-offs were made of {HANDOFFS}, {waiting} wait")
    note = f"{turns} switches of duty meanwhile, none lost"
    yield Figure(
        f"{HANDOFFS:,} hand-offs taken in and dealt while reps come and go", HANDOFFS / took, "per s", note=note
    )


def _send(part: int, at: datetime) -> int:
    """A quarter of the leads, each of which books a meeting and so is handed over at once."""
    share = HANDOFFS // SENDERS
    people = list(islice(leads(start=70_000_000 + part * share), share))
    for first in range(0, share, BATCH):
        batch = [{**lead, "event": {"kind": "meeting.booked"}} for lead in people[first : first + BATCH]]
        receive(batch, channel=Channel.API, at=at)
    return share


def _switch(user_id: int, over: Event) -> int:
    """Off and on duty again until everything is sent. Returns how often."""
    turns = 0
    while not over.wait(0.05):
        turns += User.objects.filter(pk=user_id).update(on_duty=turns % 2 == 1)
    return turns


def _closing(act: Callable[[], int]) -> int:
    try:
        return act()
    finally:
        connection.close()
