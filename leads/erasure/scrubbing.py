"""Takes a person out of every row of this room, set-based, and leaves what is counted as it was."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from leads import sql as leads_sql
from leads.enums import AppointmentOutcome
from leads.erasure import sql
from leads.erasure.traces import Traces, traces_of
from leads.models import (
    Appointment,
    Attachment,
    Call,
    Duplicate,
    DuplicateKey,
    Handback,
    Handoff,
    Identity,
    JobRow,
    Lead,
    Merge,
    PersonRequest,
    Qualification,
    Reminder,
    SavedView,
)

NO_WORDS = "–"
COMMON = 5  # others of the same city or product: what fewer share tells who it was
BLANK: Mapping[str, Any] = {
    "name": "", "phone": None, "email": None, "company": "", "title": "", "company_size": None, "external_id": "",
    "utm": {}, "consent": {}, "custom": {}, "tags": [], "contactable": False, "search": "",
}  # fmt: skip


def scrub(leads: Sequence[Lead], *, at: datetime) -> None:
    """Empties all that hangs on these leads and what speaks of them elsewhere. The caller holds them locked."""
    ids, traces = [lead.pk for lead in leads], traces_of(leads)
    _words(ids)
    _requests(ids)
    _log(ids)
    _ties(ids)
    _arrivals(ids, traces)
    _searches(traces)
    for lead in leads:
        Lead.objects.filter(pk=lead.pk).update(**BLANK, **_rare(lead, ids), erased_at=at, updated_at=at)


def stored_files(leads: Sequence[Lead]) -> list[str]:
    """The names under which the person's files lie."""
    return list(Attachment.objects.filter(lead__in=leads).values_list("stored", flat=True))


def _words(ids: Sequence[int]) -> None:
    Call.objects.filter(lead__in=ids).update(note="", recording_url="")
    Handoff.objects.filter(lead__in=ids).update(note="")
    Handback.objects.filter(handoff__lead__in=ids).update(reason="")
    mine = Qualification.objects.filter(handoff__lead__in=ids)
    mine.update(budget_note="", authority_note="", need_note="", timing_note="", budget_amount=None)
    planned = Appointment.objects.filter(lead__in=ids, outcome=AppointmentOutcome.PLANNED)
    planned.update(outcome=AppointmentOutcome.CANCELLED)
    Appointment.objects.filter(lead__in=ids).update(place="", link="", note="", result="")


def _requests(ids: Sequence[int]) -> None:
    """What was asked stays, and how it ended; every word goes. Why one was refused can't stay empty."""
    asked = PersonRequest.objects.filter(lead__in=ids)
    asked.update(asked_by="", note="")
    asked.exclude(reason="").update(reason=NO_WORDS)


def _log(ids: Sequence[int]) -> None:
    kept = [list(sql.OF_THE_HOUSE), list(sql.CODED), sql.CODE, list(sql.REASONS)]
    leads_sql.run(sql.EMPTY_EVENTS, sql.OWN_KINDS, *kept, list(ids))


def _ties(ids: Sequence[int]) -> None:
    """What says who else it may have been, and what would bring it back."""
    for model in (Attachment, Identity, DuplicateKey, Reminder, JobRow):
        model._default_manager.filter(lead__in=ids).delete()
    for side in ("one", "other"):
        Duplicate.objects.filter(**{f"{side}__in": ids}).delete()
    for side in ("survivor", "other"):
        Merge.objects.filter(**{f"{side}__in": ids}).delete()


def _arrivals(ids: Sequence[int], traces: Traces) -> None:
    told = [traces.numbers, traces.addresses]
    leads_sql.run(sql.EMPTY_SUBMISSIONS, list(ids), *told)
    leads_sql.run(sql.EMPTY_LINES, list(ids), *told)
    leads_sql.run(sql.EMPTY_SAMPLES, *told)
    leads_sql.run(sql.EMPTY_POSITIONS)


def _searches(traces: Traces) -> None:
    """Somebody may have kept a search for this very person."""
    leads_sql.run(sql.EMPTY_SEARCHES, traces.numbers, traces.searches)
    kept = SavedView.objects.filter(query__contains="q=")
    views = [view for view in kept if traces.occur_in(dict(parse_qsl(view.query)).get("q", ""))]
    for view in views:
        view.query = urlencode([(name, value) for name, value in parse_qsl(view.query) if name != "q"])
    SavedView.objects.bulk_update(views, ["query"])


def _rare(lead: Lead, ids: Sequence[int]) -> dict[str, str]:
    """City and product stay where they are many people's: reports count by them. Index: lead_city, lead_product."""
    said = {"city": lead.city, "product": lead.product}
    return {name: "" for name, value in said.items() if value and _shared(name, value, ids) < COMMON}


def _shared(name: str, value: str, ids: Sequence[int]) -> int:
    return Lead.objects.filter(**{name: value}).exclude(pk__in=ids)[:COMMON].count()
