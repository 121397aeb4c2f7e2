"""Who is this? Finds or makes the lead behind each enquiry, a thousand at a time; races are settled by constraints."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from leads import sql
from leads.enquiry import Enquiry
from leads.search import search_of

SEPARATOR = "\x1f"
ROUNDS = 5
Meeting = Callable[[Sequence[int]], None]  # gets known leads before anything about them changes


@dataclass(slots=True)
class Found:
    """Which lead an enquiry belongs to; `matched_by` is empty for a lead that was made for it."""

    enquiry: Enquiry
    lead_id: int = 0
    matched_by: str = ""

    @property
    def key(self) -> str:
        """The sender's own id, namespaced by sender; empty when the sender gave none."""
        return f"{self.enquiry.sender}{SEPARATOR}{self.enquiry.external_id}" if self.enquiry.external_id else ""


class RaceLostError(RuntimeError):
    """The same people kept arriving elsewhere at the same moment. The caller may simply try again."""


@dataclass(slots=True)
class Known:
    """Identity to lead, for the people of one batch."""

    external_id: dict[str, int] = field(default_factory=dict)
    phone: dict[str, int] = field(default_factory=dict)
    email: dict[str, int] = field(default_factory=dict)
    new: list[int] = field(default_factory=list)  # numbers nobody has

    def find(self, found: Found) -> tuple[int, str]:
        """Sender's id first, then phone, then e-mail (DOMAIN 7)."""
        enquiry = found.enquiry
        if lead_id := self.external_id.get(found.key):
            return lead_id, "external_id"
        if lead_id := self.phone.get(enquiry.phone or ""):
            return lead_id, "phone"
        if lead_id := self.email.get(enquiry.email or ""):
            return lead_id, "email"
        return 0, ""

    def leads(self) -> list[int]:
        return sorted({*self.external_id.values(), *self.phone.values(), *self.email.values()})

    def learn(self, found: Found) -> None:
        """From here on this batch knows the lead by all that the enquiry says."""
        if found.key:
            self.external_id.setdefault(found.key, found.lead_id)
        if found.enquiry.phone:
            self.phone.setdefault(found.enquiry.phone, found.lead_id)
        if found.enquiry.email:
            self.email.setdefault(found.enquiry.email, found.lead_id)


def settle(enquiries: Sequence[Enquiry], *, at: datetime, meet: Meeting | None = None) -> list[Found]:
    """Finds or makes a lead for each enquiry, in the order given. Two of the same person in one batch meet.

    Who loses a race against another transaction looks again and finds the winner's lead.
    Raises RaceLostError when that goes on for long.
    """
    everyone = [Found(enquiry) for enquiry in enquiries]
    waiting = everyone
    for _round in range(ROUNDS):
        waiting = _settle_once(waiting, at=at, meet=meet)
        if not waiting:
            return everyone
    raise RaceLostError


def match(enquiries: Sequence[Enquiry]) -> list[int]:
    """The lead each enquiry belongs to as things stand now, 0 where nobody is known. Writes nothing."""
    waiting = [Found(enquiry) for enquiry in enquiries]
    known = _look_up(waiting, new=0)
    return [known.find(found)[0] for found in waiting]


def _settle_once(waiting: Sequence[Found], *, at: datetime, meet: Meeting | None) -> list[Found]:
    """One round. Returns those that lost a race and must look again."""
    known = _look_up(waiting, new=len(waiting))
    if meet:
        meet(known.leads())
    new: dict[int, Found] = {}
    ids = iter(known.new)
    for found in waiting:
        found.lead_id, found.matched_by = known.find(found)
        if not found.lead_id:
            found.lead_id = next(ids)
            new[found.lead_id] = found
        known.learn(found)
    lost = _claim(waiting)
    lost |= set(new) - lost - _insert([f for f in new.values() if f.lead_id not in lost], at=at)
    if lost:
        sql.run(sql.RELEASE_IDENTITIES, sorted(lost))
    return [f for f in waiting if f.lead_id in lost]


def _look_up(waiting: Sequence[Found], *, new: int) -> Known:
    """Whom these people may be, and numbers for so many new leads."""
    return look_up(
        keys=[(f.enquiry.sender, f.enquiry.external_id) for f in waiting if f.key],
        phones=[f.enquiry.phone for f in waiting if f.enquiry.phone],
        emails=[f.enquiry.email for f in waiting if f.enquiry.email],
        new=new,
    )


def look_up(*, keys: Sequence[tuple[str, str]], phones: Sequence[str], emails: Sequence[str], new: int = 0) -> Known:
    """Who is known by these: senders with their own ids, phones, e-mails. One query."""
    known = Known()
    places = {"external_id": known.external_id, "phone": known.phone, "email": known.email}
    given = [{"source": source, "external_id": external_id} for source, external_id in keys]
    asked = {"keys": sql.as_json(given), "phones": phones, "emails": emails, "new": new}
    for kind, key, lead_id in sql.run_named(sql.FIND_MATCHES, asked):
        if kind == "new":
            known.new.append(lead_id)
        else:
            places[kind][key] = lead_id
    return known


def _claim(waiting: Sequence[Found]) -> set[int]:
    """Claims the senders' ids that are new to us. Returns new leads whose id somebody else has just claimed."""
    wanted: dict[str, Found] = {}
    for found in waiting:
        if found.key and found.matched_by != "external_id":
            wanted.setdefault(found.key, found)
    if not wanted:
        return set()
    claims = [
        {"lead_id": f.lead_id, "source": f.enquiry.sender, "external_id": f.enquiry.external_id}
        for f in wanted.values()
    ]
    claimed = {key for (key,) in sql.run(sql.CLAIM_IDENTITIES, sql.as_json(claims))}
    return {f.lead_id for key, f in wanted.items() if key not in claimed and not f.matched_by}


def _insert(new: Sequence[Found], *, at: datetime) -> set[int]:
    """Writes the new leads; returns those that were really new."""
    if not new:
        return set()
    return {pk for (pk,) in sql.run(sql.INSERT_LEADS, sql.as_json([_row(f, at=at) for f in new]))}


def _row(found: Found, *, at: datetime) -> dict[str, Any]:
    e = found.enquiry
    return {
        "id": found.lead_id, "name": e.name, "phone": e.phone, "email": e.email, "company": e.company,
        "title": e.title, "company_size": e.company_size, "city": e.city, "product": e.product, "source": e.source,
        "campaign": e.campaign, "external_id": e.external_id, "utm": e.utm, "consent": e.consent, "custom": e.custom,
        "contactable": e.contactable, "at": at,
        "search": e.search or search_of(e),
    }  # fmt: skip
