"""What the calendar page says about its days."""

from datetime import timedelta

from django import template
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.agenda import Frame, Shape

register = template.Library()
WORDS = {Shape.MONTH: gettext_lazy("Month"), Shape.WEEK: gettext_lazy("Week"), Shape.DAY: gettext_lazy("Day")}


@register.filter
def shape_words(shape: str) -> str | Promise:
    return WORDS[Shape(shape)]


@register.filter
def frame_words(frame: Frame) -> str:
    """Which days are on screen, in words."""
    if frame.shape == Shape.MONTH:
        return date_format(frame.day, "YEAR_MONTH_FORMAT")
    if frame.shape == Shape.DAY:
        return date_format(frame.day, _("l, d/m/Y"))
    last = frame.last - timedelta(days=1)
    return f"{date_format(frame.first, 'd/m')} – {date_format(last, 'd/m/Y')}"
