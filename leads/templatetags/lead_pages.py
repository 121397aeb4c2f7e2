"""What the lead pages draw: next steps, promises, timeline rows, BANT questions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django import forms, template
from django.db import models
from django.template import TemplateDoesNotExist
from django.template.loader import get_template, render_to_string
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core import figures, timeline
from core.templatetags.figures import phone
from core.templatetags.ui import sla_badge
from leads.bant import POINTS
from leads.custom import PREFIX, as_words
from leads.enums import AppointmentOutcome, CallOutcome, HandoffKind, Outcome, Reason, Stage, Status
from leads.forms import BantForm
from leads.kinds import CATALOGUE, Kind
from leads.models import Event, Handoff, Lead, Qualification, Standing
from leads.next_step import Step
from leads.profile_forms import ProfileForm
from leads.queries import open_leads
from leads.queue import Section

register = template.Library()
_FIELD_NAMES = {field.name: field.verbose_name for field in Lead._meta.concrete_fields}

COLOURS = {
    "behaviour": "azure",
    "call": "blue",
    "note": "yellow",
    "appointment": "teal",
    "handoff": "indigo",
    "status": "orange",
    "qualification": "teal",
    "score": "purple",
    "sla": "red",
}
LABELS: dict[str, type[models.TextChoices]] = {
    "status": Status,
    "stage": Stage,
    "reason": Reason,
    "outcome": Outcome,
    "call": CallOutcome,
    "kind": HandoffKind,
    "meeting": AppointmentOutcome,
}
GROUP_WORDS = {
    "": _("All"),
    "call": _("Calls"),
    "note": _("Notes & files"),
    "appointment": _("Appointments"),
    "behaviour": _("Behaviour"),
    "status": _("Status"),
    "qualification": _("BANT"),
    "handoff": _("Hand-offs"),
    "score": _("Score"),
    "sla": _("SLA"),
    "lead": _("Profile"),
}
STEPS = {
    Step.TAKE: (_("Waiting in the pool for a rep"), "hand"),
    Step.FIRST_CALL: (_("Make the first call"), "phone-outgoing"),
    Step.CALL_BACK: (_("Call back"), "phone-forwarded"),
    Step.MEET: (_("Appointment"), "calendar-clock"),
    Step.END_CARE: (_("Care has ended: decide"), "hourglass"),
    Step.QUALIFY: (_("Complete BANT"), "clipboard-list"),
    Step.DECIDE: (_("Decide: everything is there"), "circle-check"),
    Step.ADVANCE: (_("Bring it to hot"), "trending-up"),
    Step.CLOSE: (_("Close the contract"), "handshake"),
    Step.WAKE: (_("Wake up"), "alarm-clock"),
    Step.NURTURE: (_("Nurture"), "sprout"),
    Step.NONE: (_("Nothing to do"), "circle-dashed"),
}
SECTIONS = {
    Section.FIRST_TOUCH: (_("First touch"), "phone-outgoing", _("New hand-offs nobody has called yet")),
    Section.CALL_BACK: (_("Call back today"), "phone-forwarded", _("Appointments and next attempts that are due")),
    Section.APPOINTMENT: (
        _("Appointments today"),
        "calendar-clock",
        _("Meetings of today, and those nobody closed yet"),
    ),
    Section.CARE: (
        _("Care has ended"),
        "hourglass",
        _("Nothing has moved for the agreed days: go on, or give it back"),
    ),
    Section.DECIDE: (_("Waiting for your verdict"), "clipboard-list", _("Talked to, not yet accepted or given back")),
    Section.SQL: (_("SQL on the way to a contract"), "trending-up", _("By timing, BANT and score")),
    Section.QUIET: (_("Gone quiet"), "moon", _("Accepted leads nobody has touched for long")),
    Section.LATER: (_("Later"), "calendar-clock", _("With an appointment on another day")),
}
MISSING = {
    "right_phone": _("right phone"),
    "right_name": _("right name"),
    "right_need": _("right need"),
    "agreed_to_talk": _("agreed to talk with Sales"),
    "bant": _("enough BANT points"),
}
CHECKS = ("right_phone", "right_name", "right_need", "agreed_to_talk", "icp_fit")
OUTCOME_BUTTONS = (
    (CallOutcome.REACHED, "phone-call", "green"),
    (CallOutcome.NO_ANSWER, "phone-missed", "orange"),
    (CallOutcome.BUSY, "phone-off", "yellow"),
    (CallOutcome.WRONG_NUMBER, "circle-slash", "red"),
)


@register.simple_tag
def sla_of(standing: Standing, label: str = "") -> SafeString:
    """The promise that falls due next, counting down; nothing when none is running."""
    if standing.sla_due_at is None:
        return SafeString("")
    now = timezone.now()
    warned = standing.sla_warn_at is not None and standing.sla_warn_at <= now
    state = "breached" if standing.sla_due_at <= now else "warning" if warned else "ok"
    return render_to_string(
        "components/sla_badge.html", sla_badge(state, standing.sla_due_at, standing.sla_warn_at, label)
    )


@register.filter
def promise(standing: Standing) -> str | Promise:
    """Which promise is running: the first touch, or the decision."""
    handoff = standing.handoff
    return _("First touch") if handoff and handoff.first_touch_at is None else _("Decision")


WHAT = ("title", "name", "offer", "document", "webinar", "event", "product")
WHERE = ("url", "path", "page", "subject")


@cache
def _body_of(kind: str) -> Any:
    """The template of a kind's row, None where it has none; looking for one that is not there is slow."""
    try:
        return get_template(f"events/{kind}.html")
    except TemplateDoesNotExist:
        return None


