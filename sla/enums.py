"""The words of the agreement (DOMAIN 5). Labels are translated; values are stored and stable."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Promise(models.TextChoices):
    """What a clock measures."""

    FIRST_TOUCH = "first_touch", _("First touch")
    DECISION = "decision", _("Decision on the hand-off")
    NEXT_ATTEMPT = "next_attempt", _("Next attempt")
    CARE = "care", _("End of care")


class StopReason(models.TextChoices):
    """Why a clock no longer runs. Only `touched` keeps or breaks the promise by what somebody did."""

    TOUCHED = "touched", _("A person tried to reach the lead")
    DECIDED = "decided", _("Decided without an attempt")
    WITHDRAWN = "withdrawn", _("Withdrawn")


FULFILLED_BY = {
    Promise.FIRST_TOUCH: StopReason.TOUCHED,
    Promise.DECISION: StopReason.DECIDED,
    Promise.NEXT_ATTEMPT: StopReason.TOUCHED,
    Promise.CARE: StopReason.DECIDED,
}


class PauseReason(models.TextChoices):
    """Why a clock stands still for a while; a leader answers for it."""

    ASKED_LATER = "asked_later", _("The lead asked for a later time")
    WAITS_FOR_LEAD = "waits", _("Waiting for papers from the lead")
    DISPUTED = "disputed", _("The hand-off itself is in dispute")
    OUTAGE = "outage", _("Telephone or system outage")


class EscalateTo(models.TextChoices):
    """Who hears of a broken promise, step by step."""

    TEAM_LEAD = "team_lead", _("Team lead")
    MANAGER = "manager", _("Sales manager")


class Segment(models.TextChoices):
    """Whose stretch of the way it was when the promise broke."""

    MARKETING = "marketing", _("Marketing")
    QUEUE = "queue", _("Hand-off queue")
    REP = "rep", _("Sales rep")


class State(models.TextChoices):
    """How a clock stands at a moment; `ok`, `warning` and `breached` still run, the rest is over."""

    OK = "ok", _("On time")
    WARNING = "warning", _("Due soon")
    BREACHED = "breached", _("Overdue")
    KEPT = "kept", _("Kept")
    LATE = "late", _("Kept too late")
    UNTOUCHED = "untouched", _("Ended without an attempt")
    PAUSED = "paused", _("Paused")


class CalendarPart(models.TextChoices):
    """What of the working calendar was changed."""

    HOURS = "hours", _("Office hours")
    DAY = "day", _("Special day")


class AgreementState(models.TextChoices):
    """A draft binds nobody; an agreed version is never changed again."""

    DRAFT = "draft", _("Draft")
    AGREED = "agreed", _("Agreed")


class SqlRule(models.TextChoices):
    """What makes a hand-off an SQL (DOMAIN 2)."""

    BANT = "bant", _("BANT reaches the minimum")
    SCORE = "score", _("The score reaches the SQL line")
    BOTH = "bant_and_score", _("BANT and score")


class Written(models.TextChoices):
    """What happened to a version of the agreement."""

    OPENED = "opened", _("Draft opened")
    EDITED = "edited", _("Draft changed")
    SIGNED = "signed", _("Signed")
    AGREED = "agreed", _("Agreed by both sides")
    DROPPED = "dropped", _("Draft dropped")


class Answers(models.TextChoices):
    """Who answers for a period (DOMAIN 5)."""

    NOBODY = "nobody", _("Nobody")
    MARKETING = "marketing", _("Marketing")
    SALES = "sales", _("Sales")
    BOTH = "both", _("Both sides")


class DisputeState(models.TextChoices):
    OPEN = "open", _("Waiting for a decision")
    UPHELD = "upheld", _("The dispute is right")
    REJECTED = "rejected", _("It stays as it was")


class BonusKind(models.TextChoices):
    """What a line of a bonus statement pays or deducts."""

    ACCEPTED = "accepted", _("Accepted hand-off")
    REVENUE = "revenue", _("Share of revenue")
    QUALIFIED = "qualified", _("Qualified hand-off")
    BREACH = "breach", _("Broken promise")
    INVALID = "invalid", _("Invalid lead")
    AUDIT = "audit", _("Call logged wrongly")
