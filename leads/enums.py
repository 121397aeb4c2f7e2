"""The words of the lead's life (DOMAIN 1 and 3). Labels are translated; values are stored and stable."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Sales' working chain."""

    NEW = "new", _("New")
    RESEARCHED = "researched", _("Researched")
    UNREACHABLE = "unreachable", _("Unreachable")
    WRONG_TARGET = "wrong_target", _("Wrong target")
    POTENTIAL = "potential", _("Potential")
    HOT = "hot", _("Hot")
    WON = "won", _("Won")


class Stage(models.TextChoices):
    """The lifecycle that the score and Sales' verdict drive."""

    CONTACT = "contact", _("Contact")
    PROSPECT = "prospect", _("Prospect")
    LEAD = "lead", _("Lead")
    MQL = "mql", _("MQL")
    PQL = "pql", _("PQL")
    SQL = "sql", _("SQL")
    CUSTOMER = "customer", _("Customer")
    DISQUALIFIED = "disqualified", _("Disqualified")


SCORED_STAGES = frozenset({Stage.CONTACT, Stage.PROSPECT, Stage.LEAD})  # move up and down with the score


class HandoffKind(models.TextChoices):
    MQL = "mql", _("MQL")
    PQL = "pql", _("PQL")


class Outcome(models.TextChoices):
    """What became of a hand-off."""

    OPEN = "open", _("Waiting for a decision")
    ACCEPTED = "accepted", _("Accepted")
    RECYCLED = "recycled", _("Recycled")
    DISCARDED = "discarded", _("Discarded")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Reason(models.TextChoices):
    """Why Sales gave a lead back or dropped it."""

    NO_BUDGET = "no_budget", _("No budget")
    NO_AUTHORITY = "no_authority", _("No authority")
    NO_NEED = "no_need", _("No need")
    BAD_TIMING = "bad_timing", _("Bad timing")
    WRONG_CONTACT = "wrong_contact", _("Wrong contact data")
    OUT_OF_TARGET = "out_of_target", _("Out of area or target")
    COMPETITOR = "competitor", _("Chose a competitor")
    UNREACHABLE = "unreachable", _("Could not be reached")
    DUPLICATE = "duplicate", _("Duplicate")
    OTHER = "other", _("Other")


class RequestKind(models.TextChoices):
    """What a person may ask of whoever keeps their data (Law 91/2025/QH15)."""

    ACCESS = "access", _("See the data")
    CORRECT = "correct", _("Correct the data")
    DELETE = "delete", _("Erase the data")
    OBJECT = "object", _("Object")


class RequestState(models.TextChoices):
    OPEN = "open", _("Still open")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")


class RequestChannel(models.TextChoices):
    """The way a request came in."""

    PHONE = "phone", _("By phone")
    EMAIL = "email", _("By e-mail")
    LETTER = "letter", _("By letter")
    PERSON = "person", _("In person")
    FORM = "form", _("By a form")
    OTHER = "other", _("Another way")


class Objected(models.TextChoices):
    """What a person wants no more."""

    CALLS = "calls", _("Calls")
    ADVERTISING = "advertising", _("Advertising")
    PROCESSING = "processing", _("Any use of the data")


NO_CALLS = frozenset({Objected.CALLS, Objected.PROCESSING})  # nobody may call who objects to one of these
NO_CARE = frozenset({Objected.ADVERTISING, Objected.PROCESSING})  # nor nurture


class ErasureGround(models.TextChoices):
    """Why a person's data must go."""

    ASKED = "asked", _("The person asked for it")
    WITHDRAWN = "withdrawn", _("Consent was withdrawn")
    PURPOSE = "purpose", _("Kept longer than needed")
    UNLAWFUL = "unlawful", _("Collected without a right to")


class CallOutcome(models.TextChoices):
    REACHED = "reached", _("Reached")
    NO_ANSWER = "no_answer", _("No answer")
    BUSY = "busy", _("Busy")
    WRONG_NUMBER = "wrong_number", _("Wrong number")
    CALLBACK = "callback", _("Call back later")


MISSED = frozenset({CallOutcome.NO_ANSWER, CallOutcome.BUSY, CallOutcome.WRONG_NUMBER})


class Direction(models.TextChoices):
    OUTBOUND = "outbound", _("Outgoing")
    INBOUND = "inbound", _("Incoming")


