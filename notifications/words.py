"""What a notification says, in the active language."""

from datetime import datetime

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from leads.models import Event
from notifications import notice_words
from notifications.enums import Kind
from notifications.models import Delivery
from notifications.notice_words import time_of

PROMISES: dict[str, str | Promise] = {
    "first_touch": gettext_lazy("First touch"),
    "decision": gettext_lazy("Decision on the hand-off"),
    "next_attempt": gettext_lazy("Next attempt"),
    "care": gettext_lazy("End of care"),
}


def headline(delivery: Delivery) -> str:
    return str(delivery.get_kind_display())


def about(delivery: Delivery) -> str:
    """The lead's name, or which agreement, week, month or call the notice is about."""
    return str(delivery.lead) if delivery.lead else notice_words.about(delivery.fact.properties)


def subject(delivery: Delivery) -> str:
    """One line: what, who, and how many points. Line breaks in a name become spaces."""
    name = " ".join(about(delivery).split())
    if delivery.lead is None:
        return f"{headline(delivery)}: {name}" if name else headline(delivery)
    score = delivery.lead.standing.score
    points = ngettext("%(n)s point", "%(n)s points", score) % {"n": score}
    return f"{headline(delivery)}: {name} ({points})"


def detail(delivery: Delivery) -> str:
    """What else there is to say in a line: the promise and its time, or what came of it."""
    return promise(delivery.event) if delivery.event else notice_words.detail(delivery.fact.properties)


def out_of_reach(delivery: Delivery) -> str:
    if delivery.lead_id:
        return _("This lead has passed to somebody else; you no longer see its page.")
    return _("Your role no longer opens this page.")


def promise(event: Event) -> str:
    """Which promise, and until when: "First touch · due 14:05 23/11/2026"; "" where the event is about none."""
    code = event.properties.get("promise", "")
    if not code:
        return _about(event)
    name = str(PROMISES.get(code, code))
    due = due_at(event)
    if due is None:
        return name
    return _("%(promise)s · due %(time)s") % {"promise": name, "time": time_of(due)}


def _about(event: Event) -> str:
    """The beginning of a note that mentions somebody; when and where an appointment is; "" otherwise."""
    if event.kind == Kind.MENTIONED:
        return Truncator(" ".join(str(event.properties.get("note", "")).split())).chars(120)
    starts = parse_datetime(str(event.properties.get("starts_at", "")))
    place = str(event.properties.get("place", ""))
    return " · ".join(part for part in (time_of(starts) if starts else "", place) if part)


def due_at(event: Event) -> datetime | None:
    """When the promise of this event falls due; None where it says nothing."""
    return parse_datetime(str(event.properties.get("due_at", "")))
