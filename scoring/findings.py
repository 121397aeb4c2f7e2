"""What looks wrong in a draft: rules that can never fire, rules that count the same event, lines nobody reaches."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.utils.translation import gettext as _

from leads.custom import PREFIX
from leads.kinds import CATALOGUE
from leads.models import CustomField
from scoring.conditions import PAGE, Condition
from scoring.models import Rule, ScoringModel
from scoring.published import spec_of
from scoring.spec import ModelSpec, RuleSpec

ERROR, WARNING, NOTE = "error", "warning", "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark. `level`: error (it can't work), warning (probably not meant), note (good to know)."""

    level: str
    code: str
    text: str
    rules: tuple[str, ...] = ()


def findings(model: ScoringModel) -> list[Finding]:
    """Everything worth saying about the model as it is now, the gravest first."""
    rules = {rule.pk: rule for rule in model.rules.filter(is_active=True)}
    spec = spec_of(model)
    found = [*_never(spec, rules), *retired(model), *_same_event(spec, rules), *_idle(spec, rules), *_lines(spec)]
    return sorted(found, key=lambda finding: (ERROR, WARNING, NOTE).index(finding.level))


def retired(model: ScoringModel) -> Iterator[Finding]:
    """The rules that look at a lead field nobody fills in any more: also those of a model in force fall silent so."""
    asking = [
        (rule, key) for rule in model.rules.filter(is_active=True) for key in sorted(_own_fields(rule.conditions))
    ]
    known = {field.key: field for field in CustomField.objects.filter(key__in={key for _rule, key in asking})}
    for rule, key in asking:
        if key not in known or not known[key].is_active:
            field = known[key].label if key in known else key
            text = _("“%(rule)s” looks at the field “%(field)s”, which is not in use: it finds nothing there.")
            yield Finding(WARNING, "retired_field", text % {"rule": rule.label, "field": field}, (rule.code,))


def _own_fields(conditions: Iterable[Mapping[str, Any]]) -> set[str]:
    return {one["field"].removeprefix(PREFIX) for one in conditions if one["field"].startswith(PREFIX)}


def contradict(conditions: Sequence[Condition]) -> bool:
    """Whether no event and no person can meet all of these together; False where that can't be told."""
    for one in conditions:
        others = [other for other in conditions if other is not one and other.field == one.field]
        if one.op == "equals" and not all(_meets(one, other) for other in others):
            return True
        if one.op == "one_of" and _none_is_left(one, others):
            return True
        if one.op == "greater" and any(o.op == "less" and o.value <= one.value for o in others):
            return True
        if one.op == "contains" and any(o.op == "not_contains" and _covers(o, one) for o in others):
            return True
    return False


def overlap(one: RuleSpec, other: RuleSpec) -> bool:
    """Whether one event may meet both rules."""
    return one.event_kind == other.event_kind and not contradict([*one.conditions, *other.conditions])


def _meets(one: Condition, other: Condition) -> bool:
    return other.holds({one.field: one.value})


def _none_is_left(one: Condition, others: Sequence[Condition]) -> bool:
    values = one.value if isinstance(one.value, list) else [one.value]
    return not any(all(other.holds({one.field: value}) for other in others) for value in values)


def _covers(without: Condition, wanted: Condition) -> bool:
    """Whether every wanted word has an unwanted one in it."""
    words = wanted.value if isinstance(wanted.value, list) else [wanted.value]
    return all(not without.holds({wanted.field: str(word)}) for word in words)


def _never(spec: ModelSpec, rules: dict[int, Rule]) -> Iterator[Finding]:
    for one in spec.rules:
        rule = rules[one.id]
        if contradict(one.conditions):
            text = _("“%(rule)s” can never fire: its conditions contradict each other.") % {"rule": rule.label}
            yield Finding(ERROR, "never_fires", text, (rule.code,))
        elif one.mode == "raise_to" and one.points <= 0:
            text = _("“%(rule)s” can never fire: nobody's score is raised to 0 or less.") % {"rule": rule.label}
            yield Finding(ERROR, "never_fires", text, (rule.code,))
        elif one.kind == "behaviour" and one.event_kind not in CATALOGUE:
            text = _(
                "“%(rule)s” waits for “%(event)s”, an event LeadFlow does not know: check how the sender spells it."
            )
            yield Finding(WARNING, "unknown_event", text % {"rule": rule.label, "event": one.event_kind}, (rule.code,))


def _same_event(spec: ModelSpec, rules: dict[int, Rule]) -> Iterator[Finding]:
    for one, other in combinations((rule for rule in spec.rules if rule.kind == "behaviour"), 2):
        if overlap(one, other) and not contradict(one.conditions) and not contradict(other.conditions):
            first, second = rules[one.id], rules[other.id]
            text = _("“%(first)s” and “%(second)s” count the same event: both give their points for it.")
            level = WARNING if one.conditions == other.conditions else NOTE
            said = text % {"first": first.label, "second": second.label}
            yield Finding(level, "same_event", said, (first.code, second.code))


def _idle(spec: ModelSpec, rules: dict[int, Rule]) -> Iterator[Finding]:
    for one in spec.rules:
        rule = rules[one.id]
        if one.cap_per_day and one.cap_per_lead and one.cap_per_day >= one.cap_per_lead:
            text = _("“%(rule)s”: the cap per day has no effect, the cap per lead is reached first.")
            yield Finding(NOTE, "idle_cap", text % {"rule": rule.label}, (rule.code,))
        if one.expiry_days and not spec.expiry:
            text = _("“%(rule)s” has days after which it lapses, but in this model awards do not lapse.")
            yield Finding(WARNING, "idle_expiry", text % {"rule": rule.label}, (rule.code,))
        if one.kind == "behaviour" and any(c.field == PAGE for c in one.conditions) and one.event_kind != "page.viewed":
            text = _("“%(rule)s” looks at the page, but not at page views.")
            yield Finding(NOTE, "page_of_other", text % {"rule": rule.label}, (rule.code,))


def _lines(spec: ModelSpec) -> Iterator[Finding]:
    most = _most_points(spec)
    if most is not None and most < spec.thresholds.mql:
        text = _("No lead can become an MQL: the rules give %(most)s points at most, the line is at %(line)s.")
        yield Finding(ERROR, "line_out_of_reach", text % {"most": most, "line": spec.thresholds.mql})


def _most_points(spec: ModelSpec) -> int | None:
    """The highest score anybody can reach, or None when there is no limit to it."""
    total, raised = 0, 0
    for rule in spec.rules:
        if rule.mode == "raise_to":
            raised = max(raised, rule.points)
        elif rule.points > 0:
            times = 1 if rule.repeat == "once" or rule.kind == "profile" else rule.cap_per_lead
            if times is None:
                return None
            total += rule.points * times
    return max(total, raised)
