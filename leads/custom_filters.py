"""Asking for the administrator's own fields: `custom.<key>`, and for figures and days `custom.<key>.from` and `.to`."""

from collections.abc import Mapping

from django.db.models import Q
from django.utils.translation import gettext as _

from core.errors import Invalid
from leads.custom import read_value
from leads.custom_fields import LISTS, fields_in_use
from leads.enums import FieldKind
from leads.models import CustomField
from leads.values import several

CUSTOM = "custom."
BOUNDS = {"from": "gte", "to": "lte"}
RANGED = frozenset({FieldKind.NUMBER, FieldKind.DATE})


def custom_condition(asked: Mapping[str, str]) -> Q:
    """What all of these ask for together; both bounds count in. Raises Invalid for an unknown field or value.

    Index: lead_custom for whole values; for a span or a part of a text the field's own (`custom_indexes`).
    """
    known, found = fields_in_use(), Q()
    for name, text in asked.items():
        key, _dot, bound = name.removeprefix(CUSTOM).partition(".")
        field = known.get(key)
        if field is None or (bound and (bound not in BOUNDS or field.kind not in RANGED)):
            raise Invalid(_("There is no such field."), code="unknown_field", field=name)
        found &= _bounded(field, bound, text) if bound else _equal(field, text)
    return found


def _bounded(field: CustomField, bound: str, text: str) -> Q:
    return Q(**{f"lead__custom__{field.key}__{BOUNDS[bound]}": read_value(field, text)})


def _equal(field: CustomField, text: str) -> Q:
    if field.kind == FieldKind.TEXT:
        return Q(**{f"lead__custom__{field.key}__icontains": text[:200]})
    found = Q()
    for part in several(text) if field.kind in LISTS else [text]:
        found |= Q(lead__custom__contains={field.key: read_value(field, part)})
    return found
