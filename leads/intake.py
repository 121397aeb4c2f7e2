"""The one door: whatever comes in, one lead or a thousand, passes here, and nothing that arrives is dropped.

1. It is read, matched, merged into a known lead or made into a new one.  2. The raw payload is stored with its outcome.
3. What happened is recorded on the spine, and with it score, stage, hand-off, owner and clock.
All in one transaction. If that fails for a reason nobody foresaw, nothing of it is kept, and the raw payload is stored
first: should the rest fail again, it stays and a worker tries once more.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import DatabaseError, transaction

from accounts.models import User
from core import due, failpoints, hints
from leads import sql
from leads.arrival import welcome
from leads.custom_fields import settle_custom
from leads.enquiry import Enquiry, Problem, read_enquiry
from leads.enums import Channel, Received
from leads.matching import Found, Meeting, RaceLostError, settle
from leads.models import Submission

log = logging.getLogger(__name__)
TRIES = 3
Greeting = Callable[..., None]  # (found, *, at, by), as `welcome`


@dataclass(slots=True)
class Receipt:
    """What became of one payload. `outcome`: created, matched, rejected, or queued (kept, being worked on)."""

    index: int
    outcome: str
    lead_id: int | None = None
    matched_by: str = ""
    warnings: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    submission_id: int | None = None


@dataclass(slots=True)
class Stored:
    """An enquiry with its place in the call and its raw row."""

    receipt: Receipt
    enquiry: Enquiry


@dataclass(frozen=True, slots=True)
class Sender:
    """By which way enquiries came, from whom: the integration's name, or the person."""

    channel: Channel
    client: str
    by: User | None


def receive(
    payloads: Sequence[Any], *, channel: Channel, at: datetime, by: User | None = None, client: str = ""
) -> list[Receipt]:
    """Takes payloads in (shape of API.md), in one transaction; the receipts come in the same order.

    A bad payload is rejected with its problems and does not disturb the others. A sender's replay (same source,
    external id and content) changes nothing. `at` is aware UTC. What was read already may be given as an Enquiry.
    """
    receipts, good = [], []
    for index, payload in enumerate(payloads):
        read = (payload, []) if isinstance(payload, Enquiry) else read_enquiry(payload, default_source=channel)
        enquiry, problems = read
        receipt = Receipt(index, "rejected" if problems else "queued", problems=problems)
        receipts.append(receipt)
        if enquiry:
            receipt.warnings = enquiry.warnings
            good.append(Stored(receipt, enquiry))
    settle_custom(stored.enquiry for stored in good)
    sender = Sender(channel, client, by)
    if good:
        if not _at_once(good, sender, at=at):
            _step_by_step(good, sender, at=at)
        failpoints.reach("committed")
    return receipts


def _at_once(good: list[Stored], sender: Sender, *, at: datetime) -> bool:
    """Takes all of it in, each raw payload written once, with its outcome. False: nothing is kept, nothing is told."""
    try:
        with transaction.atomic():
            _take_in(good, sender, greet=welcome, meet=None, at=at)
            failpoints.reach("before_commit")
    except Exception:  # noqa: BLE001 - whatever it is, there is the careful way
        for stored in good:
            receipt = stored.receipt
            receipt.outcome, receipt.matched_by, receipt.lead_id, receipt.submission_id = "queued", "", None, None
        return False
    return True


def _step_by_step(good: list[Stored], sender: Sender, *, at: datetime) -> None:
    """The raw payloads first: they stay, whatever becomes of the rest."""
    with transaction.atomic():
        fresh = _store(good, sender, at=at)
        failpoints.reach("submission_stored")
        _process(fresh, at=at, by=sender.by)
        failpoints.reach("before_commit")


def take_in(
    good: list[Stored],
    *,
    channel: Channel,
    at: datetime,
    by: User | None,
    client: str,
    greet: Greeting = welcome,
    meet: Meeting | None = None,
) -> None:
    """The same for enquiries already read, in the caller's transaction; the receipts say what came of each.

    Whatever goes wrong is raised and nothing is kept: the caller holds the rows and tries again. `greet` records the
    arrivals; an import of history has its own. `meet` is called with the known leads before anything about them
    changes.
    """
    settle_custom(stored.enquiry for stored in good)
    _take_in(good, Sender(channel, client, by), greet=greet, meet=meet, at=at)


def _take_in(good: list[Stored], sender: Sender, *, greet: Greeting, meet: Meeting | None, at: datetime) -> None:
    """Greeting comes last: a lead that crosses the line holds up others until the commit."""
    fresh, again = _sorted_out(good)
    if fresh:
        found = settle([s.enquiry for s in fresh], at=at, meet=meet)
        _answer(fresh, found)
        rows = _insert([_row(ref, s) | _outcome(s) for ref, s in enumerate(fresh)], sender, at=at)
        if len(rows) < len(fresh):
            raise RaceLostError  # the same content came in elsewhere at the same moment
        for ref, pk in rows:
            fresh[ref].receipt.submission_id = pk
        failpoints.reach("submission_stored")
        greet(found, at=at, by=sender.by)
    for stored_again, first in again:
        _repeat(stored_again.receipt, first.receipt.submission_id, first.receipt.lead_id)


