"""Invented lives of leads, scored by the product's own engine, so that ledger and standing agree with the history.

Pure: a seeded generator in, rows out, no database and no clock. Every hand-off is decided by the end.
"""

import heapq
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from leadflow.demo.cast import BUSINESS, CITIES, FAMILY, GIVEN_F, GIVEN_M, MIDDLE_M, SOURCES
from leads.kinds import (
    HANDOFF_ACCEPTED,
    HANDOFF_DISCARDED,
    HANDOFF_OPENED,
    HANDOFF_RECYCLED,
    LEAD_ASSIGNED,
    LEAD_CREATED,
    STATUS_MOVED,
)
from leads.search import search_text
from scoring.engine import Entry, State, advance, next_due, step
from scoring.replay import as_fact
from scoring.spec import ModelSpec

BEHAVIOUR = {
    "page.viewed": 45, "email.opened": 25, "email.clicked": 12, "ebook.downloaded": 6, "form.contact": 3,
    "form.demo": 3, "webinar.attended": 3, "offer.claimed": 2, "meeting.booked": 1,
}  # fmt: skip
OUTCOMES = {HANDOFF_ACCEPTED: 45, HANDOFF_RECYCLED: 40, HANDOFF_DISCARDED: 15}
ACTIONS_EACH = 9  # with its creation, a lead has about ten events
YEAR = timedelta(days=365)
FIRST_TOUCH = timedelta(minutes=240)  # as promised
WON_AFTER = timedelta(days=10)

Happening = tuple[datetime, int, str, dict[str, Any]]  # when, which in order, kind, properties


@dataclass
class Handoff:
    cycle: int
    offered_at: datetime
    score: int
    owner: int
    touched_at: datetime
    decided_at: datetime
    outcome: str = ""
    won_at: datetime | None = None


@dataclass
class Life:
    """One lead, its log, its ledger and what became of it. Ids of events and hand-offs are its own, from 0."""

    profile: dict[str, Any]
    created_at: datetime
    events: list[tuple[str, datetime, dict[str, Any]]] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    handoffs: list[Handoff] = field(default_factory=list)
    state: State = field(default_factory=State)
    status: str = "new"
    stage: str = "contact"
    next_decay_at: datetime | None = None


