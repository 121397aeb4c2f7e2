"""What people do with an import: upload, match columns, check, start, stop, take back."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict, DomainError, Invalid
from core.text import clean
from leads import jobs
from leads.custom_fields import fields_in_use
from leads.enums import ImportKind, ImportPhase, JobPhase
from leads.importing import work
from leads.importing.cells import month_first
from leads.importing.columns import WHENS, guess, guess_by_cells, guess_kind, shape_of, targets_for
from leads.importing.lines import label_of
from leads.importing.places import forget, keep, path_of
from leads.importing.tables import open_table
from leads.models import Import

SAMPLE = 50
EARLY = (ImportPhase.MAPPING, ImportPhase.CHECKED)
OVER = (ImportPhase.DONE, ImportPhase.CANCELLED, ImportPhase.FAILED)
# What a worker's end leaves behind, when it was stopped or gave up.
LEFT = {
    ImportPhase.CHECKING: {JobPhase.CANCELLED: ImportPhase.MAPPING, JobPhase.FAILED: ImportPhase.MAPPING},
    ImportPhase.RUNNING: {JobPhase.CANCELLED: ImportPhase.CANCELLED, JobPhase.FAILED: ImportPhase.FAILED},
    ImportPhase.UNDOING: {JobPhase.CANCELLED: ImportPhase.CANCELLED, JobPhase.FAILED: ImportPhase.FAILED},
}


def upload(name: str, pieces: Iterable[bytes], *, by: User | None, at: datetime) -> Import:
    """Takes a file, looks at its header and first lines, and guesses what they mean. Raises Invalid, keeping nothing.

    What was chosen for a file with the same headings last time is chosen again.
    """
    made = Import(name=clean(name, 200) or "?", by=by, at=at, path=keep(pieces))
    try:
        path = path_of(made)
        made.size = path.stat().st_size
        with open_table(path) as table:
            made.format, made.header = str(table.format), table.header
            made.sample = [[number, cells] for number, cells in islice(table.lines, SAMPLE)]
        if not made.sample:
            raise Invalid(_("This file has a header, but no rows below it."), code="empty", field="file")
    except DomainError:
        forget(made.path)
        raise
    made.shape = shape_of(made.header)
    named = [name for name in made.header if not name.startswith("#")]  # columns without names are alike in any file
    alike = Import.objects.filter(shape=made.shape).exclude(mapping={}).order_by("-at", "-pk")
    last = alike.first() if named else None
    made.kind = last.kind if last else guess_kind(made.header)
    made.mapping, made.options = (last.mapping, last.options) if last else guessed(made, made.kind)
    made.save()
    return made


def guessed(found: Import, kind: str) -> tuple[dict[str, str], dict[str, Any]]:
    """Mapping and options as the headings and the first lines suggest them."""
    own = [(field.key, field.label) for field in fields_in_use().values()]
    columns = guess(found.header, kind, own)
    if kind != ImportKind.SPEND:
        columns = guess_by_cells(columns, [cells for _number, cells in found.sample])
    whens = [column for column, target in columns.items() if target in WHENS]
    samples = [cells[column] for _number, cells in found.sample for column in whens]
    options: dict[str, Any] = {"month_first": month_first(samples)}
    if "external_id" in columns.values():
        options["system"] = system_of(found.name)
    return {str(column): target for column, target in columns.items()}, options


def system_of(name: str) -> str:
    """Whose ids a file may bring, from its name: "olist_closed_deals.csv" is of "olist"."""
    word = "".join(char if char.isalnum() else " " for char in name.rpartition(".")[0] or name).split()
    return clean(word[0].lower() if word else "", 120)


def match_columns(
    found: Import, *, kind: str, mapping: Mapping[str, str], options: Mapping[str, Any], by: User | None, at: datetime
) -> None:
    """Keeps what the columns mean and has the whole file checked. Raises Invalid or Conflict."""
    check_mapping(kind, mapping, options)
    kept = {"kind": kind, "mapping": dict(mapping), "options": dict(options), "check_result": {}}
    _enter(found, EARLY, ImportPhase.CHECKING, **kept)
    _work(found, work.CHECK, by=by, at=at)


def check_mapping(kind: str, mapping: Mapping[str, str], options: Mapping[str, Any]) -> None:
    """Raises Invalid for columns that cannot mean this, mean it twice, or leave out what every line needs."""
    allowed = {target.name for target in targets_for(kind)}
    if kind != ImportKind.SPEND:
        allowed |= {f"custom.{key}" for key in fields_in_use()}
    chosen = list(mapping.values())
    for name in chosen:
        if name not in allowed or chosen.count(name) > 1:
            message = _("“%(name)s” cannot be chosen here, or is chosen twice.") % {"name": label_of(name)}
            raise Invalid(message, code="invalid_mapping", field="mapping")
    needed = {"day", "amount"} if kind == ImportKind.SPEND else set()
    if missing := needed - set(chosen):
        names = ", ".join(sorted(label_of(name) for name in missing))
        raise Invalid(_("Choose a column for: %(names)s.") % {"names": names}, code="incomplete", field="mapping")
    if kind != ImportKind.SPEND and not {"phone", "email", "external_id"} & set(chosen):
        message = _("Choose a column for phone, e-mail or id: without one nobody can be recognised.")
        raise Invalid(message, code="incomplete", field="mapping")
    if "occurred_at" in chosen and not options.get("action"):
        raise Invalid(_("Say what these people did at that moment."), code="required", field="action")


def start(found: Import, *, by: User | None, at: datetime) -> None:
    """Brings the checked file in. Raises Conflict when it is not checked, or somebody has started it already."""
    _enter(found, (ImportPhase.CHECKED,), ImportPhase.RUNNING, check_result={}, sample=[])
    _work(found, work.RUN, by=by, at=at)


def take_back(found: Import, *, by: User | None, at: datetime) -> None:
    """Has the whole import undone. Raises Conflict while it runs, or when it is undone already."""
    _enter(found, OVER, ImportPhase.UNDOING)
    _work(found, work.UNDO, by=by, at=at)


def throw_away(found: Import) -> None:
    """Forgets a file nothing was brought in from. Raises Conflict for any other."""
    if not Import.objects.filter(pk=found.pk, phase__in=EARLY).delete()[0]:
        raise _too_late()
    forget(found.path)


def stop(found: Import, *, at: datetime) -> None:
    """Asks the worker to stop. What came in until then stays, and can be taken back. Raises Conflict."""
    if found.job is None:
        raise _too_late()
    jobs.cancel(found.job, at=at)


def catch_up(found: Import, *, at: datetime) -> Import:
    """Sees whether its worker was stopped or gave up, and says so."""
    if found.is_busy and found.job and not found.job.is_open:
        phase = LEFT[ImportPhase(found.phase)].get(found.job.phase)
        here = Import.objects.filter(pk=found.pk, phase=found.phase)
        if phase and here.update(phase=phase, ended_at=at):
            found.phase = phase
    return found


def _enter(found: Import, before: Iterable[ImportPhase], after: ImportPhase, **also: Any) -> None:
    """Moves on, unless somebody was faster."""
    if not Import.objects.filter(pk=found.pk, phase__in=list(before)).update(phase=after, **also):
        raise _too_late()
    found.refresh_from_db()


def _work(found: Import, what: jobs.Work, *, by: User | None, at: datetime) -> None:
    """Puts the work in line for a worker; whoever has no account (the command line) does it themselves."""
    if by is not None:
        total = found.rows or None
        found.job = jobs.start(what.name, by=by, at=at, title=found.name, params={"import": found.pk}, total=total)
        found.save(update_fields=["job"])


def _too_late() -> Conflict:
    return Conflict(_("This import has moved on meanwhile. Look at the page again."), code="moved_on")
