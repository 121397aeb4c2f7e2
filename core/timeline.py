"""One row of a `<ol class="timeline-list">`, drawn in one go: a page shows dozens."""

from datetime import datetime

from django.utils.functional import Promise
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe

from core.templatetags.figures import ago
from core.templatetags.ui import icon as drawn_icon

ROW = (
    '<li class="timeline-row"{}><span class="timeline-icon bg-{}-lt">{}</span><div class="timeline-main">'
    '<div class="timeline-head"><span class="timeline-title">{}</span>{}<span class="timeline-time">{}</span></div>'
    "{}{}</div></li>"
)


def row(
    title: str | Promise,
    time: datetime,
    icon: str,
    colour: str,
    *,
    body: str = "",
    who: str = "",
    meta: str = "",
    id: str = "",  # noqa: A002 - the attribute's name
) -> SafeString:
    """What happened, when, by whom; `body` is HTML when it is a SafeString, else text."""
    parts = (
        f' id="{escape(id)}"' if id else "",
        escape(colour),
        drawn_icon(icon, 15),
        escape(title),
        f'<span class="timeline-who">{escape(who)}</span>' if who else "",
        ago(time),
        f'<div class="timeline-body">{conditional_escape(body)}</div>' if body.strip() else "",
        f'<div class="timeline-meta">{escape(meta)}</div>' if meta else "",
    )
    return mark_safe(ROW.format(*parts))  # noqa: S308 - every part is escaped above
