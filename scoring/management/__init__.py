"""What happens after every migration, as Django's own apps do it from here."""

from typing import Any

from django.apps.registry import Apps
from django.apps.registry import apps as current
from django.utils import timezone

from scoring.defaults import BEHAVIOUR, NAME, PROFILE


def publish_first_model(apps: Apps = current, **_signal: Any) -> None:
    """Publishes version 1 where there is no model at all: after the first migration, and after a flush."""
    models = apps.all_models["scoring"]
    if "rule" not in models or models["scoringmodel"]._default_manager.exists():
        return
    model = models["scoringmodel"]._default_manager.create(
        version=1, name=NAME, state="published", published_at=timezone.now()
    )
    rule = models["rule"]
    rows = [
        {"kind": "behaviour", "event_kind": event, "points": points, "label_vi": vi, "label_en": en, **more}
        for event, points, vi, en, more in BEHAVIOUR
    ]
    rows += [
        {
            "kind": "profile",
            "category": "fit",
            "repeat": "once",
            "conditions": conditions,
            "points": points,
            "label_vi": vi,
            "label_en": en,
        }
        for conditions, points, vi, en in PROFILE
    ]
    rule._default_manager.bulk_create([rule(model=model, position=n, **row) for n, row in enumerate(rows)])
