"""The terms of the agreement one by one: what a draft may change, and what it changed. Pure."""

from datetime import date
from typing import Any, NamedTuple

from django.utils.functional import Promise as Text
from django.utils.translation import gettext as _

from core.figures import day, number, percent
from sla.models import Agreement, AgreementEntry

SHARES = ("qualified_rate", "invalid_rate", "kept_rate", "won_rate")
DEFINITIONS = ("model_version", "sql_rule", "bant_minimum")
OF_MARKETING = ("mql_per_month", "qualified_rate", "invalid_rate")
OF_SALES = (
    "hot_score",
    "first_touch_hot_minutes",
    "first_touch_minutes",
    "decision_days",
    "attempts",
    "retry_hours",
    "care_days",
    "recall_hours",
    "recalls",
    "feedback_weekday",
    "audit_calls",
    "won_rate",
)
TERMS = (*DEFINITIONS, *OF_MARKETING, *OF_SALES, "kept_rate")
LARGEST = {
    "hot_score": 10_000,
    "first_touch_hot_minutes": 14_400,
    "first_touch_minutes": 14_400,
    "decision_days": 365,
    "attempts": 100,
    "retry_hours": 1_000,
    "care_days": 730,
    "recall_hours": 1_000,
    "recalls": 100,
    "audit_calls": 1_000,
    "mql_per_month": 10_000_000,
}
WRITTEN = ("in_force_from", *TERMS, "note")  # what an edit may change


class Difference(NamedTuple):
    """One term that is not as before, in words."""

    label: str | Text
    before: str
    after: str


def differences(before: Agreement, after: Agreement) -> list[Difference]:
    """What the second version changes, in the order of the document."""
    return [
        Difference(label_of(name), said(before, name), said(after, name))
        for name in ("in_force_from", *TERMS)
        if getattr(before, name) != getattr(after, name)
    ]


def changes(before: Agreement, given: dict[str, Any]) -> dict[str, list[Any]]:
    """Field to [old, new], as the log keeps it."""
    return {
        name: [_plain(getattr(before, name)), _plain(value)]
        for name, value in given.items()
        if getattr(before, name) != value
    }


def written(entry: AgreementEntry) -> list[Difference]:
    """What one entry of the log changed, as it was written down."""
    return [
        Difference(label_of(name), _short(name, old), _short(name, new)) for name, (old, new) in entry.changes.items()
    ]


def label_of(name: str) -> str | Text:
    label: str | Text = Agreement._meta.get_field(name).verbose_name  # type: ignore[union-attr]
    return label


def said(agreement: Agreement, name: str) -> str:
    """One term as people read it."""
    value = getattr(agreement, name)
    if value is None:
        return "–"
    if name == "won_rate" and not value:
        return _("not promised")
    if name in SHARES:
        return percent(value / 100, 0)
    if name == "in_force_from":
        return day(value)
    if name in {"sql_rule", "feedback_weekday"}:
        return str(getattr(agreement, f"get_{name}_display")())
    return number(value)


def _short(name: str, value: Any) -> str:
    if value in (None, ""):
        return "–"
    if name == "in_force_from":
        return day(date.fromisoformat(value))
    return number(value) if isinstance(value, int) else str(value)


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | str) else str(value)
