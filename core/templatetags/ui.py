"""The components every page is built of. They take plain values (keys, texts, moments), never models."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from zlib import crc32

import lucide
from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect, Select
from django.template.context import Context
from django.utils import timezone
from django.utils.html import json_script
from django.utils.safestring import SafeString, mark_safe

from core import figures, ui_words
from core.charts import Chart, sparkline
from core.selects import options
from core.text import initials
from core.ui_words import UNKNOWN, Look

register = template.Library()
Shown = dict[str, Any]  # what a component's template is given
RING_FULL = 100


@register.simple_tag
def icon(name: str, size: int = 18, css: str = "", label: str = "") -> SafeString:
    """A Lucide icon; decoration unless it has a label."""
    return _icon(str(name), int(size), str(css), str(label))


@lru_cache(maxsize=512)
def _icon(name: str, size: int, css: str, label: str) -> SafeString:
    spoken = {"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}
    svg = lucide._render_icon(name, size, **{"class": f"ico {css}".strip(), **spoken})  # noqa: SLF001 - its only renderer of plain text
    return mark_safe(svg)  # noqa: S308 - drawn by the icon package; attributes are escaped by its XML writer


@register.inclusion_tag("components/badge.html")
def badge(label: str, colour: str = "secondary", icon: str = "", title: str = "") -> Shown:
    return {"label": label, "colour": colour, "icon": icon, "title": title}


def _look(table: Mapping[str, Look], key: str, label: str) -> Shown:
    look = table.get(key, UNKNOWN)
    return {"label": label or look.label or key, "colour": look.colour, "icon": look.icon, "title": ""}


@register.inclusion_tag("components/badge.html")
def status_badge(status: str, label: str = "") -> Shown:
    return _look(ui_words.STATUSES, status, label)


@register.inclusion_tag("components/badge.html")
def stage_badge(stage: str, label: str = "") -> Shown:
    return _look(ui_words.STAGES, stage, label)


@register.inclusion_tag("components/badge.html")
def outcome_badge(outcome: str, label: str = "") -> Shown:
    return _look(ui_words.OUTCOMES, outcome, label)


@register.inclusion_tag("components/grade_badge.html")
def grade_badge(grade: str) -> Shown:
    """A1..C3: the letter is fit, the digit engagement."""
    return {"grade": grade, "colour": ui_words.GRADES.get(grade[:1], "secondary"), "fit": grade[:1], "act": grade[1:]}


@register.inclusion_tag("components/score_ring.html")
def score_ring(score: int, grade: str = "", size: str = "md", full: int = RING_FULL) -> Shown:
    """A ring that is closed at `full` points; sizes sm, md, lg."""
    share = max(0, min(100, round(100 * score / full)))
    colour = next(c for least, c in ((100, "green"), (75, "indigo"), (50, "blue"), (0, "secondary")) if share >= least)
    return {"score": score, "grade": grade, "size": size, "share": share, "colour": colour}


@register.inclusion_tag("components/sla_badge.html")
def sla_badge(state: str, due_at: datetime | None = None, warn_at: datetime | None = None, label: str = "") -> Shown:
    """The state of a promise; with `due_at`, ok/warning/breached count down by themselves on the page."""
    look = ui_words.SLA_STATES.get(state, UNKNOWN)
    live = due_at is not None and state in {"ok", "warning", "breached"}
    looks = {key: ui_words.SLA_STATES[key] for key in ("ok", "warning", "breached")} if live else {state: look}
    seconds = (due_at - timezone.now()).total_seconds() if live and due_at else 0
    return {
        "state": state,
        "label": label,
        "look": look,
        "looks": looks,
        "due_at": due_at if live else None,
        "warn_at": warn_at,
        "exact": figures.exact(due_at) if due_at else "",
        "span": figures.countdown(seconds) if live else "",
    }


@register.inclusion_tag("components/avatar.html")
def avatar(name: str, size: str = "sm", *, with_name: bool = False) -> Shown:
    """Initials in a colour that stays with the name; no name is nobody."""
    colours = ui_words.AVATAR_COLOURS
    colour = colours[crc32(name.encode()) % len(colours)] if name else "secondary"
    return {"name": name, "initials": initials(name) or "?", "colour": colour, "size": size, "with_name": with_name}


@register.inclusion_tag("components/kpi.html")
def kpi(label: str, value: str, **more: Any) -> Shown:
    """A KPI card. More: sub, trend, good (True/False/None), target, href, how, icon, spark (numbers), id, live.

    `value`, `trend` and `target` are texts (use the filters); `how` is the definition shown by "Cách tính".
    """
    spark = sparkline([float(value) for value in more.pop("spark", None) or ()])
    return {"label": label, "value": value, "good": None, "spark": spark, **more}


@register.inclusion_tag("components/empty_state.html")
def empty_state(title: str, text: str = "", icon: str = "inbox", href: str = "", action: str = "") -> Shown:
    """What to see where nothing is yet, and what to do first."""
    return {"title": title, "text": text, "icon": icon, "href": href, "action": action}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: Context, page: Any, total: int | None = None, *, more: bool = False, param: str = "cursor") -> Shown:
    """Links to the neighbours of a keyset page; `more` says the total is a lower bound."""
    request = context.get("request")

    def link(cursor: str | None) -> str:
        query = request.GET.copy() if request else None
        if cursor is None or query is None:
            return ""
        query[param] = cursor
        return f"?{query.urlencode()}"

    return {
        "previous": link(page.previous),
        "next": link(page.next),
        "shown": len(page.rows),
        "total": total,
        "more": more,
    }


@register.inclusion_tag("components/chip.html", takes_context=True)
def chip(context: Context, label: str, value: str, param: str, only: str = "", icon: str = "") -> Shown:
    """An active filter; its cross takes `param` (or only one of its values) out of the address."""
    query = context["request"].GET.copy()
    kept = [item for item in query.getlist(param) if only and item != only]
    query.setlist(param, kept)
    query.pop("cursor", None)
    return {"label": label, "value": value, "icon": icon, "href": f"?{query.urlencode()}"}


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, label: str = "", icon: str = "", *, inline: bool = False, helped: bool = True) -> Shown:
    """Label, control, help and error of one form field, the error beside the field."""
    widget = bound.field.widget
    checks = isinstance(widget, CheckboxSelectMultiple | RadioSelect)
    kind = "checks" if checks else "check" if isinstance(widget, CheckboxInput) else "text"
    css = "form-check-input" if kind != "text" else "form-select" if isinstance(widget, Select) else "form-control"
    css = "form-control" if isinstance(widget, FileInput) else css
    css = f"{widget.attrs.get('class', '')} {css}{' is-invalid' if bound.errors else ''}".strip()
    if checks:
        widget.attrs["class"] = css
    control = "" if checks else bound.as_widget(attrs={"class": css})
    shown = {"label": label or bound.label, "help": bound.help_text if helped else "", "icon": icon, "inline": inline}
    return {"field": bound, "kind": kind, "control": control, **shown}


@register.filter
def drawn_options(choices: Sequence[tuple[Any, Any]], chosen: str) -> SafeString:
    """The options of a select that no form draws."""
    return options(choices, chosen)


@register.inclusion_tag("components/confirm.html", takes_context=True)
def confirm(
    context: Context, anchor: str, title: str, url: str, text: str = "", action: str = "", **more: Any
) -> Shown:
    """A native dialog that asks before it POSTs to `url`; `data-open="<anchor>"` opens it.

    More: danger, name, value, icon.
    """
    known = {"id": anchor, "title": title, "url": url, "text": text, "action": action}
    return {**known, "csrf_token": context.get("csrf_token"), **more}


@register.inclusion_tag("components/stepper.html")
def stepper(status: str, moves: Mapping[str, str] | None = None, refused: Mapping[str, str] | None = None) -> Shown:
    """The seven statuses. `moves` maps each legal one to its dialog's address; `refused` tells why not, on hover."""
    chain, done = [], status in ui_words.MAIN_CHAIN
    for key in ui_words.MAIN_CHAIN:
        done = done and key != status
        chain.append(_step(key, status, moves or {}, refused or {}, done=done))
    exits = [_step(key, status, moves or {}, refused or {}, done=False) for key in ui_words.SIDE_EXITS]
    return {"chain": chain, "exits": exits}