@register.simple_tag
def event_row(event: Event) -> SafeString:
    """One row of the timeline: the kind's own template, or the plain one."""
    kind = CATALOGUE.get(event.kind) or Kind(event.kind, event.kind, "behaviour")
    body = _body_of(event.kind) if event.kind in CATALOGUE else None
    return timeline.row(
        kind.label,
        event.occurred_at,
        kind.icon,
        COLOURS.get(kind.group, "secondary"),
        who=event.actor.full_name if event.actor else "",
        id=f"event-{event.pk}",
        body=body.render({"event": event, "p": event.properties}) if body else _plain(event.properties),
    )


def _plain(properties: Mapping[str, Any]) -> SafeString:
    """What it was about, and where: most rows of a long log."""
    what = next((properties[name] for name in WHAT if properties.get(name)), "")
    where = next((properties[name] for name in WHERE if properties.get(name)), "")
    said = format_html("<strong>{}</strong>", what) if what else SafeString("")
    said += format_html("<span>{}</span>", where) if where else SafeString("")
    return format_html('<p class="event-line">{}</p>', said) if said else said


@register.filter
def label_of(value: str, table: str) -> str | Promise:
    """The words of a stored value: of a status, stage, reason, outcome, call or kind; itself when unknown."""
    return dict(LABELS[table].choices).get(value, value)


@register.filter
def field_label(name: str) -> str | Promise:
    """The words of one of the lead's fields; of a custom one the words of its key, which say nearly the same."""
    if name.startswith(PREFIX):
        return name.removeprefix(PREFIX).replace("_", " ")
    return _FIELD_NAMES.get(name, name)


@register.filter
def field_words(value: Any) -> str | Promise:
    """A value of the profile as the timeline shows it."""
    return as_words(None, value)


@dataclass(frozen=True)
class ProfileRow:
    """One line of the profile: the field, its words, what is shown, and what stands small below."""

    name: str
    label: str | Promise
    shown: str | SafeString
    sub: str = ""


