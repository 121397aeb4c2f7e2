"""Why a rule does not fit and why a rep would not get a lead, in words."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leads.assigning.rules import Miss
from leads.assigning.trial import Bar

register = template.Library()

MISSES: dict[str, str | Promise] = {
    Miss.OFF: _("switched off"),
    Miss.SOURCE: _("another source"),
    Miss.CAMPAIGN: _("another campaign"),
    Miss.CITY: _("another city"),
    Miss.PRODUCT: _("another product"),
    Miss.LANGUAGE: _("another language"),
    Miss.SCORE: _("another score"),
}
BARS: dict[str, str | Promise] = {
    Bar.OFF_DUTY: _("off duty"),
    Bar.ABSENT: _("absent today"),
    Bar.FULL: _("at capacity"),
    Bar.CLOSED: _("outside working hours"),
    Bar.SKILLS: _("other skills needed"),
    Bar.GAVE_BACK: _("gave it back before"),
}


@register.filter
def miss_words(miss: str) -> str | Promise:
    return MISSES[miss]


@register.filter
def bar_words(bar: str) -> str | Promise:
    return BARS[bar]
