"""Why this score: every row that made it, and what comes off next."""

from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from leads.kinds import CATALOGUE
from leads.models import Event
from scoring.engine import Entry, ModelSpec, State, advance
from scoring.enums import EntryKind
from scoring.models import Rule
from scoring.published import published
from scoring.replay import replay

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
    """A score with everything that made it, newest first, and what comes off next."""

    score: int
    fit: int
    engagement: int
    grade: str
    model_version: int
    entries: list[Line]
    upcoming: list[Coming]


def why(lead_id: int, *, at: datetime) -> Why:
    """The lead's score at `at`, silence included, explained from its own history."""
    model = published()
    life = replay(lead_id, model, at=at)
    state = life.state
    return Why(
        score=state.score,
        fit=state.fit,
        engagement=state.engagement,
        grade=model.grade(fit=state.fit, engagement=state.engagement),
        model_version=model.version,
        entries=_lines(life.entries[::-1], model),
        upcoming=_upcoming(state, model, at=at),
    )


def _lines(entries: list[Entry], model: ModelSpec) -> list[Line]:
    labels = {rule.pk: rule.label for rule in Rule.objects.filter(pk__in={e.rule_id for e in entries if e.rule_id})}
    events = dict(Event.objects.filter(pk__in=[e.event_id for e in entries if e.event_id]).values_list("pk", "kind"))
    lines = []
    for entry in entries:
        kind = events.get(entry.event_id or 0, "")
        label = labels.get(entry.rule_id or 0, "")
        lines.append(
            Line(
                kind=entry.kind,
                rule=label,
                points=entry.delta,
                effective_at=entry.effective_at,
                event_id=entry.event_id,
                event=str(CATALOGUE[kind].label) if kind in CATALOGUE else kind,
                reason=_reason(entry, label, model),
                category="fit" if entry.fit_delta == entry.delta else "engagement",
            )
        )
    return lines


def _reason(entry: Entry, label: str, model: ModelSpec) -> str:
    if entry.kind == EntryKind.DECAY:
        return _("%(days)s days without any action") % {"days": model.steps[entry.step or 0][0]}
    if entry.kind == EntryKind.RECYCLE:
        return _("Given back by Sales: down to the lead threshold")
    if entry.kind == EntryKind.EXPIRY:
        return _("Lapsed: %(rule)s") % {"rule": label}
    if entry.kind == EntryKind.PROFILE and entry.delta < 0:
        return _("No longer true: %(rule)s") % {"rule": label}
    return label


def _upcoming(state: State, model: ModelSpec, *, at: datetime) -> list[Coming]:
    """Plays silence forward on a copy of the state."""
    entries = advance(deepcopy(state), at + HORIZON, model)
    labels = {rule.pk: rule.label for rule in Rule.objects.filter(pk__in={e.rule_id for e in entries if e.rule_id})}
    return [
        Coming(entry.effective_at, entry.delta, _reason(entry, labels.get(entry.rule_id or 0, ""), model))
        for entry in entries
    ]
