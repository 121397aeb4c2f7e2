"""How long a new scoring model takes: tried on a year of history, then everybody re-scored by it."""

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime

from accounts.enums import Role
from accounts.models import User
from bench import floors
from bench.table import Figure
from leadflow import places
from leads.models import Event, Standing
from scoring.agreement import publish, sign
from scoring.backtest import start_backtest
from scoring.drafts import create_draft, save_rule
from scoring.models import ScoringModel

WORKERS = 2  # as the launcher starts them
MONTHS = 12


def studio(*, at: datetime) -> Iterator[Figure]:
    """A draft with other points for the commonest events: nearly every score changes."""
    draft = _draft(at=at)
    leads, events = Standing.objects.count(), Event.objects.count()
    about = f"{leads:,} leads / {events:,} events"
    start_backtest(draft, months=MONTHS, by=None, at=at)
    yield Figure(f"trial of a draft over {MONTHS} months, {about}", _work(), "ms", bar=60_000)
    floors.copy_standings()
    floor = floors.rescore()
    boss = _boss(Role.MARKETING_MANAGER)
    for one in (boss, _boss(Role.SALES_MANAGER)):
        sign(draft, revision=draft.revision, by=one, at=at)
    publish(draft, handovers="from_now_on", by=boss, at=at)
    yield Figure(f"re-scoring {about}", _work(), "ms", floor=floor, ratio_bar=3)


def _draft(*, at: datetime) -> ScoringModel:
    draft = create_draft(name="Bench", by=None, at=at)
    for event, points in (("page.viewed", 2), ("email.opened", 2)):
        save_rule(draft, {"points": points}, code=draft.rules.get(event_kind=event).code)
    draft.refresh_from_db()
    return draft


def _boss(role: Role) -> User:
    email = f"{role}@bench.example"
    known = User.objects.filter(email=email).first()
    return known or User.objects.create_user(email=email, password=None, full_name=role.label, role=role)


def _work() -> float:
    """Milliseconds until the worker processes have nothing left to do, their start included."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "bench.slices"]
    workers = [subprocess.Popen(command, cwd=places.BASE) for _n in range(WORKERS)]
    for worker in workers:
        worker.wait()
    return (time.perf_counter() - started) * 1000