class Budget(models.TextChoices):
    UNKNOWN = "unknown", _("Unknown")
    NONE = "none", _("None")
    PLANNED = "planned", _("Planned")
    AVAILABLE = "available", _("Available")


class Authority(models.TextChoices):
    UNKNOWN = "unknown", _("Unknown")
    USER = "user", _("User")
    INFLUENCER = "influencer", _("Influencer")
    DECISION_MAKER = "decision_maker", _("Decision maker")


class Need(models.TextChoices):
    UNKNOWN = "unknown", _("Unknown")
    VAGUE = "vague", _("Vague")
    CLEAR = "clear", _("Clear")
    URGENT = "urgent", _("Urgent")


class Timing(models.TextChoices):
    UNKNOWN = "unknown", _("Unknown")
    OVER_6_MONTHS = "over_6_months", _("Over 6 months")
    WITHIN_6_MONTHS = "within_6_months", _("3-6 months")
    WITHIN_3_MONTHS = "within_3_months", _("1-3 months")
    WITHIN_MONTH = "within_month", _("Within a month")


class FieldKind(models.TextChoices):
    """What a field of the administrator's own making holds."""

    TEXT = "text", _("Text")
    NUMBER = "number", _("Figure")
    DATE = "date", _("Day")
    CHOICE = "choice", _("One of a list")
    CHOICES = "choices", _("Several of a list")
    BOOLEAN = "boolean", _("Yes or no")


class ReminderKind(models.TextChoices):
    """Of what a person is reminded when its time has come."""

    CALL = "call", _("Call back")
    APPOINTMENT = "appointment", _("Appointment")
    CARE = "care", _("End of care")


class AppointmentOutcome(models.TextChoices):
    PLANNED = "planned", _("Upcoming")
    HELD = "held", _("Took place")
    NO_SHOW = "no_show", _("Did not come")
    CANCELLED = "cancelled", _("Called off")


class Channel(models.TextChoices):
    """Through which door a submission came."""

    API = "api", _("API")
    MANUAL = "manual", _("Typed in")
    DEMO = "demo", _("Demo data")
    IMPORT = "import", _("File import")


class Received(models.TextChoices):
    """What became of a submission."""

    WAITING = "waiting", _("Waiting")
    CREATED = "created", _("New lead")
    MATCHED = "matched", _("Known lead")
    REJECTED = "rejected", _("Rejected")


class JobPhase(models.TextChoices):
    """How far a background job has come."""

    WAITING = "waiting", _("Waiting its turn")
    RUNNING = "running", _("Running")
    DONE = "done", _("Finished")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Failed")


class RowOutcome(models.TextChoices):
    """What a background job did to one lead."""

    DONE = "done", _("Changed")
    SAME = "same", _("Already so")
    REFUSED = "refused", _("Refused")


class Share(models.TextChoices):
    """Who may use a saved view."""

    MINE = "mine", _("Only I")
    TEAM = "team", _("My team")
    ALL = "all", _("Everybody")


class ImportKind(models.TextChoices):
    """What a file holds."""

    LEADS = "leads", _("New leads")
    HISTORY = "history", _("History of leads")
    SPEND = "spend", _("Spend per day")


class ImportPhase(models.TextChoices):
    """How far an import has come."""

    MAPPING = "mapping", _("Columns to match")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Ready to import")
    RUNNING = "running", _("Importing")
    DONE = "done", _("Imported")
    CANCELLED = "cancelled", _("Stopped")
    FAILED = "failed", _("Failed")
    UNDOING = "undoing", _("Being taken back")
    UNDONE = "undone", _("Taken back")


class RowFate(models.TextChoices):
    """What became of one line of a file."""

    WAITING = "waiting", _("Waiting")
    CREATED = "created", _("New")
    MATCHED = "matched", _("Known")
    REJECTED = "rejected", _("Rejected")


class DuplicateReason(models.TextChoices):
    """Why two leads may be one person."""

    NAME = "name", _("Same name and company")
    PHONE = "phone", _("Nearly the same phone number")
    EMAIL = "email", _("Same e-mail name")


class DuplicateState(models.TextChoices):
    OPEN = "open", _("To look at")
    DISMISSED = "dismissed", _("Not the same person")
    MERGED = "merged", _("Merged")
