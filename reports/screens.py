"""Televisions: an address that shows figures to whoever stands before it, and nothing else."""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from accounts.models import Team, User
from core.errors import NotFound
from reports import cohorts, drawings, funnel, kpis, leaderboard, sources, speed
from reports.cards import MAIN, Card, cards
from reports.models import Screen
from reports.patience import patiently, progress
from reports.periods import named
from reports.scope import Scope
from reports.tables import Table

SEEN_EVERY = timedelta(minutes=5)


def open_screen(*, name: str, team: Team | None, by: User, at: datetime) -> tuple[Screen, str]:
    """A new screen and its token, which is shown this once: only its hash is kept."""
    token = secrets.token_urlsafe(32)
    return Screen.objects.create(name=name, team=team, by=by, created_at=at, token_hash=_hash(token)), token


def close_screen(pk: int) -> None:
    """Its address stops working at once. Raises NotFound."""
    gone, _each = Screen.objects.filter(pk=pk).delete()
    if not gone:
        raise NotFound


def screen_of(token: str, *, at: datetime) -> Screen:
    """The screen of a token. Raises NotFound, also once whoever opened it has left."""
    screen = Screen.objects.filter(token_hash=_hash(token), by__is_active=True).select_related("team").first()
    if screen is None:
        raise NotFound
    if screen.seen_at is None or at - screen.seen_at > SEEN_EVERY:
        Screen.objects.filter(pk=screen.pk).update(seen_at=at)
    return screen


def scope_of(screen: Screen, *, at: datetime) -> Scope:
    """This month, of everybody or of the screen's team."""
    return Scope(named("month", at=at), at, team=screen.team_id)


def shown(scope: Scope) -> dict[str, Any]:
    """What the screen shows; while its days are still being counted, how far that has come."""
    found = patiently(scope, lambda: {"cards": figures(scope), "tables": tables(scope)})
    return {"progress": progress(scope)} if found is None else found


def figures(scope: Scope) -> list[Card]:
    """The main cards, opening nothing."""
    return [replace(card, href="") for card in cards(scope, kpis.kpis(scope), MAIN)]


def tables(scope: Scope) -> list[tuple[Table, object]]:
    """The tables the screen turns through, each with its chart if it has one. No lead is named."""
    steps, by_cohort = funnel.funnel(scope), cohorts.cohorts(scope)
    charts = [drawings.funnel_chart(steps), drawings.cohort_chart(by_cohort, cohorts.cohort_group(scope))]
    return [
        *((table, replace(chart, hrefs=())) for table, chart in zip((steps, by_cohort), charts, strict=True)),
        *((table, None) for table in (sources.sources(scope), leaderboard.reps(scope), speed.kept_by(scope, "team"))),
    ]


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
