"""Appointments as iCalendar text (RFC 5545), for a calendar program. Pure."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from leads.enums import AppointmentOutcome
from leads.models import Appointment

CONTENT_TYPE = "text/calendar; charset=utf-8"
FOLD_AT = 73  # octets a line, with room for the fold's own space


def as_ical(appointments: Iterable[Appointment], *, name: str, host: str) -> str:
    """A whole calendar. Appointments bring their lead; `host` makes the ids unique in the world."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//LeadFlow//EN", "CALSCALE:GREGORIAN"]
    lines.append(f"X-WR-CALNAME:{escape(name)}")
    for appointment in appointments:
        lines += _event(appointment, host)
    return "\r\n".join(fold_line(line) for line in [*lines, "END:VCALENDAR"]) + "\r\n"


def _event(appointment: Appointment, host: str) -> list[str]:
    ends = appointment.starts_at + timedelta(minutes=appointment.minutes)
    where = appointment.place or appointment.link
    about = "\n".join(part for part in (appointment.link if appointment.place else "", appointment.note) if part)
    cancelled = appointment.outcome == AppointmentOutcome.CANCELLED
    lead = str(appointment.lead)
    company = f" ({appointment.lead.company})" if appointment.lead.company else ""
    lines = [
        "BEGIN:VEVENT",
        f"UID:appointment-{appointment.pk}@{host}",
        f"DTSTAMP:{_utc(appointment.changed_at)}",
        f"LAST-MODIFIED:{_utc(appointment.changed_at)}",
        f"DTSTART:{_utc(appointment.starts_at)}",
        f"DTEND:{_utc(ends)}",
        f"SUMMARY:{escape(_('Appointment: %(lead)s') % {'lead': lead + company})}",
        f"STATUS:{'CANCELLED' if cancelled else 'CONFIRMED'}",
    ]
    lines += [f"LOCATION:{escape(where)}"] if where else []
    lines += [f"DESCRIPTION:{escape(about)}"] if about else []
    return [*lines, "END:VEVENT"]


def escape(text: str) -> str:
    """Text as a property value: no line break can begin a property of its own."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\\", "\\\\")
    return plain.replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def fold_line(line: str) -> str:
    """At most 75 octets a line, never broken inside a character."""
    pieces, piece, size = [], "", 0
    for char in line:
        width = len(char.encode())
        if size + width > FOLD_AT:
            pieces.append(piece)
            piece, size = "", 0
        piece, size = piece + char, size + width
    return "\r\n ".join([*pieces, piece])


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
