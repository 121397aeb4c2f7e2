"""The catalogue of event kinds: who says what (docs/events.md is checked against it).

Behaviour is what the lead did; everything else is what a person did or what the system concluded.
A kind nobody declared is behaviour from outside: kept, and scoring nothing until a rule knows it.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import notices
from leads.enums import ReminderKind

RESERVED = (
    "lead.",
    "enquiry.",
    "handoff.",
    "status.",
    "call.",
    "qualification.",
    "score.",
    "sla.",
    "note.",
    "reminder.",
    "care.",
    "appointment.",
    "file.",
    "delivery.",
)


@dataclass(frozen=True)
class Kind:
    """One kind of event. `group` is the timeline filter it falls under."""

    name: str
    label: str | Promise
    group: str
    icon: str = "circle-dot"


CATALOGUE: dict[str, Kind] = {}


def declare(name: str, label: str | Promise, *, group: str, icon: str = "circle-dot") -> str:
    """Adds a kind to the catalogue. Raises ValueError when two rooms declare the same."""
    if name in CATALOGUE:
        raise ValueError(f"event kind {name} is declared twice")
    CATALOGUE[name] = Kind(name, label, group, icon)
    return name


def is_reserved(name: str) -> bool:
    """Whether only LeadFlow itself may say this."""
    return name.startswith(RESERVED)


def is_action(name: str) -> bool:
    """Whether it is something the lead did: it ends a quiet spell."""
    return name in LEAD_ACTIONS or not is_reserved(name)


LEAD_CREATED = declare("lead.created", _("Lead created"), group="lead", icon="user-plus")
LEAD_UPDATED = declare("lead.updated", _("Profile changed"), group="lead", icon="pencil")
LEAD_ASSIGNED = declare("lead.assigned", _("Assigned"), group="handoff", icon="user-check")
LEAD_RELEASED = declare("lead.released", _("Owner taken off"), group="handoff", icon="user-x")
ENQUIRY_RECEIVED = declare("enquiry.received", _("Enquired again"), group="behaviour", icon="mail-plus")
HANDOFF_OPENED = declare("handoff.opened", _("Handed over to Sales"), group="handoff", icon="arrow-right-left")
HANDOFF_POOLED = declare("handoff.pooled", _("Waiting for a free rep"), group="handoff", icon="hourglass")
HANDOFF_DECLINED = declare("handoff.declined", _("Declined by the rep"), group="handoff", icon="hand")
HANDOFF_RECALLED = declare("handoff.recalled", _("Recalled: nobody had called"), group="handoff", icon="undo-2")
HANDOFF_HELD = declare(
    "handoff.held", _("Recalled too often: the manager decides"), group="handoff", icon="octagon-alert"
)
HANDOFF_ACCEPTED = declare("handoff.accepted", _("Accepted by Sales"), group="handoff", icon="circle-check")
HANDOFF_RECYCLED = declare("handoff.recycled", _("Given back to Marketing"), group="handoff", icon="recycle")
HANDOFF_DISCARDED = declare("handoff.discarded", _("Discarded by Sales"), group="handoff", icon="circle-x")
HANDOFF_WITHDRAWN = declare("handoff.withdrawn", _("Hand-off withdrawn"), group="handoff", icon="undo-2")
LEAD_MERGED = declare("lead.merged", _("Merged with another lead"), group="lead", icon="merge")
PERSON_ASKED = declare("lead.asked", _("Request of the person registered"), group="lead", icon="file-question-mark")
PERSON_ANSWERED = declare("lead.answered", _("Request of the person closed"), group="lead", icon="file-check")
OBJECTION_MADE = declare("lead.objected", _("The person objects"), group="lead", icon="octagon-x")
OBJECTION_TAKEN_BACK = declare("lead.objection_ended", _("Objection taken back"), group="lead", icon="undo-2")
LEAD_ERASED = declare("lead.erased", _("Person erased on request"), group="lead", icon="eraser")
STATUS_MOVED = declare("status.moved", _("Status changed"), group="status", icon="move-right")
CALL_LOGGED = declare("call.logged", _("Call"), group="call", icon="phone")
QUALIFICATION_SAVED = declare("qualification.saved", _("BANT saved"), group="qualification", icon="clipboard-check")

NOTE_ADDED = declare("note.added", _("Note"), group="note", icon="sticky-note")
FILE_ADDED = declare("file.added", _("File added"), group="note", icon="paperclip")
FILE_REMOVED = declare("file.removed", _("File removed"), group="note", icon="trash-2")
APPOINTMENT_MADE = declare("appointment.made", _("Appointment made"), group="appointment", icon="calendar-plus")
APPOINTMENT_MOVED = declare("appointment.moved", _("Appointment changed"), group="appointment", icon="calendar-clock")
APPOINTMENT_ENDED = declare("appointment.ended", _("Appointment over"), group="appointment", icon="calendar-check")
CARE_EXTENDED = declare("care.extended", _("Care goes on"), group="handoff", icon="heart-handshake")
REMINDERS = {
    ReminderKind.CALL: declare("reminder.call", _("Time to call back"), group="call", icon="alarm-clock"),
    ReminderKind.APPOINTMENT: declare(
        "reminder.appointment", _("Appointment soon"), group="appointment", icon="alarm-clock"
    ),
    ReminderKind.CARE: declare("reminder.care", _("Care has ended: decide"), group="handoff", icon="hourglass"),
}

REQUEST_DUE = notices.declare("request.due")
REQUEST_LATE = notices.declare("request.late")

LEAD_ACTIONS = frozenset({LEAD_CREATED, ENQUIRY_RECEIVED})

for _name, _label, _icon in (
    ("offer.claimed", _("Claimed an offer"), "ticket"),
    ("form.contact", _("Contact form"), "message-square"),
    ("form.demo", _("Asked for a demo"), "presentation"),
    ("meeting.booked", _("Booked a meeting"), "calendar-plus"),
    ("meeting.attended", _("Attended a meeting"), "calendar-check"),
    ("ebook.downloaded", _("Downloaded an e-book"), "book-open"),
    ("webinar.attended", _("Attended a webinar"), "video"),
    ("email.opened", _("Opened an e-mail"), "mail-open"),
    ("email.clicked", _("Clicked in an e-mail"), "mouse-pointer-click"),
    ("page.viewed", _("Viewed a page"), "eye"),
    ("trial.started", _("Started a free trial"), "rocket"),
    ("freemium.activated", _("Activated the free version"), "zap"),
    ("consultation.requested", _("Asked for a free consultation"), "messages-square"),
):
    declare(_name, _label, group="behaviour", icon=_icon)
