"""The demo's timetable: plays six months forward, act by act, as if the clock had run."""

import heapq
import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import count, groupby
from typing import Protocol
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from accounts.availability import calendar
from core.business_time import Calendar
from leadflow.demo.lives import Deed, Life, make_lives
from leadflow.demo.quarrel import Quarrel
from leadflow.demo.sales import Act, Desk
from leads.assignment import drain_pool
from leads.behaviour import behave
from leads.enums import Channel
from leads.intake import receive
from leads.models import Handoff, Submission

SEED = 20261123
WINDOW = timedelta(hours=2)


class Sweep(Protocol):
    """What the beat would run: does what is due at the given moment."""

    def __call__(self, *, at: datetime) -> object: ...


class Story:
    """Plays lives until `until` (aware UTC). `sweeps` are what the beat would have done, once a day."""

    def __init__(self, *, until: datetime, sweeps: Iterable[Sweep], leads: int) -> None:
        self.until = until
        self.quarrel = Quarrel(until=until)
        self.sweeps = (self.quarrel.settle, *sweeps)
        self.rng = random.Random(SEED)  # noqa: S311 - a story, not a secret
        self.lives = {life.external_id: life for life in make_lives(self.rng, until=self._local(until), count=leads)}
        self._arrivals: list[Deed] = []
        self._actions: list[Deed] = []
        self._timetable: list[tuple[datetime, int, Act]] = []
        self._numbers = count()
        self._last_handoff = 0
        self._hours: dict[int, Calendar] = {}

    def play(self) -> None:
        """A transaction for each day: quicker, and a stop in the middle leaves whole days."""
        deeds = sorted((d for life in self.lives.values() for d in life.deeds), key=lambda d: d.at)
        for _day, of_the_day in groupby(deeds, key=lambda d: d.at.date()):
            with transaction.atomic():
                self._day(list(of_the_day))
        with transaction.atomic():
            self._work_until(self.until)
            self._sweep(self.until)

    def _day(self, deeds: list[Deed]) -> None:
        """What makes a hand-off happens at its moment; the rest waits for company, arrivals two hours at the most."""
        for deed in deeds:
            self._work_until(deed.at)
            if self._arrivals and deed.at - self._arrivals[0].at > WINDOW:
                self._receive()
            (self._arrivals if deed.arrives else self._actions).append(deed)
            if deed.telling:
                self._receive()
                if not deed.arrives:
                    self._behave()
        self._receive()
        self._behave()
        self._sweep(deeds[-1].at)

    def _receive(self) -> None:
        if self._arrivals:
            receive([d.payload for d in self._arrivals], channel=Channel.DEMO, at=self._arrivals[-1].at)
            self._arrivals = []
            self._take_up_handoffs()

    def _behave(self) -> None:
        if self._actions:
            behave([d.payload for d in self._actions], at=self._actions[-1].at)
            self._actions = []
            self._take_up_handoffs()

    def _work_until(self, moment: datetime) -> None:
        while self._timetable and self._timetable[0][0] <= moment:
            at, _number, act = heapq.heappop(self._timetable)
            act(at)

    def _later(self, at: datetime, act: Act) -> None:
        if at < self.until:
            heapq.heappush(self._timetable, (at, next(self._numbers), act))

    def _sweep(self, now: datetime) -> None:
        drain_pool(at=now)
        for sweep in self.sweeps:
            sweep(at=now)

    def _take_up_handoffs(self) -> None:
        """Every new hand-off lands on a rep's desk."""
        new = Handoff.objects.filter(pk__gt=self._last_handoff, owner__isnull=False).order_by("pk")
        for handoff in new:
            self._last_handoff = handoff.pk
            life = self._life_of(handoff.lead_id)
            hours = self._hours.setdefault(handoff.offered_at.year, calendar(at=handoff.offered_at))
            about = (handoff.pk, handoff.lead_id, life.quality, life.invalid)
            Desk(*about, self.rng, hours, self._later, self.quarrel.is_slow).begin(handoff.offered_at)

    def _life_of(self, lead_id: int) -> Life:
        external_id = Submission.objects.filter(lead=lead_id).values_list("external_id", flat=True)[0]
        return self.lives[external_id or ""]

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(settings.TIME_ZONE)).replace(microsecond=0)
