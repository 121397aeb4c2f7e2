"""A scoring model in words, for people: when a rule gives points, how points go away, what the grade means."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leads.kinds import CATALOGUE
from leads.thresholds import Thresholds
from scoring.enums import Mode, Repeat, RuleKind
from scoring.models import Rule, ScoringModel
from scoring.spec import ModelSpec

SHOWN_VALUES = 6


@dataclass(frozen=True, slots=True)
class Line:
    """A threshold: the stage, the score it begins at, and how that number comes about."""

    stage: str
    score: int
    how: str


@dataclass(frozen=True, slots=True)
class Silence:
    """A step of silence: after how many days, and how many points go then."""

    days: int
    points: int


def looks_at(rule: Rule) -> str:
    """The event a behaviour rule waits for; nothing for a profile rule, whose conditions say it all."""
    return str(CATALOGUE[rule.event_kind].label) if rule.event_kind in CATALOGUE else rule.event_kind


def conditions(rule: Rule) -> list[str]:
    """What must be true besides, one sentence each."""
    return [_condition(one["field"], one["op"], one["value"]) for one in rule.conditions]


def repeats(rule: Rule) -> str:
    """How often it gives points to one lead."""
    if rule.kind == RuleKind.PROFILE:
        return _("Once, withdrawn when no longer true")
    if rule.repeat == Repeat.PROPERTY:
        return _("Once for each %(property)s") % {"property": _thing(rule.repeat_property.split(",")[0].strip())}
    return str(Repeat(rule.repeat).label)


def caps(rule: Rule) -> list[str]:
    """Where it stops."""
    words = []
    if rule.cap_per_day is not None:
        words.append(
            ngettext("at most %(n)d time a day", "at most %(n)d times a day", rule.cap_per_day)
            % {"n": rule.cap_per_day}
        )
    if rule.cap_per_lead is not None:
        words.append(
            ngettext("at most %(n)d time a lead", "at most %(n)d times a lead", rule.cap_per_lead)
            % {"n": rule.cap_per_lead}
        )
    if rule.expiry_days:
        words.append(
            ngettext("lapses after %(n)d day", "lapses after %(n)d days", rule.expiry_days) % {"n": rule.expiry_days}
        )
    elif rule.expiry_days == 0:
        words.append(_("never lapses"))
    if rule.mode == Mode.RAISE_TO:
        words.append(_("lifts the score to this many points"))
    return words


def lines(model: ScoringModel, found: Thresholds) -> list[Line]:
    """The thresholds, lowest first."""
    typed = _("Set by hand.")
    derived = {
        "lead": _("%(offers)d free offers × 10 points.") % {"offers": model.offers},
        "mql": _("The lead threshold + 25 points."),
        "ready": _("The MQL threshold + 25 points: Sales works these first."),
    }
    return [
        Line("prospect", found.prospect, typed if model.prospect is not None else _("One free offer.")),
        Line("lead", found.lead, typed if model.lead is not None else derived["lead"]),
        Line("mql", found.mql, typed if model.mql is not None else derived["mql"]),
        Line("sql", found.sql_ready, typed if model.sql_ready is not None else derived["ready"]),
    ]


def silences(model: ModelSpec) -> list[Silence]:
    """The steps of silence with what each takes by itself."""
    return [Silence(silence.days, points) for silence, points in model.deductions]


def bounds(names: str, first: int, second: int) -> list[tuple[str, str]]:
    """The three grades of one half, each with the points it takes."""
    return list(zip(names, (f"≥ {first}", f"≥ {second}", f"< {second}"), strict=True))


def _condition(field: str, op: str, value: Any) -> str:
    sentence = {
        "equals": _("%(field)s is %(value)s"),
        "one_of": _("%(field)s is one of %(value)s"),
        "contains": _("%(field)s has the words %(value)s"),
        "not_contains": _("%(field)s does not have the words %(value)s"),
        "greater": _("%(field)s is more than %(value)s"),
        "less": _("%(field)s is less than %(value)s"),
        "starts_with": _("%(field)s begins with %(value)s"),
        "level": _("%(field)s is at the level of %(value)s or above"),
        "given": _("%(field)s is known"),
    }[op]
    values = value if isinstance(value, list) else [value]
    named = [level_name(str(one)) for one in values] if op == "level" else values
    return sentence % {"field": field_name(field), "value": _values(named)}


def level_name(level: str) -> str:
    """A level of job titles."""
    known = {"staff": _("staff"), "manager": _("manager"), "director": _("director"), "owner": _("business owner")}
    return known.get(level, level)


def _thing(name: str) -> str:
    known = {"offer": _("offer"), "document": _("document"), "webinar": _("webinar")}
    return known.get(name, name)


def field_name(name: str) -> str:
    """A field of the profile, or a property of an event."""
    known = {
        "title": _("Title"),
        "company_size": _("Company size"),
        "company": _("Company"),
        "city": _("City"),
        "product": _("Product"),
        "source": _("Source"),
        "page": _("Page"),
    }
    return known.get(name, name.removeprefix("custom."))


def _values(values: Sequence[Any]) -> str:
    shown = ", ".join(str(value) for value in values[:SHOWN_VALUES])
    return f"{shown}, …" if len(values) > SHOWN_VALUES else shown
