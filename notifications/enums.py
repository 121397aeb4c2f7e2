"""What people are told about, and by which way."""

from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """The kinds of events and notices somebody is told about. The labels are the headlines."""

    ASSIGNED = "lead.assigned", _("A new lead for you")
    POOLED = "handoff.pooled", _("Nobody is free for this lead")
    WARNED = "sla.warned", _("A promise falls due soon")
    BREACHED = "sla.breached", _("A promise was not kept in time")
    CALL_DUE = "reminder.call", _("Time to call back")
    APPOINTMENT_SOON = "reminder.appointment", _("Appointment soon")
    CARE_ENDED = "reminder.care", _("Care has ended: decide")
    MENTIONED = "note.added", _("You are mentioned in a note")
    ESCALATED = "sla.escalated", _("A broken promise is still open")
    DECLINED = "handoff.declined", _("A rep declined a lead")
    RECALLED = "handoff.recalled", _("A lead was taken back: nobody had called")
    HELD = "handoff.held", _("Recalled too often: you decide who gets it")
    DISPUTED = "sla.disputed", _("A broken promise is disputed")
    DISPUTE_DECIDED = "sla.dispute_decided", _("A dispute has been decided")
    AGREEMENT_WAITS = "agreement.waits", _("The agreement waits for your signature")
    AGREEMENT_SIGNED = "agreement.signed", _("The agreement is signed by both sides")
    AGREEMENT_HOLDS = "agreement.in_force", _("A new agreement is in force")
    FEEDBACK_DUE = "feedback.due", _("Weekly feedback falls due soon")
    FEEDBACK_LATE = "feedback.late", _("Weekly feedback was not given in time")
    FEEDBACK_GIVEN = "feedback.given", _("Sales has given its weekly feedback")
    FEEDBACK_ANSWERED = "feedback.answered", _("Marketing has answered your feedback")
    VERDICT_DISPUTED = "verdict.disputed", _("A verdict is disputed")
    VERDICT_DECIDED = "verdict.dispute_decided", _("The dispute of a verdict has been decided")
    BONUS_APPROVED = "bonus.approved", _("Your bonus is approved")
    BONUS_CORRECTED = "bonus.corrected", _("Your bonus has been corrected")
    AUDIT_DONE = "audit.reviewed", _("One of your calls has been audited")
    MODEL_WAITS = "model.waits", _("New scoring rules wait for your signature")
    MODEL_HOLDS = "model.in_force", _("New scoring rules are in force")
    REQUEST_DUE = "request.due", _("A request about personal data falls due soon")
    REQUEST_LATE = "request.late", _("A request about personal data is overdue")


REMINDERS = frozenset({Kind.CALL_DUE, Kind.APPOINTMENT_SOON, Kind.CARE_ENDED})
PERSONAL = REMINDERS | {Kind.MENTIONED}  # never anybody else's business
OF_THE_TEAM_LEAD = frozenset({Kind.BREACHED, Kind.DECLINED})
OF_THE_MANAGER = frozenset({Kind.HELD, Kind.DISPUTED})
OF_THE_AGREEMENT = frozenset(
    {Kind.ESCALATED, Kind.DECLINED, Kind.RECALLED, Kind.HELD, Kind.DISPUTED, Kind.DISPUTE_DECIDED}
)
WITHOUT_LEAD = frozenset(
    {
        Kind.AGREEMENT_WAITS, Kind.AGREEMENT_SIGNED, Kind.AGREEMENT_HOLDS, Kind.FEEDBACK_DUE, Kind.FEEDBACK_LATE,
        Kind.FEEDBACK_GIVEN, Kind.FEEDBACK_ANSWERED, Kind.VERDICT_DISPUTED, Kind.VERDICT_DECIDED, Kind.BONUS_APPROVED,
        Kind.BONUS_CORRECTED, Kind.AUDIT_DONE, Kind.MODEL_WAITS, Kind.MODEL_HOLDS,
        Kind.REQUEST_DUE, Kind.REQUEST_LATE,
    }
)  # fmt: skip
OF_LEADS = frozenset(Kind) - WITHOUT_LEAD
OF_LEADERS = OF_THE_TEAM_LEAD | OF_THE_MANAGER | {Kind.ESCALATED}


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
    Kind.ESCALATED: Look("megaphone", "red", "error"),
    Kind.DECLINED: Look("hand", "orange", "warning"),
    Kind.RECALLED: Look("undo-2", "orange", "warning"),
    Kind.HELD: Look("octagon-alert", "red", "error"),
    Kind.DISPUTED: Look("gavel", "yellow", "warning"),
    Kind.DISPUTE_DECIDED: Look("gavel", "blue", "info"),
    Kind.AGREEMENT_WAITS: Look("pencil", "orange", "warning"),
    Kind.AGREEMENT_SIGNED: Look("handshake", "green", "success"),
    Kind.AGREEMENT_HOLDS: Look("scale", "indigo", "info"),
    Kind.FEEDBACK_DUE: Look("alarm-clock", "yellow", "warning"),
    Kind.FEEDBACK_LATE: Look("alarm-clock-off", "red", "error"),
    Kind.FEEDBACK_GIVEN: Look("message-square", "blue", "info"),
    Kind.FEEDBACK_ANSWERED: Look("message-square", "teal", "info"),
    Kind.VERDICT_DISPUTED: Look("gavel", "yellow", "warning"),
    Kind.VERDICT_DECIDED: Look("gavel", "blue", "info"),
    Kind.BONUS_APPROVED: Look("circle-check", "green", "success"),
    Kind.BONUS_CORRECTED: Look("pencil", "blue", "info"),
    Kind.AUDIT_DONE: Look("headphones", "purple", "info"),
    Kind.MODEL_WAITS: Look("pencil", "orange", "warning"),
    Kind.MODEL_HOLDS: Look("gauge", "indigo", "info"),
    Kind.REQUEST_DUE: Look("alarm-clock", "yellow", "warning"),
    Kind.REQUEST_LATE: Look("alarm-clock-off", "red", "error"),
}
