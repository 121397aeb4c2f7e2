"""Why this score: every row that made it, and what comes off next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from leads.kinds import CATALOGUE
from leads.models import Event, Standing
from scoring.checks import settled
from scoring.engine import Entry, advance
from scoring.enums import EntryKind
from scoring.ledger import Booked
from scoring.models import LedgerEntry, Rule, ScoringModel
from scoring.published import in_force_at, published, spec_of
from scoring.replay import Life, replay
from scoring.spec import ModelSpec

HORIZON = timedelta(days=400)  # further ahead nothing is promised
SHOWN = 8  # rows before "earlier rows"
RULED = {EntryKind.AWARD, EntryKind.PROFILE, EntryKind.EXPIRY}


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
    """The lead's score at `at`, explained from its own history, by the model that was in force then.

    What has fallen due since the last sweep still stands first among what comes off, as it does in the ledger.
    """
    model = in_force_at(at)
    due = Standing.objects.filter(pk=lead_id).values_list("next_decay_at", flat=True).first()
    moment = settled(due, at=at)
    life = replay(lead_id, model, at=moment)
    state = life.state
    older = _older(lead_id, life)
    rules = Rule.objects.in_bulk([rule.id for rule in model.rules] + [e.rule_id for e in older if e.rule_id])
    grade = model.grade(fit=state.fit, engagement=state.engagement)
    lines = [_line(entry, life, rules, model) for entry in reversed([*older, *life.booked])]
    found = Why(state.score, state.fit, state.engagement, grade, model.version, lines, [])
    coming = advance(state, moment + HORIZON, model)  # plays silence forward: the state is not needed any more
    found.upcoming.extend(Coming(e.effective_at, e.delta, _reason(e, rules, model)) for e in coming if e.delta)
    return found


def told(found: Why) -> tuple[list[Line], list[Line]]:
    """The rows that gave or took points: the newest, which a page shows at once, and those before them."""
    rows = [line for line in found.entries if line.points]
    return rows[:SHOWN], rows[SHOWN:]


def why_under(model: ScoringModel | None, lead_id: int, *, at: datetime) -> Why:
    """The score that the lead's whole history would make under another model, or (None) under the one in force."""
    spec = replace(spec_of(model) if model else published(), since=None)
    life = replay(lead_id, spec, at=at)
    rules = Rule.objects.in_bulk([rule.id for rule in spec.rules])
    state, grade = life.state, spec.grade(fit=life.state.fit, engagement=life.state.engagement)
    lines = [_line(entry, life, rules, spec) for entry in reversed(life.entries)]
    return Why(state.score, state.fit, state.engagement, grade, spec.version, lines, [])


def _older(lead_id: int, life: Life) -> list[Entry]:
    """The ledger's rows of older models, and what re-scoring makes of them, whether it has been here already or not."""
    if life.since is None:
        return []
    rows = LedgerEntry.objects.filter(lead=lead_id, effective_at__lte=life.since)
    stored = [Entry(*row) for row in rows.order_by("effective_at", "event", "pk").values_list(*Entry._fields)]
    _name_events(life, stored)
    sums = Booked(older=sum(e.delta for e in stored), older_fit=sum(e.fit_delta for e in stored))
    return stored + sums.lacking(life)


def _name_events(life: Life, stored: Sequence[Entry]) -> None:
    """Older rules may have looked at events that no present rule looks at."""
    wanted = {entry.event_id for entry in stored if entry.event_id} - set(life.kinds)
    if wanted:
        life.kinds |= dict(Event.objects.filter(pk__in=wanted).values_list("pk", "kind"))


def _line(entry: Entry, life: Life, rules: Mapping[int, Rule], model: ModelSpec) -> Line:
    kind = life.kinds.get(entry.event_id or 0, "")
    rule = rules.get(entry.rule_id or 0)
    return Line(
        kind=entry.kind,
        rule=rule.label if rule else "",
        points=entry.delta,
        effective_at=entry.effective_at,
        event_id=entry.event_id,
        event=str(CATALOGUE[kind].label) if kind in CATALOGUE else kind,
        reason=life.reasons.get(entry.event_id or 0) or _reason(entry, rules, model),
        category="fit" if entry.delta and entry.fit_delta == entry.delta else "engagement",
    )


def _reason(entry: Entry, rules: Mapping[int, Rule], model: ModelSpec) -> str:
    if entry.kind in RULED:
        return _by_rule(entry, rules[entry.rule_id or 0])
    if entry.kind == EntryKind.DECAY:
        return _("%(days)s days without any action") % {"days": entry.step}
    if entry.kind == EntryKind.RECYCLE:
        return _("Given back by Sales: down to the lead threshold")
    if entry.kind == EntryKind.RESCORE:
        text = _("New scoring model: what came before counts by the rules of version %(version)s")
        return text % {"version": model.version}
    return str(EntryKind(entry.kind).label)


def _by_rule(entry: Entry, rule: Rule) -> str:
    if entry.kind == EntryKind.EXPIRY:
        return _("Lapsed: %(rule)s") % {"rule": rule.label}
    if entry.kind == EntryKind.PROFILE and (not entry.delta or (entry.delta > 0) != (rule.points > 0)):
        return _("No longer true: %(rule)s") % {"rule": rule.label}
    return rule.label
