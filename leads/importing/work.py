"""An import as background work: the file staged and checked, then brought in, or taken back; each in small steps."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy

from core import failpoints
from core.hints import push
from leads import sql
from leads.enums import ImportKind, ImportPhase, RowFate
from leads.importing import sql as import_sql
from leads.importing.ahead import ahead
from leads.importing.checking import Tally
from leads.importing.chunks import Line, Numbered, Source, bring_in, understand
from leads.importing.history import people
from leads.importing.lanes import Beside, Read, is_alone, parted
from leads.importing.lines import Plan, Reading
from leads.importing.places import forget, path_of
from leads.importing.spending import bring_in_costs
from leads.importing.tables import open_table
from leads.importing.undoing import take_back
from leads.jobs import Clock, LeaseLostError, Step, Steps, Work, register
from leads.models import Import, Job
from leads.search import search_of
from leads.sql import CHECK_NOW

STAGED = 20_000  # lines a step
CHECKED = 4_000
FEWEST, MOST = 1_000, 8_000  # brought in a step
BRIEF, LONG = timedelta(seconds=2), timedelta(seconds=6)  # a step that takes less is followed by a larger one
TAKEN_BACK = 500
LAST = 2**31 - 1
COUNTED = (RowFate.CREATED, RowFate.MATCHED, RowFate.REJECTED)
Chunk = tuple[int, list[Numbered]]  # the last line's number, and the lines


def source_of(found: Import) -> Source:
    """The file's plan, and the people whose names may stand in it."""
    columns = {int(column): name for column, name in found.mapping.items()}
    plan = Plan(columns, **found.options)
    known = people() if "owner" in columns.values() else {}
    return Source(ImportKind(found.kind), plan, f"import:{found.pk}", known, found.by)


def check(found: Import, start: dict[str, Any], clock: Clock) -> Steps:
    """Stages the file if that has not been done, then says what would become of its lines. Writes no lead."""
    if not found.staged:
        yield from _stage(found, start)
        start = {}
    tally = Tally.of(start.get("tally"))
    source = source_of(found)
    for number, lines in _chunks(found, start.get("number", 0), Pace(CHECKED)):
        tally.add(lines, source, at=clock())
        yield Step(tally.seen, position={"number": number, "tally": tally.as_json()}, total=found.rows)
    forget(found.path)
    Import.objects.filter(pk=found.pk).update(phase=ImportPhase.CHECKED, check_result=tally.as_json())
    yield Step(tally.seen, total=found.rows)


def run(found: Import, start: dict[str, Any], clock: Clock) -> Steps:
    """Brings the lines in, some thousands at a time, in two lanes; the next are read meanwhile.

    A step commits one lane. Of the other and of what waits for both, only the lines themselves know whether they are
    stored: a worker that goes on asks for those behind the step's number that are not.
    """
    source, pace = source_of(found), Pace()
    sums = Counter({fate.value: int(getattr(found, fate.value)) for fate in COUNTED})
    later: list[Read] = []
    with Beside[dict[str, int]]() as beside:
        for number, lines in _read_ahead(found, start.get("number", 0), source, pace, clock):
            began = clock()
            sums.update(beside.end() or {})
            mine, other, later = _shared_out(later, lines, source)
            if other:
                beside.begin(partial(_apart, found, other, source, at=began))
            with transaction.atomic():  # what goes wrong here lets go of its locks before the other lane is waited for
                sums.update(_bring_in(found, mine, source, at=began))
            pace.took(clock() - began)
            yield _step(found, sums, min((line[0][0] - 1 for line in (*other, *later)), default=number))
        sums.update(beside.end() or {})
        sums.update(_bring_in(found, later, source, at=clock()))
        _end(found, ImportPhase.DONE, at=clock())
        yield _step(found, sums, LAST)


def undo(found: Import, start: dict[str, Any], clock: Clock) -> Steps:
    """Takes the lines back, the last first."""
    tally = dict(start.get("tally") or {"removed": 0, "restored": 0, "kept": []})
    done, number = start.get("done", 0), start.get("number", LAST)
    moments = [at for at in found.lines.values_list("at", flat=True).order_by().distinct() if at]
    pace = Pace(TAKEN_BACK)
    while lines := sql.run(import_sql.LAST_LINES, found.pk, number, pace.lines):
        began = clock()
        take_back(found, lines, tally, moments, at=began)
        pace.took(clock() - began)
        number, done = lines[-1][0], done + len(lines)
        yield Step(done, position={"number": number, "done": done, "tally": tally}, total=found.rows)
    found.lines.all().delete()
    Import.objects.filter(pk=found.pk).update(undo_result=tally)
    _end(found, ImportPhase.UNDONE, at=clock())
    yield Step(done, total=found.rows)


