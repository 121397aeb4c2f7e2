"""Filters for numbers, money, time and phones. The words are made in core/figures.py."""

from datetime import date, datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core import figures

register = template.Library()
register.filter("number", figures.number)
register.filter("percent", figures.percent)
register.filter("money_full", figures.money_full)
register.filter("points", figures.points)
register.filter("phone_text", figures.phone)


@register.filter
def money(dong: figures.Number | None) -> str:
    """4,82 tỷ ₫ with the full amount on hover."""
    if dong is None:
        return figures.NOTHING
    return format_html(
        '<data class="money" value="{}" title="{}">{}</data>',
        str(dong),
        figures.money_full(dong),
        figures.money(dong),
    )


@register.filter
def ago(moment: datetime | None, at: datetime | None = None) -> str:
    """2 giờ trước, with the exact local time on hover. A template's "now" is when it is rendered."""
    if moment is None:
        return figures.NOTHING
    return _time(moment, figures.ago(moment, at=at or timezone.now()), live=True)


@register.filter
def moment(value: datetime | None) -> str:
    """14:05 23/11/2026, local time."""
    if value is None:
        return figures.NOTHING
    return _time(value, figures.short(value), live=False)


@register.filter
def day(value: date | datetime | None) -> str:
    if value is None:
        return figures.NOTHING
    local = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), figures.day(local))


@register.filter
def duration(seconds: figures.Number | timedelta | None, kind: str = "") -> str:
    """2 giờ 5 phút; `:"business"` says that business hours are meant."""
    text = figures.duration(seconds)
    return text if seconds is None or kind != "business" else figures.business(text)


@register.filter
def phone(e164: str | None, address: str = "") -> str:
    """A number that calls on a phone and is copied on a desktop; `address` is what calls instead (a VoIP page)."""
    if not e164:
        return figures.NOTHING
    if address and address != f"tel:{e164}":
        shown = '<a class="phone" href="{}" target="_blank" rel="noopener noreferrer">{}</a>'
        return format_html(shown, address, figures.phone(e164))
    return format_html('<a class="phone" href="tel:{}" data-copy="{}">{}</a>', e164, e164, figures.phone(e164))


def _time(value: datetime, text: str, *, live: bool) -> SafeString:
    """Nothing in it is anybody's text: our own words and figures need no escaping, and pages are full of moments."""
    mark = " data-ago" if live else ""
    return mark_safe(f'<time datetime="{value.isoformat()}" title="{figures.exact(value)}"{mark}>{text}</time>')  # noqa: S308 - see above
