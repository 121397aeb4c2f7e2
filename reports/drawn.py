"""Blocks as HTML, drawn once for the same content: most of a page's time went into drawing what had not changed.

What is remembered is found by the figures themselves, so it is never older than they are. Kept where the other drawn
pieces of pages are: in the process, which ends with its templates.
"""

from collections.abc import Mapping
from hashlib import sha1
from typing import Any

from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from reports.cards import Card
from reports.tables import Table

KEPT_FOR = 3600  # seconds


def drawn(template: str, *, address: str, context: Mapping[str, Any]) -> SafeString:
    """The block of that address; its `content` are tables and cards, or it is drawn each time. Charts show tables."""
    said = [_said(value) for name, value in context["content"].items() if name != "chart"]
    if None in said:
        return mark_safe(str(render_to_string(template, dict(context))))  # noqa: S308 - drawn by the template
    name = sha1(repr((template, address, get_language(), said)).encode()).hexdigest()  # noqa: S324 - a name, no secret
    kept = caches["drawn"]
    if (found := kept.get(name)) is None:
        kept.set(name, found := str(render_to_string(template, dict(context))), KEPT_FOR)
    return SafeString(found)  # drawn by the template


def _said(value: Any) -> Any:
    """All that a table or a list of cards says, in plain values; None for anything else."""
    if isinstance(value, Table):
        return value.key, str(value.note), [(row.values, row.hrefs, row.unit) for row in value.rows]
    if isinstance(value, list) and all(isinstance(card, Card) for card in value):
        return [(c.key, c.value, c.trend, c.good, c.sub, c.target, c.href, c.how) for c in value]
    return None