def _stage(found: Import, start: dict[str, Any]) -> Steps:
    """The file into the staging table. A worker that died goes on behind the last line that is there."""
    last, rows = start.get("staged", 0), start.get("rows", 0)
    with open_table(path_of(found)) as table:
        lines = (line for line in table.lines if line[0] > last)
        while piece := list(islice(lines, STAGED)):
            import_sql.stage(found.pk, piece)
            last, rows = piece[-1][0], rows + len(piece)
            yield Step(0, position={"staged": last, "rows": rows}, total=None)
    found.staged, found.rows = True, rows
    Import.objects.filter(pk=found.pk).update(staged=True, rows=rows)
    yield Step(0, position={}, total=rows)


@dataclass
class Pace:
    """How many lines a step takes: as many as let people see it move, and let a slow database keep its lease."""

    lines: int = FEWEST

    def took(self, time: timedelta) -> None:
        if time < BRIEF:
            self.lines = min(self.lines * 2, MOST)
        elif time > LONG:
            self.lines = max(self.lines // 2, FEWEST)


def _chunks(found: Import, number: int, pace: Pace) -> Iterator[Chunk]:
    while lines := sql.run(import_sql.NEXT_LINES, found.pk, number, pace.lines):
        number = lines[-1][0]
        yield number, [(line, cells) for line, cells in lines]


def _read_ahead(
    found: Import, number: int, source: Source, pace: Pace, clock: Clock
) -> Iterator[tuple[int, list[Read]]]:
    chunks = _chunks(found, number, pace)
    for (last, lines), read in ahead(chunks, lambda chunk: _understood(chunk[1], source, at=clock())):
        yield last, list(zip(lines, read, strict=True))


def _understood(lines: list[Numbered], source: Source, *, at: datetime) -> list[Line]:
    """The lines as they will be brought in; whatever takes no database is done here."""
    if source.kind == ImportKind.SPEND:
        return [Line(number, Reading()) for number, _cells in lines]
    read = understand(lines, source, at=at)
    for enquiry in (line.stored.enquiry for line in read if line.stored):
        enquiry.search = search_of(enquiry)
    return read


def _shared_out(later: list[Read], lines: list[Read], source: Source) -> tuple[list[Read], list[Read], list[Read]]:
    """Who brings in which lines: this lane, the other, nobody yet. Few are not worth a second lane."""
    if len(lines) < FEWEST or source.kind == ImportKind.SPEND or is_alone():
        return [*later, *lines], [], []
    return parted(later, lines)


@transaction.atomic
def _apart(found: Import, lines: list[Read], source: Source, *, at: datetime) -> dict[str, int]:
    return _bring_in(found, lines, source, at=at)


def _bring_in(found: Import, read: list[Read], source: Source, *, at: datetime) -> dict[str, int]:
    """Brings these lines in and settles them; says how many became what. Raises LeaseLostError if somebody else did."""
    if not read:
        return {}
    lines = [line for line, _read in read]
    if source.kind == ImportKind.SPEND:
        rows = bring_in_costs(lines, source.plan, by=source.by, at=at)
    else:
        rows = [line.as_row() for line in bring_in(lines, source, at=at, read=[one for _line, one in read])]
    [(settled,)] = sql.run(import_sql.SETTLE_LINES, at, sql.as_json(rows), found.pk)
    if settled < len(rows):
        raise LeaseLostError
    sql.run(CHECK_NOW)  # not at the commit: the other lane waits for the import's row until then
    counts = _count(found, rows)
    failpoints.reach("import_chunk")
    push("leads", "dashboard")
    return counts


def _count(found: Import, rows: list[dict[str, Any]]) -> dict[str, int]:
    """Adds the lines to the totals of the import."""
    counts = {fate.value: sum(1 for row in rows if row["fate"] == fate) for fate in COUNTED}
    warned = sum(1 for row in rows if row["problems"] and row["fate"] != RowFate.REJECTED)
    sums = {name: F(name) + count for name, count in {**counts, "warned": warned}.items() if count}
    if sums:
        Import.objects.filter(pk=found.pk).update(**sums)
    return counts


def _step(found: Import, sums: Mapping[str, int], number: int) -> Step:
    done = sums["created"] + sums["matched"]
    return Step(done, sums["rejected"], position={"number": number}, total=found.rows)


def _end(found: Import, phase: ImportPhase, *, at: datetime) -> None:
    Import.objects.filter(pk=found.pk).update(phase=phase, ended_at=at)
    push("leads", "dashboard")


def _of_job(steps: Callable[[Import, dict[str, Any], Clock], Steps]) -> Callable[[Job, Clock], Steps]:
    def of_job(job: Job, clock: Clock) -> Steps:
        found = Import.objects.select_related("by").get(pk=job.params["import"])
        return steps(found, dict(job.position), clock)

    return of_job


CHECK = register(
    Work("import.check", gettext_lazy("Check a file"), "file-search", _of_job(check), home="import_of_job")
)
RUN = register(Work("import.run", gettext_lazy("Import a file"), "file-down", _of_job(run), home="import_of_job"))
UNDO = register(Work("import.undo", gettext_lazy("Take an import back"), "undo-2", _of_job(undo), home="import_of_job"))
