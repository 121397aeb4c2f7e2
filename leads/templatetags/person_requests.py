"""What the pages of personal requests draw."""

from datetime import date

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.templatetags.ui import Shown
from leads.enums import RequestKind, RequestState
from leads.models import PersonRequest
from leads.requests.falling_due import NEAR

register = template.Library()
KINDS = {
    RequestKind.ACCESS: ("blue", "eye"),
    RequestKind.CORRECT: ("teal", "pencil"),
    RequestKind.DELETE: ("red", "eraser"),
    RequestKind.OBJECT: ("orange", "octagon-x"),
}
STATES = {
    RequestState.OPEN: ("blue", "clock"),
    RequestState.DONE: ("green", "check"),
    RequestState.REFUSED: ("secondary", "ban"),
}
DONE = {
    RequestKind.ACCESS: _("The data have been handed over"),
    RequestKind.CORRECT: _("The data are correct now"),
    RequestKind.OBJECT: _("Heed the objection"),
}


@register.inclusion_tag("components/badge.html")
def request_kind(one: PersonRequest) -> Shown:
    colour, icon = KINDS[RequestKind(one.kind)]
    return {"label": one.get_kind_display(), "colour": colour, "icon": icon, "title": ""}


@register.inclusion_tag("components/badge.html")
def request_state(one: PersonRequest) -> Shown:
    colour, icon = STATES[RequestState(one.state)]
    return {"label": one.get_state_display(), "colour": colour, "icon": icon, "title": ""}


@register.inclusion_tag("leads/_request_due.html")
def request_due(one: PersonRequest, today: date) -> dict[str, object]:
    """The day by law; of an open one also how it stands."""
    open_ = one.is_open
    return {"due_on": one.due_on, "over": open_ and one.due_on < today, "near": open_ and one.due_on - today <= NEAR}


@register.filter
def done_words(one: PersonRequest) -> str | Promise:
    """What the button says that closes it as done."""
    return DONE[RequestKind(one.kind)]
