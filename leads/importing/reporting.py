"""What a file did not become: each line that stayed out or raised a doubt, with the reason in words."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from orjson import loads

from core.sheets import Column, csv_pieces
from leads import sql
from leads.enums import RowFate
from leads.importing.lines import label_of
from leads.importing.sql import REASONS
from leads.models import Import, Lead


def error_file(found: Import) -> Iterator[bytes]:
    """CSV, line by line. The cells of a line that came in are not kept; its lead is named by number instead."""
    head = [_("Line"), _("What became of it"), _("Lead"), _("Why"), *found.header]
    return csv_pieces([Column(str(label)) for label in head], _rows(found))


def kept_leads(found: Import) -> list[Lead]:
    """Leads the undo left alone because somebody had worked on them, as far as they are listed."""
    kept = found.undo_result.get("kept", [])
    return list(Lead.objects.filter(pk__in=kept, standing__isnull=False).order_by("pk"))


def troubles(found: Import) -> list[dict[str, Any]]:
    """A few lines of each reason, the rarest reason first: what happened once is not lost among what happened often."""
    names = ("times", "number", "fate", "lead", "cells")
    rows = sql.run(REASONS, found.pk)
    return [{**dict(zip(names, line, strict=True)), "troubles": loads(problems)} for *line, problems in rows]


def _rows(found: Import) -> Iterator[list[object]]:
    lines = found.lines.exclude(problems=[]).order_by("number")
    fields = ("number", "fate", "lead_id", "problems", "cells")
    for number, fate, lead_id, problems, cells in lines.values_list(*fields).iterator(chunk_size=2000):
        why = " · ".join(f"{label_of(p['field'])}: {p['message']}" if p["field"] else p["message"] for p in problems)
        yield [number, str(RowFate(fate).label), lead_id or "", why, *cells]
