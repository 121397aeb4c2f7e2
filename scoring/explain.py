"""Why this score: every row that made it, and what comes off next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from leads.kinds import CATALOGUE
from leads.models import Standing
from scoring.checks import settled
from scoring.engine import Entry, advance
from scoring.enums import EntryKind
from scoring.models import Rule
from scoring.published import published
from scoring.replay import Life, replay

HORIZON = timedelta(days=400)  # further ahead nothing is promised


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the explanation. `reason` is in the reader's language."""

    kind: str
    rule: str
    points: int
    effective_at: datetime
    event_id: int | None
    event: str
    reason: str
    category: str


@dataclass(frozen=True, slots=True)
class Coming:
    """Points that go away if nothing happens until then."""

    at: datetime
    points: int
    why: str


@dataclass(frozen=True, slots=True)
class Why:
    """A score with everything that made it, newest first, and what comes off next, soonest first."""

    score: int
    fit: int
    engagement: int
    grade: str
    model_version: int
    entries: list[Line]
    upcoming: list[Coming]


def why(lead_id: int, *, at: datetime) -> Why:
    """The lead's score at `at`, explained from its own history.

    What has fallen due since the last sweep still stands first among what comes off, as it does in the ledger.
    """
    model = published()
    due = Standing.objects.filter(pk=lead_id).values_list("next_decay_at", flat=True).first()
    moment = settled(due, at=at)
    life = replay(lead_id, model, at=moment)
    state = life.state
    rules = Rule.objects.in_bulk([rule.id for rule in model.rules])
    found = Why(
        score=state.score,
        fit=state.fit,
        engagement=state.engagement,
        grade=model.grade(fit=state.fit, engagement=state.engagement),
        model_version=model.version,
        entries=[_line(entry, life, rules) for entry in reversed(life.entries)],
        upcoming=[],
    )
    coming = advance(state, moment + HORIZON, model)  # plays silence forward: the state is not needed any more
    found.upcoming.extend(Coming(e.effective_at, e.delta, _reason(e, rules)) for e in coming if e.delta)
    return found


def _line(entry: Entry, life: Life, rules: Mapping[int, Rule]) -> Line:
    kind = life.kinds.get(entry.event_id or 0, "")
    rule = rules.get(entry.rule_id or 0)
    return Line(
        kind=entry.kind,
        rule=rule.label if rule else "",
        points=entry.delta,
        effective_at=entry.effective_at,
        event_id=entry.event_id,
        event=str(CATALOGUE[kind].label) if kind in CATALOGUE else kind,
        reason=_reason(entry, rules),
        category="fit" if entry.delta and entry.fit_delta == entry.delta else "engagement",
    )


def _reason(entry: Entry, rules: Mapping[int, Rule]) -> str:
    if entry.kind == EntryKind.DECAY:
        return _("%(days)s days without any action") % {"days": entry.step}
    if entry.kind == EntryKind.RECYCLE:
        return _("Given back by Sales: down to the lead threshold")
    rule = rules[entry.rule_id or 0]
    if entry.kind == EntryKind.EXPIRY:
        return _("Lapsed: %(rule)s") % {"rule": rule.label}
    if entry.kind == EntryKind.PROFILE and (not entry.delta or (entry.delta > 0) != (rule.points > 0)):
        return _("No longer true: %(rule)s") % {"rule": rule.label}
    return rule.label
