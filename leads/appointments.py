"""Appointments with a lead: made, moved, and what came of them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict, Invalid, NotFound
from core.text import clean
from leads.enums import AppointmentOutcome, ReminderKind
from leads.events import Fact, record
from leads.kinds import APPOINTMENT_ENDED, APPOINTMENT_MADE, APPOINTMENT_MOVED
from leads.models import Appointment, Policy
from leads.models.appointment import LONGEST
from leads.reminders import remind
from leads.standing import lock

SOURCE = "leadflow.appointment"  # whose external ids the meeting facts carry
FURTHEST = timedelta(days=3 * 366)
CHANGEABLE = ("starts_at", "minutes", "place", "link", "note")


def make_appointment(
    lead_id: int,
    *,
    by: User | None,
    at: datetime,
    starts_at: datetime,
    minutes: int = 60,
    place: str = "",
    link: str = "",
    note: str = "",
    by_lead: bool = False,
    owner: User | None = None,
) -> Appointment:
    """Agrees a time with the lead, for `owner` (default: who makes it), and reminds them before.

    `by_lead`: the lead itself booked; that is a `meeting.booked` of its own and may score. Raises Invalid.
    """
    given = _checked({"starts_at": starts_at, "minutes": minutes, "place": place, "link": link, "note": note}, at=at)
    host = owner or by
    with lock([lead_id]) as rows:
        host_id = host.pk if host else rows[lead_id].owner_id
        if host_id is None:
            raise Invalid(_("Say with whom the appointment is."), code="required", field="owner")
        made = Appointment.objects.create(
            lead_id=lead_id, owner_id=host_id, created_by=by, created_at=at, changed_at=at, **given
        )
        _remind(made, at=at)
        facts = [_fact(APPOINTMENT_MADE, made, by=by, at=at)]
        if by_lead:
            properties = {"meeting": str(made.pk), "starts_at": made.starts_at.isoformat()}
            facts.append(
                Fact(
                    lead_id, "meeting.booked", at, source=SOURCE, external_id=f"{made.pk}:booked", properties=properties
                )
            )
        record(facts, at=at, rows=rows)
    return made


def change_appointment(
    appointment_id: int, *, by: User | None, at: datetime, changes: Mapping[str, Any]
) -> Appointment:
    """Moves it, or corrects place, link and note; the reminder moves along. Raises Conflict when it is over."""
    given = _checked({name: value for name, value in changes.items() if name in CHANGEABLE}, at=at)
    with lock([_lead_of(appointment_id)]) as rows:
        appointment = _planned(appointment_id)
        before = appointment.starts_at
        for name, value in given.items():
            setattr(appointment, name, value)
        appointment.changed_at = at
        appointment.save(update_fields=[*given, "changed_at"])
        if appointment.starts_at != before:
            _remind(appointment, at=at)
            fact = _fact(APPOINTMENT_MOVED, appointment, by=by, at=at, before=before.isoformat())
            record([fact], at=at, rows=rows)
    return appointment


def end_appointment(
    appointment_id: int, *, by: User | None, at: datetime, outcome: str, result: str = ""
) -> Appointment:
    """What came of it: held (the lead attended, which may score), no_show, cancelled. Raises Invalid, Conflict."""
    if outcome not in set(AppointmentOutcome.values) - {AppointmentOutcome.PLANNED}:
        raise Invalid(_("Choose what came of it."), code="invalid_choice", field="outcome")
    with lock([_lead_of(appointment_id)]) as rows:
        appointment = _planned(appointment_id)
        if outcome != AppointmentOutcome.CANCELLED and appointment.starts_at > at:
            raise Invalid(_("The time has not come yet."), code="too_early", field="outcome")
        appointment.outcome, appointment.result = outcome, clean(result, 5000, lines=True)
        appointment.changed_at = at
        appointment.save(update_fields=["outcome", "result", "changed_at"])
        facts = [_fact(APPOINTMENT_ENDED, appointment, by=by, at=at, outcome=outcome, note=appointment.result)]
        if outcome == AppointmentOutcome.HELD:
            moment, properties = min(appointment.starts_at, at), {"meeting": str(appointment.pk)}
            facts.append(
                Fact(appointment.lead_id, "meeting.attended", moment, source=SOURCE,
                     external_id=f"{appointment.pk}:attended", properties=properties)
            )  # fmt: skip
        record(facts, at=at, rows=rows)
    return appointment


def _checked(given: Mapping[str, Any], *, at: datetime) -> dict[str, Any]:
    values = dict(given)
    if "starts_at" in values and not at - FURTHEST < values["starts_at"] < at + FURTHEST:
        raise Invalid(_("Choose a time within three years."), code="invalid", field="starts_at")
    if "minutes" in values and not 5 <= values["minutes"] <= LONGEST:
        raise Invalid(_("An appointment lasts between 5 minutes and a day."), code="invalid", field="minutes")
    if "link" in values:
        values["link"] = checked_link(values["link"], field="link")
    for name, limit in (("place", 200), ("note", 5000)):
        if name in values:
            values[name] = clean(values[name], limit, lines=name == "note")
    return values


def checked_link(link: str, *, field: str) -> str:
    """An address people click: http or https only, "" for none. Raises Invalid."""
    text = clean(link, 500)
    parts = _parts(text)
    if text and (parts is None or parts.scheme not in {"http", "https"} or not parts.hostname or len(str(link)) > 500):
        raise Invalid(_("The link begins with https:// and has at most 500 characters."), code="invalid", field=field)
    return text


def _parts(text: str) -> Any:
    try:
        return urlsplit(text)
    except ValueError:
        return None


def _lead_of(appointment_id: int) -> int:
    lead_id = Appointment.objects.filter(pk=appointment_id).values_list("lead", flat=True).first()
    if lead_id is None:
        raise NotFound
    return lead_id


def _planned(appointment_id: int) -> Appointment:
    """Still to come, locked. Raises Conflict."""
    appointment = Appointment.objects.select_for_update(of=("self",)).select_related("owner").get(pk=appointment_id)
    if not appointment.is_planned:
        raise Conflict(_("Somebody has already said what came of this appointment."), code="already_over")
    return appointment


def _remind(appointment: Appointment, *, at: datetime) -> None:
    due = appointment.starts_at - timedelta(minutes=Policy.current().reminder_minutes)
    if appointment.starts_at > at:
        remind(appointment.lead_id, ReminderKind.APPOINTMENT, due_at=max(due, at), subject=appointment.pk)


def _fact(kind: str, appointment: Appointment, *, by: User | None, at: datetime, **more: Any) -> Fact:
    properties = {
        "appointment": appointment.pk,
        "starts_at": appointment.starts_at.isoformat(),
        "minutes": appointment.minutes,
        "place": appointment.place,
        "link": appointment.link,
        **more,
    }
    return Fact(appointment.lead_id, kind, at, by.pk if by else None, properties=properties)
