"""What is held of a person, counted: shown before anything goes, and kept as the proof of what went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leads.enums import JobPhase
from leads.export_files import ACCESS, EXPORT, is_gone
from leads.models import (
    Appointment,
    Attachment,
    Call,
    Event,
    Handoff,
    Identity,
    ImportRow,
    Job,
    Lead,
    Qualification,
    Submission,
)

LABELS: Mapping[str, tuple[str | Promise, str | Promise]] = {
    "leads": (_("Profiles"), _("emptied: name, phone, e-mail, company, title, own fields, tags, consent, search text")),
    "identities": (_("Numbers other systems know the person by"), _("deleted")),
    "submissions": (_("Raw messages, as they arrived"), _("emptied")),
    "events": (_("Log rows"), _("kind and time stay, every word goes")),
    "calls": (_("Calls"), _("note and recording link go; time and outcome stay")),
    "appointments": (_("Appointments"), _("place, link and notes go")),
    "qualifications": (_("BANT answers"), _("notes and budget go; points stay")),
    "handoffs": (_("Hand-offs"), _("notes go; dates, outcome and revenue stay")),
    "files": (_("Files"), _("deleted")),
    "lines": (_("Lines of imported files"), _("emptied")),
    "exports": (_("Export files made since the person came"), _("deleted, whoever made them")),
}


@dataclass(frozen=True)
class Holding:
    key: str
    label: str | Promise
    fate: str | Promise
    count: int


def held(leads: Sequence[Lead], *, at: datetime) -> list[Holding]:
    """How many rows and files of each kind, of these leads together."""
    ids = [lead.pk for lead in leads]
    rows: dict[str, QuerySet] = {  # type: ignore[type-arg]
        "identities": Identity.objects.filter(lead__in=ids),
        "submissions": Submission.objects.filter(lead__in=ids),
        "events": Event.objects.filter(lead__in=ids),
        "calls": Call.objects.filter(lead__in=ids),
        "appointments": Appointment.objects.filter(lead__in=ids),
        "qualifications": Qualification.objects.filter(handoff__lead__in=ids),
        "handoffs": Handoff.objects.filter(lead__in=ids),
        "files": Attachment.objects.filter(lead__in=ids),
        "lines": ImportRow.objects.filter(lead_id__in=ids),
    }
    counts = {name: found.count() for name, found in rows.items()}
    counts |= {"leads": len(ids), "exports": len(exports_of(leads, at=at))}
    return [Holding(key, label, fate, counts[key]) for key, (label, fate) in LABELS.items()]


def exports_of(leads: Sequence[Lead], *, at: datetime) -> list[Job]:
    """Exports whose file is still there and may name the person: all made since they came, and their own data."""
    came = min(lead.created_at for lead in leads)
    mine = Q(kind=ACCESS, params__lead__in=[lead.pk for lead in leads])
    since = Job.objects.filter(Q(finished_at__gte=came) | Q(finished_at=None), mine | Q(kind=EXPORT))
    return [job for job in since if job.phase != JobPhase.DONE or not is_gone(job, at=at)]


def recordings(leads: Sequence[Lead]) -> int:
    """Recordings that lie elsewhere: only their links are known here."""
    return Call.objects.filter(lead__in=leads).exclude(recording_url="").count()
