"""Leads to take away: a file made by a background job, for whoever asked alone, kept seven days.

The job's row is the log: who, when, which filter, which columns, how many rows. Small exports run at once.
"""

import os
import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from accounts.permissions import may
from core.errors import Invalid, Refused
from core.figures import number
from core.sheets import csv_pieces, write_xlsx
from leads.bulk.selection import Selection, from_params
from leads.columns import Column, chosen, columns
from leads.export_files import EXPORT, TYPES, folder
from leads.jobs import Clock, Step, Steps, Work, register, start
from leads.models import Job

AT_ONCE = 2_000  # rows a person waits for
MOST_XLSX = 100_000  # rows; a bigger sheet opens badly anywhere, CSV has no limit
CHUNK = 2_000


def export_leads(selection: Selection, *, by: User, at: datetime, keys: Sequence[str], shape: str, clock: Clock) -> Job:
    """Starts the export; up to 2,000 rows it is finished on return.

    Raises Refused for a role that may not export, Invalid for an unknown format or an XLSX of over 100,000 rows.
    """
    if not may(by, "leads.export"):
        raise Refused(_("Your role may not export leads."), code="may_not_export")
    if shape not in TYPES:
        raise Invalid(_("Choose CSV or XLSX."), code="invalid_choice", field="shape")
    total = selection.rows(by).count()
    if shape == "xlsx" and total > MOST_XLSX:
        message = _("These are %(total)s leads; an XLSX holds at most %(most)s here. Choose CSV, it has no limit.")
        words = {"total": number(total), "most": number(MOST_XLSX)}
        raise Invalid(message % words, code="too_many", field="shape")
    params = {"selection": selection.as_params(), "columns": list(keys), "shape": shape}
    title = ngettext("Export of %(count)s lead", "Export of %(count)s leads", total) % {"count": number(total)}
    at_once = clock if total <= AT_ONCE else None
    return start(EXPORT, by=by, at=at, title=title, params=params, total=total, at_once=at_once)


def steps(job: Job, _clock: Clock) -> Steps:
    """CSV: two thousand rows a step, going on where the file ends. XLSX: one step, small enough for it."""
    wanted = chosen(job.params["columns"], columns())
    name = job.result.get("file") or f"{job.pk}-{secrets.token_urlsafe(16)}.{job.params['shape']}"
    make = _csv_steps if job.params["shape"] == "csv" else _xlsx_step
    yield from make(job, wanted, name)


def _csv_steps(job: Job, wanted: Sequence[Column], name: str) -> Steps:
    done, last = job.done, job.position.get("last", 0)
    with (folder() / name).open("ab") as file:
        file.truncate(job.position.get("bytes", 0))  # what a dead worker wrote after its last kept step
        while True:
            rows = _rows(job, wanted, last)
            for piece in csv_pieces([column.sheet() for column in wanted], [row[1] for row in rows], head=not last):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
            done, last = done + len(rows), rows[-1][0] if rows else last
            yield Step(done, position={"last": last, "bytes": file.tell()}, result={"file": name})
            if len(rows) < CHUNK:
                return


def _xlsx_step(job: Job, wanted: Sequence[Column], name: str) -> Steps:
    count = 0

    def rows() -> Iterator[list[Any]]:
        nonlocal count
        last = 0
        while found := _rows(job, wanted, last):
            last, count = found[-1][0], count + len(found)
            yield from (values for _lead, values in found)

    with (folder() / name).open("wb") as file:
        write_xlsx(file, [column.sheet() for column in wanted], rows())
    yield Step(count, result={"file": name})


def _rows(job: Job, wanted: Sequence[Column], last: int) -> list[tuple[int, list[Any]]]:
    """The next rows after a lead's id, as the file holds them; who may see them is asked anew each time."""
    found = from_params(job.params["selection"]).rows(job.by).select_related(None).filter(lead__gt=last)
    paths = ["lead", *(column.path for column in wanted)]
    return [
        (lead, [column.export(value) for column, value in zip(wanted, values, strict=True)])
        for lead, *values in found.order_by("lead").values_list(*paths)[:CHUNK]
    ]


register(Work(EXPORT, gettext_lazy("Export"), "download", steps))
