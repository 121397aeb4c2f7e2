"""A person asks to be erased: registered with its due date, carried out by a job of two steps: the rows, the files."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict, Invalid
from leads.enums import ErasureGround
from leads.erasure.people import meant
from leads.jobs import Clock, start
from leads.models import Erasure, Job, Lead, Policy

ERASURE = "leads.erasure"


def register(lead_id: int, *, by: User, at: datetime, ground: str, asked_on: date) -> Erasure:
    """Keeps the request; what is open already stays, with what is said now.

    Raises NotFound for a lead that is not there, Conflict for one that is erased, Invalid for a day to come.
    """
    lead = meant(lead_id)[0]
    if lead.erased_at:
        raise Conflict(_("This person has been erased already."), code="already_erased")
    if asked_on > at.date() + timedelta(days=1):
        raise Invalid(_("The request can't come from the future."), code="in_future", field="asked_on")
    due = asked_on + timedelta(days=Policy.current().erasure_days)
    said = {"ground": ErasureGround(ground), "asked_on": asked_on, "due_on": due}
    first = {**said, "by": by, "at": at}
    return Erasure.objects.update_or_create(lead=lead, done_at=None, defaults=said, create_defaults=first)[0]


def carry_out(found: Erasure, *, by: User, at: datetime, clock: Clock) -> Job:
    """Erases the person now; files that can't be removed at once are tried again by the workers. Raises Conflict."""
    if found.done_by_id is not None:
        raise Conflict(_("This person has been erased already."), code="already_erased")
    title = _("Erasure of lead #%(number)s") % {"number": found.lead_id}
    params = {"erasure": found.pk}
    return start(ERASURE, by=by, at=at, title=title, params=params, total=2, at_once=clock)


def request_of(lead: Lead) -> Erasure | None:
    """The lead's request: the open one, or the one that was carried out."""
    return Erasure.objects.filter(lead=lead).select_related("by", "done_by").order_by("-pk").first()