def _step(key: str, status: str, moves: Mapping[str, str], refused: Mapping[str, str], *, done: bool) -> Shown:
    state = "current" if key == status else "done" if done else "ahead"
    return {
        "key": key,
        "look": ui_words.STATUSES[key],
        "state": state,
        "url": moves.get(key, ""),
        "why": refused.get(key, ""),
    }


@register.inclusion_tag("components/chart.html")
def chart(anchor: str, chart: Chart, title: str, height: str = "md", *, table: bool = True) -> Shown:
    """A chart and its table. Heights sm, md, lg. ECharts is fetched when the first chart appears."""
    return {"id": anchor, "chart": chart, "data": chart.data(), "title": title, "height": height, "table": table}


@register.inclusion_tag("components/live_badge.html")
def live_badge() -> Shown:
    """Says whether this page hears of changes, and tells the truth: it follows the stream itself."""
    return {}


@register.filter
def look_of(level: str) -> Look:
    """The look of a message level (Django's tags: debug, info, success, warning, error)."""
    return ui_words.LEVELS.get(level, ui_words.LEVELS["info"])


@register.filter
def split_words(text: str) -> list[str]:
    return text.split()


@register.simple_tag
def page_words() -> SafeString:
    """The words that the page's own clocks and messages use, as JSON for the scripts."""
    return json_script({**figures.unit_words(), **figures.relative_words(), **ui_words.page_words()}, "words")


@register.filter
def colours(keys: Sequence[str], table: str) -> list[str]:
    """The colours of statuses or stages, for a chart that matches the badges."""
    looks = {"status": ui_words.STATUSES, "stage": ui_words.STAGES, "outcome": ui_words.OUTCOMES}[table]
    return [looks[key].colour for key in keys]
