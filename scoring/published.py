"""The published model, as the engine takes it. Read once per process, and again when anything in it has changed."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from leads import sql as leads_sql
from leads.thresholds import InForce, Thresholds
from scoring import sql
from scoring.conditions import Condition
from scoring.enums import Decay
from scoring.models import Publication, Rule, ScoringModel
from scoring.spec import ModelSpec, RuleSpec

_read: dict[tuple[Any, ...], ModelSpec] = {}


def published() -> ModelSpec:
    """The model in force. One tiny query shows whether the one read last still is what the database says.

    Raises ObjectDoesNotExist when nothing is published: every migration sees to it that something is.
    """
    marks = leads_sql.run(sql.FINGERPRINT)
    if not marks:
        raise ObjectDoesNotExist("no scoring model is published")
    model = _read.get(marks[0])
    if model is None:
        model = spec_of(ScoringModel.objects.get(pk=marks[0][0]))
        _read.clear()
        _read[marks[0]] = model
    return model


def in_force() -> InForce:
    """Thresholds and version for the leads room."""
    model = published()
    return InForce(model.thresholds, model.version)


def in_force_at(at: datetime) -> ModelSpec:
    """The model that was published at that moment; before the first publication on record, the one it replaced."""
    now = published()
    if now.since is None or at >= now.since:
        return now
    told = Publication.objects.select_related("model", "replaced").order_by("at", "pk")
    before = told.filter(at__lte=at).last()
    first = told.first()
    model = before.model if before else first.replaced if first else None
    return spec_of(model) if model else now


def thresholds_of(model: ScoringModel) -> Thresholds:
    """Lead = offers x 10, mql = lead + 25, sql-ready = mql + 25 (article: 100-point framework), each overridable."""
    lead = model.lead if model.lead is not None else model.offers * 10
    mql = model.mql if model.mql is not None else lead + 25
    return Thresholds(
        prospect=model.prospect if model.prospect is not None else 10,
        lead=lead,
        mql=mql,
        sql_ready=model.sql_ready if model.sql_ready is not None else mql + 25,
    )


def spec_of(model: ScoringModel) -> ModelSpec:
    """The model with its active rules, frozen."""
    return ModelSpec(
        version=model.version,
        thresholds=thresholds_of(model),
        rules=tuple(_rule(rule) for rule in model.rules.filter(is_active=True)),
        inactivity=model.decay in {Decay.INACTIVITY, Decay.BOTH},
        expiry=model.decay in {Decay.EXPIRY, Decay.BOTH},
        cumulative=model.cumulative,
        steps=tuple((step["days"], step["points"]) for step in sorted(model.steps, key=lambda s: s["days"])),
        expiry_days=model.expiry_days,
        pause_when_accepted=model.pause_when_accepted,
        fit_bounds=(model.fit_a, model.fit_b),
        engagement_bounds=(model.engagement_1, model.engagement_2),
        since=model.rescored_since,
    )


def _rule(rule: Rule) -> RuleSpec:
    return RuleSpec(
        id=rule.pk,
        kind=rule.kind,
        points=rule.points,
        event_kind=rule.event_kind,
        conditions=tuple(Condition(c["field"], c["op"], c["value"]) for c in rule.conditions),
        repeat=rule.repeat,
        repeat_property=rule.repeat_property,
        cap_per_day=rule.cap_per_day,
        cap_per_lead=rule.cap_per_lead,
        mode=rule.mode,
        category=rule.category,
        product_qualifying=rule.product_qualifying,
        expiry_days=rule.expiry_days,
    )