@register.filter
def profile_rows(lead: Lead, may_be_called: bool) -> list[ProfileRow]:
    """The lines of the profile that can be edited in their place. No number that a click would call in vain."""
    mail = format_html('<a href="mailto:{}">{}</a>', lead.email, lead.email) if lead.email else ""
    staff = figures.number(lead.company_size) if lead.company_size is not None else ""
    number = figures.phone(lead.phone) if lead.phone and not may_be_called else phone(lead.phone)
    texts = ("company", "title", "city", "product", "campaign")
    labels = {name: ProfileForm.base_fields[name].label or name for name in ProfileForm.base_fields}
    return [
        ProfileRow("name", labels["name"], lead.name),
        ProfileRow("phone", labels["phone"], number),
        ProfileRow("email", labels["email"], mail),
        *(ProfileRow(name, labels[name], getattr(lead, name)) for name in texts[:2]),
        ProfileRow("company_size", labels["company_size"], staff),
        *(ProfileRow(name, labels[name], getattr(lead, name)) for name in texts[2:]),
    ]


@register.filter
def group_words(group: str) -> str | Promise:
    return GROUP_WORDS[group]


@register.filter
def step_words(step: str) -> tuple[str | Promise, str]:
    """The words and the icon of a next step."""
    return STEPS[Step(step)]


@register.filter
def section_words(section: str) -> tuple[str | Promise, str, str | Promise]:
    """Title, icon and explanation of a section of the day."""
    return SECTIONS[Section(section)]


@register.filter
def missing_words(code: str) -> str | Promise:
    return MISSING[code]


@register.filter
def as_moment(text: str) -> datetime | None:
    """A moment that an event carries as text."""
    return parse_datetime(text)


@register.filter
def get_value(data: Mapping[str, str], name: str) -> str:
    """One parameter of the address."""
    return data.get(name, "")


@register.filter
def at_key(table: Mapping[str, Any], key: str) -> Any:
    return table[key]


@register.filter
def bant_words(name: str, answer: str) -> str | Promise:
    """The words of a BANT question (no answer given) or of one of its answers."""
    question = BantForm.base_fields[name]
    return dict(question.choices)[answer] if answer else question.label or name  # type: ignore[attr-defined]


@register.simple_tag
def outcome_buttons() -> tuple[tuple[CallOutcome, str, str], ...]:
    return OUTCOME_BUTTONS


@register.filter
def open_leads_of(user: Any) -> int:
    """How many leads this person still works on."""
    return open_leads(user.pk)


@dataclass(frozen=True)
class Answer:
    value: str
    label: str | Promise
    points: int
    chosen: bool


@dataclass(frozen=True)
class Question:
    """One letter of BANT with its answers and the place for evidence."""

    name: str
    letter: str
    bound: forms.BoundField
    note: forms.BoundField
    answers: list[Answer]

    @property
    def points(self) -> int:
        return sum(answer.points for answer in self.answers if answer.chosen)


@register.filter
def questions(form: BantForm) -> Iterator[Question]:
    """The four questions, with what each answer is worth."""
    for name, worth in POINTS.items():
        bound = form[name]
        chosen = bound.value() or "unknown"
        choices = form.fields[name].choices  # type: ignore[attr-defined]
        answers = [Answer(value, label, worth[value], value == chosen) for value, label in choices]
        yield Question(name, name[0].upper(), bound, form[f"{name}_note"], answers)


@register.filter
def checks(form: BantForm) -> list[tuple[forms.BoundField, str]]:
    """The yes/no questions, each with its answer as the form spells it."""
    spelled = {True: "true", False: "false", "true": "true", "false": "false"}
    return [(form[name], spelled.get(form[name].value(), "unknown")) for name in CHECKS]


@register.filter
def ticks(handoff: Handoff) -> list[tuple[str | Promise, bool | None]]:
    """The qualified-lead check as Marketing reads it."""
    qualification: Qualification | None = getattr(handoff, "qualification", None)
    names = {"right_phone": _("Number"), "right_name": _("First name"), "right_need": _("Need")}
    return [(label, getattr(qualification, name, None)) for name, label in names.items()]
