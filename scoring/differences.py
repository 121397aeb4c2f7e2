"""What a version changes against another: settings, rules added, taken out and changed."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.figures import NOTHING
from scoring import words
from scoring.drafts import RULE_FIELDS, SETTINGS
from scoring.models import Rule, ScoringModel
from scoring.published import thresholds_of

DERIVED = ("prospect", "lead", "mql", "sql_ready")


@dataclass(frozen=True, slots=True)
class Change:
    """One field, in the reader's words."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RuleChange:
    rule: Rule
    kind: str  # added, dropped, changed
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class Difference:
    settings: list[Change]
    rules: list[RuleChange]

    @property
    def empty(self) -> bool:
        return not self.settings and not self.rules


def compare(before: ScoringModel, after: ScoringModel) -> Difference:
    """What `after` changes. Rules are the same rule when their codes are, whatever they are called now."""
    return Difference(_settings(before, after), _rules(before, after))


def _settings(before: ScoringModel, after: ScoringModel) -> list[Change]:
    rows = []
    lines = (thresholds_of(before), thresholds_of(after))
    for name in SETTINGS:
        old, new = getattr(before, name), getattr(after, name)
        if name in DERIVED:
            old, new = (getattr(limits, name) for limits in lines)
        if old != new and name != "name":
            field = ScoringModel._meta.get_field(name)
            rows.append(Change(str(getattr(field, "verbose_name", name)), _shown(field, old), _shown(field, new)))
    return rows


def _rules(before: ScoringModel, after: ScoringModel) -> list[RuleChange]:
    old = {rule.code: rule for rule in before.rules.all()}
    new = {rule.code: rule for rule in after.rules.all()}
    rows = [RuleChange(rule, "added", []) for code, rule in new.items() if code not in old]
    for code, rule in new.items():
        if code in old and (changes := _rule(old[code], rule)):
            rows.append(RuleChange(rule, "changed", changes))
    return rows + [RuleChange(rule, "dropped", []) for code, rule in old.items() if code not in new]


def _rule(old: Rule, new: Rule) -> list[Change]:
    rows = []
    for name in RULE_FIELDS:
        if getattr(old, name) == getattr(new, name):
            continue
        if name == "conditions":
            rows.append(Change(_("Conditions"), _sentences(old), _sentences(new)))
        else:
            field = Rule._meta.get_field(name)
            before, after = (_shown(field, getattr(rule, name)) for rule in (old, new))
            rows.append(Change(str(getattr(field, "verbose_name", name)), before, after))
    return rows


def _sentences(rule: Rule) -> str:
    return "; ".join(words.conditions(rule)) or NOTHING


def _shown(field: Any, value: Any) -> str:
    if value in (None, ""):
        return NOTHING
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(_("%(days)s days: −%(points)s") % step for step in value)
    return str(dict(getattr(field, "flatchoices", ()) or ()).get(value, value))
