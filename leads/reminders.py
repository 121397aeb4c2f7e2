"""Telling people in time: call-backs, appointments, the end of care. Rows with a due time, swept in batches."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from leads.enums import AppointmentOutcome, Outcome, ReminderKind, Stage
from leads.events import Fact, record
from leads.kinds import REMINDERS
from leads.models import Appointment, Handoff, Reminder
from leads.standing import Standings, lock

BATCH = 500


def remind(lead_id: int, kind: ReminderKind, *, due_at: datetime, subject: int = 0) -> None:
    """Reminds once, when the time has come; a new time replaces the old one."""
    remind_all([Reminder(lead_id=lead_id, kind=kind, subject=subject, due_at=due_at)])


def remind_all(reminders: Sequence[Reminder]) -> None:
    """The same for many, in one statement."""
    Reminder.objects.bulk_create(
        reminders,
        update_conflicts=True,
        unique_fields=["lead", "kind", "subject"],
        update_fields=["due_at", "done_at"],
    )


def sweep_reminders(*, at: datetime) -> int:
    """Records what has fallen due and still holds, and with it tells the owners. Returns how many were told.

    Two sweeps at once share the work; a missed day is caught up with, each reminder once.
    """
    told = 0
    while due := _take(at):
        told += due[1]
    return told


def _take(at: datetime) -> tuple[int, int] | None:
    """One batch: (rows, told), or None when nothing is due."""
    with transaction.atomic():
        rows = list(
            Reminder.objects.select_for_update(skip_locked=True)
            .filter(done_at=None, due_at__lte=at)
            .order_by("due_at", "pk")[:BATCH]
        )
        if not rows:
            return None
        with lock({row.lead_id for row in rows}) as standings:
            facts = list(_facts(rows, at=at, standings=standings))
            record(facts, at=at, rows=standings)
        Reminder.objects.filter(pk__in=[row.pk for row in rows]).update(done_at=at)
    return len(rows), len(facts)


def _facts(rows: Sequence[Reminder], *, at: datetime, standings: Standings) -> Iterable[Fact]:
    appointments = _planned(rows)
    accepted = Handoff.objects.in_bulk([r.subject for r in rows if r.kind == ReminderKind.CARE])
    for row in rows:
        standing = standings[row.lead_id]
        properties: dict[str, object] = {
            "owner": standing.owner_id,
            "team": standing.team_id,
            "due_at": row.due_at.isoformat(),
        }
        if row.kind == ReminderKind.CALL:
            holds = standing.next_step_at == row.due_at
        elif row.kind == ReminderKind.CARE:
            holds = standing.stage == Stage.SQL and _care_ends(accepted.get(row.subject), row.due_at)
        else:
            appointment = appointments.get(row.subject)
            holds = appointment is not None and appointment.starts_at > at
            properties |= _about(appointment) if appointment else {}
        if holds and properties["owner"]:
            yield Fact(row.lead_id, REMINDERS[ReminderKind(row.kind)], row.due_at, properties=properties)


def _planned(rows: Sequence[Reminder]) -> dict[int, Appointment]:
    wanted = [row.subject for row in rows if row.kind == ReminderKind.APPOINTMENT]
    planned = Appointment.objects.filter(outcome=AppointmentOutcome.PLANNED)
    return planned.in_bulk(wanted) if wanted else {}


def _about(appointment: Appointment) -> dict[str, object]:
    """Whom it is with, and where; the person who has the appointment need not be the lead's owner."""
    return {
        "owner": appointment.owner_id,
        "appointment": appointment.pk,
        "starts_at": appointment.starts_at.isoformat(),
        "place": appointment.place or appointment.link,
    }


def _care_ends(handoff: Handoff | None, due_at: datetime) -> bool:
    return handoff is not None and handoff.outcome == Outcome.ACCEPTED and handoff.care_until == due_at