def retry(submissions: Sequence[Submission], *, at: datetime) -> None:
    """Takes stored submissions up again, one by one, so that one bad row cannot hold up the others."""
    for submission in submissions:
        enquiry, _problems = read_enquiry(submission.payload, default_source=submission.channel)
        if enquiry is None:
            due.fail(submission, at=at, error="unreadable", back_off=())
            continue
        settle_custom([enquiry])
        stored = Stored(Receipt(0, "queued", submission_id=submission.pk), enquiry)
        with transaction.atomic():
            error = _process([stored], at=at, by=submission.by)
        if error:
            due.fail(submission, at=at, error=error)


def _store(good: list[Stored], sender: Sender, *, at: datetime) -> list[Stored]:
    """Stores the raw payloads. Replays get their first answer again and are left out of what is returned."""
    rows = _insert([_row(ref, s) for ref, s in enumerate(good)], sender, at=at)
    for ref, pk in rows:
        good[ref].receipt.submission_id = pk
    new = {ref for ref, _pk in rows}
    _find_replays([stored for ref, stored in enumerate(good) if ref not in new])
    return [stored for ref, stored in enumerate(good) if ref in new]


def _sorted_out(good: Sequence[Stored]) -> tuple[list[Stored], list[tuple[Stored, Stored]]]:
    """What is new, and what says once more what another of these said, with that. Replays get their first answer."""
    firsts: dict[tuple[str, str, str], Stored] = {}
    again = []
    for stored in good:
        if (e := stored.enquiry).external_id:
            first = firsts.setdefault((e.sender, e.external_id, e.digest), stored)
            if first is not stored:
                again.append((stored, first))
    _find_replays(list(firsts.values()))
    left_out = {id(stored) for stored, _first in again}
    return [s for s in good if s.receipt.submission_id is None and id(s) not in left_out], again


def _find_replays(asked: Sequence[Stored]) -> None:
    """Those that were stored before get the answer they got then."""
    if not asked:
        return
    rows = [{**_row(ref, s), "payload": None, "warnings": None} for ref, s in enumerate(asked)]
    for ref, pk, lead_id in sql.run(sql.FIND_REPLAYS, sql.as_json(rows)):
        _repeat(asked[ref].receipt, pk, lead_id)


def _repeat(receipt: Receipt, submission_id: int | None, lead_id: int | None) -> None:
    receipt.submission_id, receipt.lead_id = submission_id, lead_id
    receipt.outcome, receipt.matched_by = (Received.MATCHED, "external_id") if lead_id else ("queued", "")


def _row(ref: int, stored: Stored) -> dict[str, Any]:
    e = stored.enquiry
    told = {"payload": e.payload, "warnings": e.warnings}
    return {"ref": ref, "source": e.sender, "external_id": e.external_id or None, "digest": e.digest, **told}


def _insert(rows: list[dict[str, Any]], sender: Sender, *, at: datetime) -> list[tuple[Any, ...]]:
    """Writes raw payloads; answers with (ref, id) of those that are new."""
    by_id = sender.by.pk if sender.by else None
    return sql.run(sql.INSERT_SUBMISSIONS, sql.as_json(rows), sender.channel, sender.client, by_id, at, at)


def _process(fresh: Sequence[Stored], *, at: datetime, by: User | None) -> str:
    """Matches and records; returns the error, if any: then the raw rows stay, waiting for the worker."""
    error = ""
    for _try in range(TRIES):
        try:
            with transaction.atomic():
                _settle(fresh, at=at, by=by)
        except (DatabaseError, RaceLostError) as raised:  # a deadlock or a lost race: look again
            error = f"{type(raised).__name__}: {raised}"
        except Exception as raised:  # noqa: BLE001 - whatever it is, the lead is kept
            error = f"{type(raised).__name__}: {raised}"
            break
        else:
            return ""
    log.error("intake: %s submissions wait for the worker: %s", len(fresh), error.split(":")[0])
    hints.wake("leads.tasks.drain_submissions")
    return error


def _settle(fresh: Sequence[Stored], *, at: datetime, by: User | None) -> None:
    found = settle([s.enquiry for s in fresh], at=at)
    welcome(found, at=at, by=by)
    _answer(fresh, found)
    settled = [{"id": s.receipt.submission_id, **_outcome(s)} for s in fresh]
    sql.run(sql.SETTLE_SUBMISSIONS, sql.as_json(settled))


def _answer(fresh: Sequence[Stored], found: Sequence[Found]) -> None:
    for stored, one in zip(fresh, found, strict=True):
        receipt = stored.receipt
        receipt.lead_id, receipt.matched_by = one.lead_id, one.matched_by
        receipt.outcome = Received.MATCHED if one.matched_by else Received.CREATED


def _outcome(stored: Stored) -> dict[str, Any]:
    receipt = stored.receipt
    return {"outcome": receipt.outcome, "matched_by": receipt.matched_by, "lead_id": receipt.lead_id}
