"""What the scoring page shows, in a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from scoring import words
from scoring.enums import EntryKind, ModelState, RuleKind
from scoring.models import LedgerEntry, Rule, ScoringModel
from scoring.published import spec_of, thresholds_of

COUNTED_DAYS = 30


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule with its words. `fired` is how often it gave points in the last 30 days."""

    rule: Rule
    event: str
    conditions: list[str]
    repeats: str
    caps: list[str]
    fired: int


@dataclass(frozen=True, slots=True)
class ModelPage:
    """The published model, ready to be read by people."""

    model: ScoringModel
    lines: list[words.Line]
    behaviour: list[RuleRow]
    profile: list[RuleRow]
    silences: list[words.Silence]
    expires: bool
    grades: list[tuple[tuple[str, str], tuple[str, str]]]


def model_page(*, at: datetime) -> ModelPage:
    """The model in force at this moment."""
    model = ScoringModel.objects.get(state=ModelState.PUBLISHED)
    spec = spec_of(model)
    rows = [row for row in rule_rows(model, at=at) if row.rule.is_active]
    return ModelPage(
        model=model,
        lines=words.lines(model, thresholds_of(model)),
        behaviour=[row for row in rows if row.rule.kind == RuleKind.BEHAVIOUR],
        profile=[row for row in rows if row.rule.kind == RuleKind.PROFILE],
        silences=words.silences(spec),
        expires=spec.expiry,
        grades=list(
            zip(
                words.bounds("ABC", model.fit_a, model.fit_b),
                words.bounds("123", model.engagement_1, model.engagement_2),
                strict=True,
            )
        ),
    )


def rule_rows(model: ScoringModel, *, at: datetime) -> list[RuleRow]:
    """The rules in their order, each with how often it gave points in the last 30 days.

    A rule keeps its code from version to version, and is counted under whichever version gave the points.
    """
    rules = list(model.rules.all())
    fired = times_fired({rule.code for rule in rules}, since=at - timedelta(days=COUNTED_DAYS), until=at)
    return [_row(rule, fired.get(rule.code, 0)) for rule in rules]


def times_fired(codes: set[str], *, since: datetime, until: datetime) -> dict[str, int]:
    """How often rules of these codes gave (or took) points in the span, by the dates of the actions."""
    given = LedgerEntry.objects.filter(
        kind__in=[EntryKind.AWARD, EntryKind.PROFILE],
        rule__code__in=codes,
        effective_at__gte=since,
        effective_at__lte=until,
    ).exclude(delta=0)
    return dict(given.values_list("rule__code").annotate(times=Count("pk")).order_by())


def _row(rule: Rule, fired: int) -> RuleRow:
    return RuleRow(rule, words.looks_at(rule), words.conditions(rule), words.repeats(rule), words.caps(rule), fired)
