"""An erasure that was asked for is carried out by a job of two steps: the rows, then the files."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict
from leads.jobs import Clock, start
from leads.models import Job, PersonRequest

ERASURE = "leads.erasure"


def carry_out(found: PersonRequest, *, by: User, at: datetime, clock: Clock) -> Job:
    """Erases the person now; files that can't be removed at once are tried again by the workers. Raises Conflict."""
    if found.closed_by_id is not None:
        raise Conflict(_("This person has been erased already."), code="already_erased")
    title = _("Erasure of lead #%(number)s") % {"number": found.lead_id}
    params = {"erasure": found.pk}
    return start(ERASURE, by=by, at=at, title=title, params=params, total=2, at_once=clock)
