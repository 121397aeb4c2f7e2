"""The cells of the lead list. Fifty rows of a dozen cells are drawn for every look, so equal badges are drawn once."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import figures
from core.templatetags import figures as shown
from core.templatetags import ui
from leads.columns import CUSTOM, Column, value_of
from leads.custom import as_words
from leads.listing import Order
from leads.models import Standing
from leads.templatetags.lead_pages import sla_of

register = template.Library()


class Reader(NamedTuple):
    """When a list is read, and in which language: asked once for all of its cells."""

    now: datetime
    language: str | None


Cell = Callable[[Standing, Reader], str]
QUIET = "cell-quiet"
MOST_TAGS = 3
LONG_NAME = 24  # letters; a longer one is cut in its cell and stands whole on hover


@lru_cache(maxsize=256)
def _badge(table: str, key: str, _language: str | None) -> SafeString:
    draw = {"status": ui.status_badge, "stage": ui.stage_badge, "outcome": ui.outcome_badge}[table]
    return render_to_string("components/badge.html", draw(key))


@lru_cache(maxsize=32)
def _grade(grade: str, _language: str | None) -> SafeString:
    return render_to_string("components/grade_badge.html", ui.grade_badge(grade))


@lru_cache(maxsize=4096)
def _score(score: int, grade: str, language: str | None) -> SafeString:
    ring = render_to_string("components/score_ring.html", ui.score_ring(score, grade, "sm"))
    return format_html('<span class="cell-score">{}{}</span>', ring, _grade(grade, language))


@lru_cache(maxsize=1024)
def _person(name: str, _language: str | None) -> SafeString:
    return render_to_string("components/avatar.html", ui.avatar(name, "xs", with_name=True))


@lru_cache(maxsize=8)
def _pool(_language: str | None) -> SafeString:
    return render_to_string("components/badge.html", ui.badge(_("Pool"), "purple", "hourglass"))


@cache
def _address() -> str:
    return reverse("lead", args=[0]).removesuffix("0/")


def _name(row: Standing, _reader: Reader) -> str:
    """What a lead without a name is known by stands below."""
    lead, css, title = row.lead, "cell-title", str(row.lead)
    sub: str = escape(lead.company)
    if lead.is_nameless:
        css, title = "cell-title text-secondary", _("No name yet")
        sub = " · ".join(escape(part) for part in (lead.company, lead.title, lead.city, lead.external_id) if part)
    hover = f' title="{escape(title)}"' if len(title) > LONG_NAME else ""
    link = f'<a class="{css}" href="{_address()}{row.lead_id}/"{hover}>{escape(title)}</a>'
    below = f'<span class="cell-sub">{sub}</span>' if sub else ""
    return f'<span class="cell-main"><span>{link}{below}</span></span>'


def _owner(row: Standing, reader: Reader) -> str:
    if row.owner:
        return _person(row.owner.full_name, reader.language)
    return _pool(reader.language) if row.handoff_open else ""


def _tags(row: Standing, _reader: Reader) -> str:
    tags = row.lead.tags
    more = f'<span class="cell-more">+{len(tags) - MOST_TAGS}</span>' if len(tags) > MOST_TAGS else ""
    return format_html_join("", '<span class="tag-word">{}</span>', ((tag,) for tag in tags[:MOST_TAGS])) + more


def _outcome(row: Standing, reader: Reader) -> str:
    return _badge("outcome", row.outcome, reader.language) if row.outcome else ""


CELLS: dict[str, Cell] = {
    "name": _name,
    "status": lambda row, reader: _badge("status", row.status, reader.language),
    "stage": lambda row, reader: _badge("stage", row.stage, reader.language),
    "score": lambda row, reader: _score(row.score, row.grade, reader.language),
    "grade": lambda row, reader: _grade(row.grade, reader.language),
    "sla": lambda row, _reader: sla_of(row) if row.sla_due_at else "",
    "owner": _owner,
    "tags": _tags,
    "outcome": _outcome,
    "phone": lambda row, _reader: shown.phone(row.lead.phone) if row.lead.phone else "",
}
BY_KIND: dict[str, Callable[[Any, Reader], str]] = {
    "moment": lambda value, reader: shown.ago(value, reader.now) if value else "",
    "money": lambda value, _reader: shown.money(value) if value is not None else "",
    "number": lambda value, _reader: figures.number(value) if value is not None else "",
    "text": lambda value, _reader: escape(value) if value else "",
}
PLAIN = frozenset({"name", "status", "stage", "score", "sla", "owner", "tags", "outcome", "grade"})


@register.inclusion_tag("leads/_list_head.html", takes_context=True)
def list_head(context: Context, column: Column, order: Order) -> dict[str, Any]:
    """A column's head: a click sorts by it, a second one the other way round."""
    now = order.key == column.key
    turned = now and order.falls == column.falls
    query = context["request"].GET.copy()
    query.pop("cursor", None)
    query["sort"] = f"-{column.key}" if turned else column.key
    aria = ("descending" if order.falls else "ascending") if now else ""
    numeric = column.kind in {"number", "money"} and column.key not in PLAIN
    return {"column": column, "aria": aria, "href": f"?{query.urlencode()}" if column.sorts else "", "numeric": numeric}


@register.simple_tag
def lead_lines(rows: Sequence[Standing], columns: Sequence[Column]) -> SafeString:
    """The rows of the list, each with the box that chooses it. A cell's label is shown on a phone."""
    reader, choose = Reader(timezone.now(), get_language()), _("Choose %(name)s")
    frames = [_frame(column) for column in columns]
    lines = (_line(row, frames, reader, choose) for row in rows)
    return mark_safe("".join(lines))  # noqa: S308 - every cell escapes its text


class Frame(NamedTuple):
    """What is the same in every cell of a column: how it begins, filled and empty."""

    column: Column
    filled: str
    empty: str


def _frame(column: Column) -> Frame:
    if column.key in PLAIN:
        return Frame(column, "<td>", "<td>")
    css = "num cell-quiet" if column.kind in {"number", "money"} else QUIET
    return Frame(column, f'<td class="{css}" data-label="{escape(column.label)}">', f'<td class="{css}">')


def _line(row: Standing, frames: Sequence[Frame], reader: Reader, choose: str) -> str:
    label = escape(choose % {"name": row.lead})
    box = f'<input class="form-check-input" type="checkbox" data-pick="{row.lead_id}" aria-label="{label}">'
    cells = "".join(_td(row, frame, reader) for frame in frames)
    return f'<tr data-href="{_address()}{row.lead_id}/"><td class="cell-pick">{box}</td>{cells}</tr>'


def _td(row: Standing, frame: Frame, reader: Reader) -> str:
    html = _html(row, frame.column, reader)
    return f"{frame.filled if html else frame.empty}{html}</td>"


def _html(row: Standing, column: Column, reader: Reader) -> str:
    if column.key in CELLS:
        return CELLS[column.key](row, reader)
    value = value_of(row, column.path)
    if column.key.startswith(CUSTOM):
        own = value.get(column.key.removeprefix(CUSTOM))
        return escape(as_words(column.custom, own)) if own not in (None, "", []) else ""
    return BY_KIND[column.kind](value, reader)
