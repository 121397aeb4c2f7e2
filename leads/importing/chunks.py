"""A few hundred lines at a time from the staging table into leads, through the same door as everybody."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from leads import sql
from leads.arrival import welcome
from leads.enquiry import Problem, read_enquiry
from leads.enums import Channel, ImportKind, RowFate
from leads.events import Fact, record
from leads.importing import snapshots
from leads.importing.history import Chronicle
from leads.importing.lines import Plan, Reading, Trouble, label_of, read_history, read_line
from leads.importing.sql import PIN_TAGS
from leads.intake import Receipt, Stored, take_in
from leads.kinds import LEAD_UPDATED
from leads.matching import RaceLostError
from leads.standing import lock

READERS = {ImportKind.LEADS: read_line, ImportKind.HISTORY: read_history}
Numbered = tuple[int, list[str]]


@dataclass(slots=True)
class Line:
    """One line on its way: how it was read, and the enquiry it makes, if any."""

    number: int
    reading: Reading
    stored: Stored | None = None
    fate: RowFate = RowFate.REJECTED
    before: snapshots.Before | None = None

    @property
    def lead_id(self) -> int | None:
        return self.stored.receipt.lead_id if self.stored else None

    def as_row(self) -> dict[str, Any]:
        """As the staging table keeps it."""
        receipt = self.stored.receipt if self.stored else None
        return {
            "number": self.number,
            "fate": self.fate,
            "lead_id": receipt and receipt.lead_id,
            "submission_id": receipt and receipt.submission_id,
            "problems": [trouble.as_dict() for trouble in self.reading.troubles],
            "before": self.before,
        }


@dataclass(frozen=True)
class Source:
    """The file the lines are of."""

    kind: ImportKind
    plan: Plan
    client: str
    people: Mapping[str, User | None]
    by: User | None


def understand(lines: Sequence[Numbered], source: Source, *, at: datetime) -> list[Line]:
    """Reads lines without writing anything: what each would be sent as, or what is wrong with it."""
    found = []
    for number, cells in lines:
        line = Line(number, READERS[source.kind](cells, source.plan, at=at))
        found.append(line)
        if line.reading.is_refused:
            continue
        enquiry, problems = read_enquiry(line.reading.payload, default_source=Channel.IMPORT)
        line.reading.troubles += [_trouble(problem) for problem in problems]
        if enquiry:
            enquiry.sender = source.plan.system or enquiry.source
            line.stored = Stored(Receipt(number, "queued"), enquiry)
            line.reading.troubles += _doubts(enquiry.warnings)
    return found


def bring_in(lines: Sequence[Numbered], source: Source, *, at: datetime, read: list[Line] | None = None) -> list[Line]:
    """Takes the lines in, in the caller's transaction. A line that breaks the others is found and left out alone.

    `read` is what `understand` has made of them, where that was done before.
    """
    try:
        with transaction.atomic():
            return _bring_in(read or understand(lines, source, at=at), source, at=at)
    except (DatabaseError, RaceLostError):
        if len(lines) > 1:
            half = len(lines) // 2
            return [*bring_in(lines[:half], source, at=at), *bring_in(lines[half:], source, at=at)]
        line = Line(lines[0][0], Reading())
        line.reading.refuse("", _("This line could not be stored. Everything else is not affected."))
        return [line]


def _bring_in(found: list[Line], source: Source, *, at: datetime) -> list[Line]:
    good = [line for line in found if line.stored]
    chronicle = Chronicle({id(_enquiry(n)): n.reading.past for n in good if n.reading.past}, source.people)
    before: dict[int, snapshots.Before] = {}

    def remember(lead_ids: Iterable[int]) -> None:
        with lock(set(lead_ids) - before.keys()) as rows:
            before.update(snapshots.taken(list(rows)))

    take_in(
        [line.stored for line in good if line.stored],
        channel=Channel.IMPORT,
        at=at,
        by=source.by,
        client=source.client,
        greet=chronicle.welcome if source.kind == ImportKind.HISTORY else welcome,
        meet=remember,
    )
    for line in good:
        created = line.stored is not None and line.stored.receipt.outcome == RowFate.CREATED
        line.fate = RowFate.CREATED if created else RowFate.MATCHED
    made = {line.lead_id for line in good if line.fate == RowFate.CREATED}
    remember({line.lead_id for line in good if line.lead_id and line.lead_id not in made})  # who was only repeated, too
    for line in good:
        line.before = None if line.fate == RowFate.CREATED else before.get(line.lead_id or 0)
        for name, message in chronicle.told.get(id(_enquiry(line)), ()):
            line.reading.warn(name, message)
    _pin_tags(good, at=at, by=source.by)
    return found


def _enquiry(line: Line) -> Any:
    assert line.stored is not None  # noqa: S101 - asked by the caller
    return line.stored.enquiry


def _pin_tags(lines: Sequence[Line], *, at: datetime, by: User | None) -> None:
    """The file's tags on its leads; on a known lead the log says so."""
    wanted: dict[int, list[str]] = {}
    known = set()
    for line in lines:
        if line.reading.tags and line.lead_id:
            wanted.setdefault(line.lead_id, []).extend(line.reading.tags)
            known |= {line.lead_id} if line.fate == RowFate.MATCHED else set()
    if not wanted:
        return
    with lock(known) as rows:
        sql.run(PIN_TAGS, sql.as_json([{"id": pk, "tags": tags} for pk, tags in wanted.items()]))
        facts = [
            Fact(pk, LEAD_UPDATED, at, by.pk if by else None, properties={"tags": {"added": wanted[pk], "removed": []}})
            for pk in sorted(known & set(rows))
        ]
        record(facts, at=at, rows=rows, past=True)


def _trouble(problem: Problem) -> Trouble:
    return Trouble(problem.field, problem.message)


def _doubts(warnings: Sequence[str]) -> list[Trouble]:
    if not warnings:
        return []
    words = {
        "phone_unverified": _("This phone number is unusual; it is kept as it stands."),
        "phone_unusable": _("This is not a phone number; the lead is kept without it."),
        "email_unusable": _("This is not an e-mail address; the lead is kept without it."),
        "company_size_unusable": _("This is no company size; the lead is kept without it."),
    }
    fields = {"phone_unverified": "phone", "phone_unusable": "phone", "email_unusable": "email"}
    found = [Trouble(fields.get(w, "company_size"), words[w], fatal=False) for w in warnings if w in words]
    cut = [w.removesuffix("_shortened") for w in warnings if w.endswith("_shortened")]
    found += [Trouble(name, _("Too long; the end was cut off."), fatal=False) for name in cut]
    odd = [w.partition(":")[2] for w in warnings if w.startswith("custom_unusable:")]
    message = _("“%(field)s” could not be read; the lead is kept without it.")
    return found + [Trouble(f"custom.{name}", message % {"field": label_of(name)}, fatal=False) for name in odd]
