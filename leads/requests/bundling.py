"""The data of one person to take away: a ZIP with a page for people, JSON for machines, and the person's files.

Made by a background job like every export, for whoever asked for it alone, kept seven days; the job's row is the log.
"""

import secrets
import shutil
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import IO

import orjson
from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.permissions import may
from core.errors import Conflict, Refused
from leads.enums import RequestKind
from leads.erasure.people import meant
from leads.export_files import ACCESS, folder
from leads.jobs import ABOUT, Clock, Step, Steps, Work, register, start
from leads.models import Attachment, Event, Job, Lead, PersonRequest
from leads.requests.registering import person_of
from leads.requests.telling import Part, tell

AT_ONCE = 1_000  # log rows of a person somebody waits for
LOOK = "leadflow/css/person.css"


def prepare(found: PersonRequest, *, by: User, at: datetime, clock: Clock) -> Job:
    """Starts the work; for a short log it is finished on return. What is being made already is not begun twice.

    Raises Refused for a role that may not, Conflict for a request that is closed or asks for something else.
    """
    if not may(by, "people.requests"):
        raise Refused(_("Your role may not do this."), code="may_not")
    if found.kind != RequestKind.ACCESS or not found.is_open:
        raise Conflict(_("This request has been closed already."), code="already_closed")
    known = bundle_of(found)
    if known and known.is_open and known.by_id == by.pk:
        return known
    lead_id = person_of(found)
    params = {ABOUT: found.pk, "lead": lead_id, "shape": "zip"}
    title = _("All data of lead #%(number)s") % {"number": lead_id}
    short = Event.objects.filter(lead=lead_id)[: AT_ONCE + 1].count() <= AT_ONCE
    return start(ACCESS, by=by, at=at, title=title, params=params, at_once=clock if short else None)


def bundle_of(found: PersonRequest) -> Job | None:
    """The newest bundle of this request, ready or not. Index: job_of_kind."""
    return Job.objects.filter(kind=ACCESS, params__about=found.pk).order_by("-created_at", "-pk").first()


def steps(job: Job, clock: Clock) -> Steps:
    """One step: a person's data are small, however long the log."""
    found = PersonRequest.objects.select_related("lead").get(pk=job.params[ABOUT])
    leads = meant(person_of(found))
    parts = list(tell(leads))
    name = f"{job.pk}-{secrets.token_urlsafe(16)}.zip"
    with (folder() / name).open("wb") as file:
        write(file, leads, parts, at=clock())
    yield Step(sum(len(part.rows) for part in parts), result={"file": name})


def write(file: IO[bytes], leads: Sequence[Lead], parts: Sequence[Part], *, at: datetime) -> None:
    """The archive. What a file was called stands after its number, so that no two are of one name."""
    context = {"lead": leads[0], "parts": parts, "at": at}
    data = {part.table: part.data for part in parts}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("index.html", render_to_string("leads/person_data.html", context))
        archive.writestr("data.json", orjson.dumps(data, default=str, option=orjson.OPT_INDENT_2))
        archive.writestr("person.css", Path(str(finders.find(LOOK))).read_bytes())
        for kept in Attachment.objects.filter(lead__in=leads).order_by("pk"):
            stored = str(kept.stored)
            if default_storage.exists(stored):
                with default_storage.open(stored) as source, archive.open(_name(kept), "w") as target:
                    shutil.copyfileobj(source, target)


def _name(kept: Attachment) -> str:
    return f"files/{kept.pk}-{kept.name}"


register(Work(ACCESS, gettext_lazy("Data of a person"), "file-down", steps, home="person_request"))
