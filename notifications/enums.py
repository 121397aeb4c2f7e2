"""What people are told about, and by which way."""

from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """The event kinds somebody is told about. The labels are the headlines."""

    ASSIGNED = "lead.assigned", _("A new lead for you")
    POOLED = "handoff.pooled", _("Nobody is free for this lead")
    WARNED = "sla.warned", _("A promise falls due soon")
    BREACHED = "sla.breached", _("A promise was not kept in time")
    CALL_DUE = "reminder.call", _("Time to call back")
    APPOINTMENT_SOON = "reminder.appointment", _("Appointment soon")
    CARE_ENDED = "reminder.care", _("Care has ended: decide")
    MENTIONED = "note.added", _("You are mentioned in a note")


REMINDERS = frozenset({Kind.CALL_DUE, Kind.APPOINTMENT_SOON, Kind.CARE_ENDED})
PERSONAL = REMINDERS | {Kind.MENTIONED}  # never anybody else's business


class Channel(models.TextChoices):
    APP = "app", _("In the app")
    EMAIL = "email", _("E-mail")


class Look(NamedTuple):
    icon: str
    colour: str
    level: str


LOOKS: dict[str, Look] = {
    Kind.ASSIGNED: Look("user-check", "indigo", "success"),
    Kind.POOLED: Look("hourglass", "orange", "warning"),
    Kind.WARNED: Look("alarm-clock", "yellow", "warning"),
    Kind.BREACHED: Look("alarm-clock-off", "red", "error"),
    Kind.CALL_DUE: Look("phone-forwarded", "blue", "info"),
    Kind.APPOINTMENT_SOON: Look("calendar-clock", "teal", "info"),
    Kind.CARE_ENDED: Look("hourglass", "orange", "warning"),
    Kind.MENTIONED: Look("at-sign", "purple", "info"),
}
