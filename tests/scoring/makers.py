"""Real leads whose days are told: what they did, what was swept, what the ledger says."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from leads.behaviour import Sighting, behave
from leads.models import Lead, Standing
from scoring.models import LedgerEntry, Rule, ScoringModel
from tests.factories import NOW, make_lead

DAY = timedelta(days=1)


def after(days: float) -> datetime:
    return NOW + days * DAY


def born(**payload: Any) -> Lead:
    """A lead that came at NOW; without an event of its own it has no points."""
    return make_lead(at=payload.pop("at", NOW), **payload)


def do(lead: Lead, *acts: tuple[float, str], at: float | None = None, **properties: Any) -> list[Sighting]:
    """Reports actions as (day, kind), all in one batch; at the moment of the last unless told otherwise."""
    items = [
        {"id": lead.pk, "kind": kind, "occurred_at": after(day).isoformat(), "properties": properties}
        for day, kind in acts
    ]
    return behave(items, at=after(max(day for day, _kind in acts) if at is None else at))


def standing(lead: Lead) -> Standing:
    return Standing.objects.get(pk=lead.pk)


def ledger(lead: Lead) -> list[tuple[str, int, float]]:
    """(kind, points, day) of each row, in the order of time."""
    rows = LedgerEntry.objects.filter(lead=lead).order_by("effective_at", "event", "pk")
    return [(row.kind, row.delta, round((row.effective_at - NOW) / DAY, 3)) for row in rows]


def change_model(**fields: Any) -> ScoringModel:
    ScoringModel.objects.filter(state="published").update(**fields)
    return ScoringModel.objects.get(state="published")


def set_rules(*rules: dict[str, Any]) -> list[Rule]:
    """Puts these rules in the place of the published ones."""
    model = ScoringModel.objects.get(state="published")
    model.rules.update(is_active=False)
    return Rule.objects.bulk_create(
        [
            Rule(**{"model": model, "position": n, "label_vi": f"quy tắc {n}", "label_en": f"rule {n}", **rule})
            for n, rule in enumerate(rules)
        ]
    )


def everything(leads: Iterable[Lead]) -> list[tuple[Any, ...]]:
    """All that scoring has written about these leads, to compare two ways of getting there."""
    rows = LedgerEntry.objects.filter(lead__in=leads).order_by("lead", "effective_at", "event", "rule", "kind", "step")
    standings = Standing.objects.filter(pk__in=leads).order_by("pk")
    return [
        *rows.values_list("lead", "kind", "rule", "event", "delta", "fit_delta", "effective_at", "step", "spell"),
        *standings.values_list("pk", "score", "fit", "engagement", "grade", "stage", "cooling", "next_decay_at"),
    ]