class Story:
    """Plays one life: what happens in the order of time, and what the rules of the house make of it."""

    def __init__(self, rng: random.Random, model: ModelSpec, *, owners: Sequence[int], until: datetime) -> None:
        self.rng, self.model, self.owners, self.until = rng, model, owners, until
        self._coming: list[Happening] = []

    def play(self, number: int) -> Life:
        rng = self.rng
        born = self.until - YEAR * rng.random()
        life = Life(profile=profile(rng, number), created_at=born)
        known = ("title", "company_size", "city", "company", "product", "source")
        self._coming = []
        self._plan(born, LEAD_CREATED, {"profile": {name: life.profile[name] for name in known}})
        for moment, kind, properties in actions(rng, born, self.until):
            self._plan(moment, kind, properties)
        while self._coming:
            moment, _order, kind, properties = heapq.heappop(self._coming)
            self._happen(life, moment, kind, properties)
        life.entries += advance(life.state, self.until, self.model)
        life.next_decay_at = next_due(life.state, self.model)
        if life.stage in {"contact", "prospect", "lead"}:
            life.stage = str(self.model.thresholds.stage(min(life.state.score, self.model.thresholds.mql - 1)))
        return life

    def _plan(self, moment: datetime, kind: str, properties: dict[str, Any]) -> None:
        heapq.heappush(self._coming, (moment, len(self._coming) + self.rng.getrandbits(30), kind, properties))

    def _happen(self, life: Life, moment: datetime, kind: str, properties: dict[str, Any]) -> None:
        before = life.state.score
        fact = as_fact(len(life.events), kind, moment, properties)
        life.events.append((kind, moment, properties))
        if fact:
            life.entries += step(life.state, fact, self.model)
        if life.stage not in {"mql", "sql", "customer", "disqualified"}:
            if before < self.model.thresholds.mql <= life.state.score:
                self._hand_over(life, moment)
        elif kind in OUTCOMES:
            self._decided(life, kind, moment)
        elif kind == STATUS_MOVED and properties["to"] == "won":
            life.status, life.stage, life.handoffs[-1].won_at = "won", "customer", moment

    def _hand_over(self, life: Life, at: datetime) -> None:
        rng, owner = self.rng, self.rng.choice(self.owners)
        touched = self._in_time(at, timedelta(minutes=rng.expovariate(1 / 100)))
        decided = self._in_time(at, timedelta(days=rng.uniform(0.5, 5)))
        life.stage = "mql"
        life.handoffs.append(
            Handoff(len(life.handoffs) + 1, at, life.state.score, owner, min(touched, decided), decided)
        )
        opened = {"handoff": 0, "kind": "mql", "cycle": len(life.handoffs), "score": life.state.score}
        life.events.append((HANDOFF_OPENED, at, opened))
        life.events.append((LEAD_ASSIGNED, at, {"handoff": 0, "owner": owner, "why": "rotation", "previous": None}))
        outcome = rng.choices(list(OUTCOMES), list(OUTCOMES.values()))[0]
        self._plan(decided, outcome, {"score_to": self.model.thresholds.lead} if outcome == HANDOFF_RECYCLED else {})

    def _in_time(self, at: datetime, later: timedelta) -> datetime:
        """So much later; where that is beyond the end, some moment before it: the last instant is like any other."""
        return at + (later if at + later <= self.until else (self.until - at) * self.rng.random())

    def _decided(self, life: Life, kind: str, at: datetime) -> None:
        life.handoffs[-1].outcome = kind.removeprefix("handoff.")
        if kind == HANDOFF_ACCEPTED:
            life.status, life.stage = "potential", "sql"
            if self.rng.random() < 0.3 and at + WON_AFTER < self.until:
                self._plan(at + WON_AFTER, STATUS_MOVED, {"from": "hot", "to": "won"})
        elif kind == HANDOFF_RECYCLED:
            life.stage = "lead"
        else:
            life.status, life.stage = "wrong_target", "disqualified"
            self._plan(at, STATUS_MOVED, {"from": "new", "to": "wrong_target"})


def actions(rng: random.Random, born: datetime, until: datetime) -> Iterator[tuple[datetime, str, dict[str, Any]]]:
    """What a lead has done by the end, mostly soon after it came: who came lately has done less."""
    kinds = rng.choices(list(BEHAVIOUR), list(BEHAVIOUR.values()), k=max(1, round(rng.gauss(ACTIONS_EACH, 4))))
    for kind in kinds:
        moment = born + timedelta(days=rng.expovariate(1 / 25))
        if moment > until:
            continue  # it has not happened yet
        yield moment, kind, {"url": f"/p/{rng.randrange(200)}", "document": f"e{rng.randrange(9)}"}


def profile(rng: random.Random, number: int) -> dict[str, Any]:
    """Who it is; phone and e-mail belong to this number alone."""
    name = f"{rng.choice(FAMILY)} {rng.choice(MIDDLE_M)} {rng.choice(rng.choice((GIVEN_F, GIVEN_M)))}"
    company = f"Công ty {rng.choice(BUSINESS)} {rng.randrange(5000)}"
    source = rng.choice(SOURCES)
    phone, email = f"+849{number:08d}", f"lead{number}@{rng.choice(('gmail.com', 'anphat.example'))}"
    return {
        "name": name, "phone": phone, "email": email, "company": company,
        "title": rng.choice(("Giám đốc", "Chuyên viên", "Kế toán trưởng", "Chủ cửa hàng", "", "")),
        "company_size": rng.choice((8, 20, 45, 90, 150, None)), "city": rng.choice(list(CITIES)), "product": "",
        "source": source.name, "campaign": rng.choice(source.campaigns),
        "search": search_text(name=name, company=company, email=email, phone=phone, external_id=""),
    }  # fmt: skip


def with_handoff(properties: Mapping[str, Any], handoff: int) -> Mapping[str, Any]:
    """The properties with the real number of the hand-off where they speak of one."""
    return {**properties, "handoff": handoff} if "handoff" in properties else properties
