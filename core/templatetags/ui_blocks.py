"""Components with a body: `{% card title=... %} ... {% endcard %}`."""

from datetime import datetime
from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from core import timeline

register = template.Library()


@register.simple_block_tag
def capture(content: SafeString) -> SafeString:
    """Keeps a piece of a page for a component: `{% capture as actions %} ... {% endcapture %}`."""
    return content


@register.simple_block_tag
def page_header(content: SafeString, title: str, pretitle: str = "", **more: Any) -> SafeString:
    """The head of a page; the body holds its actions. More: back, back_label, live (shows the live badge), sub."""
    return render_to_string(
        "components/page_header.html", {"title": title, "pretitle": pretitle, "body": content, **more}
    )


@register.simple_block_tag
def card(content: SafeString, title: str = "", **more: Any) -> SafeString:
    """A card. More: sub, icon, actions, footer, id, flush (no padding, for tables), css, level (heading, 2 or 3)."""
    return render_to_string("components/card.html", {"title": title, "body": content, "level": 2, **more})


@register.simple_block_tag
def data_table(content: SafeString, label: str, **more: Any) -> SafeString:
    """A table with keyboard rows (`<tr data-href>`). More: stack (cards on a phone, needs td data-label), css, id."""
    return render_to_string("components/data_table.html", {"label": label, "body": content, **more})


@register.simple_block_tag
def timeline_row(
    content: SafeString, title: str, time: datetime, icon: str = "circle", colour: str = "secondary", **more: Any
) -> SafeString:
    """One row of a `<ol class="timeline-list">`. More: who, meta, id."""
    return timeline.row(title, time, icon, colour, body=content, **more)


@register.simple_block_tag(takes_context=True)
def dialog(context: Context, content: SafeString, anchor: str, title: str, **more: Any) -> SafeString:
    """A native dialog: `data-open="<anchor>"` opens it, auto=True opens it as it arrives. More: size (sm, lg), icon."""
    known = {"id": anchor, "title": title, "body": content, "csrf_token": context.get("csrf_token")}
    return render_to_string("components/dialog.html", {**known, **more})
