"""What came of leads long ago: closed hand-offs in the past, without anybody being told, asked or timed now."""

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from core.text import fold
from leads import sql
from leads.arrival import arrival_facts, fill_blanks
from leads.chain import MOVES
from leads.enums import SCORED_STAGES, HandoffKind, Outcome, Stage, Status
from leads.events import Fact, record
from leads.handoffs import CLOSED_AS, Crossing, handoff_of
from leads.importing.lines import Past
from leads.importing.sql import DATE_LEADS
from leads.kinds import HANDOFF_OPENED, LEAD_ASSIGNED
from leads.lifecycle import Move, walk
from leads.matching import Found, RaceLostError
from leads.models import Handoff, Standing
from leads.standing import Standings, lock
from leads.thresholds import InForce, in_force

CLOSING = ("outcome", "decided_at", "reason", "note", "won_at", "revenue", "owner", "team", "assigned_at")
STAGES = {Outcome.ACCEPTED: Stage.SQL, Outcome.DISCARDED: Stage.DISQUALIFIED}
TARGETS = {Outcome.ACCEPTED: Status.POTENTIAL, Outcome.DISCARDED: Status.WRONG_TARGET}


@dataclass
class Chronicle:
    """The pasts of a batch, by the identity of their enquiry; `told` collects what could not be taken over, and why."""

    pasts: Mapping[int, Past]
    people: Mapping[str, User | None]
    told: dict[int, list[tuple[str, str]]] = field(default_factory=dict)

    def welcome(self, found: Sequence[Found], *, at: datetime, by: User | None) -> None:
        """Records the batch as history; takes the place of `leads.arrival.welcome`."""
        new = {f.lead_id: f for f in found if not f.matched_by}
        known = sorted({f.lead_id for f in found} - set(new))
        with lock(known) as rows:
            if not rows.keys() >= set(known):
                raise RaceLostError
            for one in new.values():
                moment = self._past(one).created_at
                rows.add(one.lead_id, source=one.enquiry.source, campaign=one.enquiry.campaign, at=moment)
            facts = [f for one in new.values() for f in arrival_facts(one, at=self._past(one).created_at, by=by)]
            facts += fill_blanks(found, known, at=at, by=by)
            facts += self._verdicts(found, by=by, rows=rows)
            dates = [{"id": i, "at": self._past(one).created_at} for i, one in new.items()]
            sql.run(DATE_LEADS, sql.as_json(dates))
            record(facts, at=at, rows=rows, past=True)
            _settle_stages({f.lead_id for f in found}, rows)

    def _past(self, found: Found) -> Past:
        return self.pasts[id(found.enquiry)]

    def _verdicts(self, found: Sequence[Found], *, by: User | None, rows: Standings) -> list[Fact]:
        """Opens and closes the hand-offs of the batch, and says what follows from each."""
        now = in_force()
        current = Handoff.objects.select_related("owner").in_bulk([rows[f.lead_id].handoff_id or 0 for f in found])
        latest = {h.lead_id: h for h in current.values()}
        verdicts: list[tuple[Handoff, Found]] = []
        for one in found:
            past = self._past(one)
            if past.offered_at is None:
                continue
            handoff = latest.get(one.lead_id)
            self.told.setdefault(id(one.enquiry), []).extend(doubts(past, handoff, self.people))
            if handoff is not None and not _is_unknown(handoff):
                continue
            if handoff is None:
                crossing = Crossing(one.lead_id, HandoffKind.MQL, now.version)
                handoff = latest[one.lead_id] = handoff_of(crossing, at=past.offered_at, rows=rows)
            self._close(handoff, past)
            verdicts.append((handoff, one))
        _write(handoff for handoff, _one in verdicts)
        return [fact for handoff, one in verdicts for fact in self._follow(handoff, one, by=by, rows=rows, now=now)]

    def _close(self, handoff: Handoff, past: Past) -> None:
        if owner := self.people.get(fold(past.owner)):
            handoff.owner, handoff.team, handoff.assigned_at = owner, owner.team, past.offered_at
        decided_at = max(past.decided_at or handoff.offered_at, handoff.offered_at)
        handoff.outcome, handoff.decided_at = past.outcome, decided_at
        handoff.reason, handoff.note = past.reason, past.note
        handoff.won_at, handoff.revenue = past.won_at, past.amount

    def _follow(self, handoff: Handoff, found: Found, *, by: User | None, rows: Standings, now: InForce) -> list[Fact]:
        """Where the lead stands after that, and the facts in the order of time."""
        past, lead_id = self._past(found), found.lead_id
        fresh = rows[lead_id].handoff_id != handoff.pk
        rows.set_handoff(lead_id, handoff)
        facts = [_offered(handoff, by)] if fresh else []
        if past.owner and handoff.owner:
            facts.append(_assigned(handoff, by))
            if handoff.outcome == Outcome.ACCEPTED:
                rows.set_owner(lead_id, owner_id=handoff.owner_id, team_id=handoff.team_id)
        if past.outcome in CLOSED_AS:
            facts.append(_decided(handoff, by, score_to=now.thresholds.lead))
            rows.set_stage(lead_id, STAGES.get(past.outcome, Stage(rows[lead_id].stage)))
        if past.won_at:
            rows.set_stage(lead_id, Stage.CUSTOMER)
        return facts + _moved(lead_id, past, by=by, rows=rows)


def doubts(past: Past, handoff: Handoff | None, people: Mapping[str, User | None]) -> list[tuple[str, str]]:
    """What of this past does not fit what is known, by field; `handoff` is the lead's latest, if it has one."""
    if past.offered_at is None:
        return []
    if handoff is not None and not _is_unknown(handoff):
        return [("outcome", _("Sales already has or had this lead: its hand-off is left as it is."))]
    told = []
    if past.owner and people.get(fold(past.owner)) is None:
        told.append(("owner", _("Nobody here is called “%(name)s”.") % {"name": past.owner[:80]}))
    if past.won_at and handoff is not None and past.won_at < handoff.offered_at:
        told.append(("won_at", _("Won before the first contact: taken over as it stands, please look it up.")))
    return told


def latest_of(lead_ids: Collection[int]) -> dict[int, Handoff]:
    """The hand-off each of these leads has or had last, by lead."""
    of_leads = Standing.objects.filter(pk__in=lead_ids, handoff__isnull=False).values("handoff")
    return {handoff.lead_id: handoff for handoff in Handoff.objects.filter(pk__in=of_leads)}


def people() -> dict[str, User | None]:
    """Everybody who works or worked here, by folded name and e-mail; None where two have the same name."""
    found: dict[str, User | None] = {}
    for user in User.objects.select_related("team"):
        for word in {fold(user.full_name), fold(user.email)}:
            found[word] = None if word in found else user
    return found


def path(start: Status, end: Status) -> list[Status]:
    """The shortest legal way from one status to another, without the start."""
    ways: dict[Status, list[Status]] = {start: []}
    waiting = deque([start])
    while waiting and end not in ways:
        status = waiting.popleft()
        for to in MOVES[status]:
            if to not in ways:
                ways[to] = [*ways[status], to]
                waiting.append(to)
    return ways[end]


def _is_unknown(handoff: Handoff) -> bool:
    """A hand-off of an earlier file that did not say what came of it."""
    return handoff.outcome == Outcome.WITHDRAWN and handoff.decided_by_id is None


def _write(handoffs: Any) -> None:
    """New ones in one statement, completed ones in another; each once, as it was left last."""
    unique = {id(handoff): handoff for handoff in handoffs}.values()
    old = [handoff for handoff in unique if handoff.pk]
    Handoff.objects.bulk_create([handoff for handoff in unique if not handoff.pk])
    if old:
        Handoff.objects.bulk_update(old, CLOSING, batch_size=1000)


def _offered(handoff: Handoff, by: User | None) -> Fact:
    properties = {"handoff": handoff.pk, "kind": handoff.kind, "cycle": handoff.cycle, "score": handoff.score}
    return Fact(handoff.lead_id, HANDOFF_OPENED, handoff.offered_at, by.pk if by else None, properties=properties)


def _assigned(handoff: Handoff, by: User | None) -> Fact:
    assert handoff.owner is not None  # noqa: S101 - asked by the caller
    properties = {
        "handoff": handoff.pk,
        "owner": handoff.owner_id,
        "owner_name": handoff.owner.full_name,
        "team": handoff.team_id,
        "previous": None,
        "why": "history",
    }
    return Fact(handoff.lead_id, LEAD_ASSIGNED, handoff.offered_at, by.pk if by else None, properties=properties)


def _decided(handoff: Handoff, by: User | None, *, score_to: int) -> Fact:
    outcome = Outcome(handoff.outcome)
    properties: dict[str, Any] = {"handoff": handoff.pk, "reason": handoff.reason, "note": handoff.note}
    if outcome == Outcome.RECYCLED:
        properties["score_to"] = score_to
    moment = handoff.decided_at or handoff.offered_at
    return Fact(handoff.lead_id, CLOSED_AS[outcome], moment, by.pk if by else None, properties=properties)


def _moved(lead_id: int, past: Past, *, by: User | None, rows: Standings) -> list[Fact]:
    """The moves of the status that must have happened, each at the moment of what led to it."""
    end = Status.WON if past.won_at else TARGETS.get(past.outcome)
    status = Status(rows[lead_id].status)
    if end is None or status == end or (end == Status.POTENTIAL and status in {Status.HOT, Status.WON}):
        return []
    facts = []
    for to in path(status, end):
        late = to in {Status.HOT, Status.WON}
        moment = (past.won_at if late else past.decided_at) or past.created_at
        amount = past.amount if to == Status.WON else None
        move = Move(lead_id, to, reason=past.reason, amount=amount, extra={"why": "history"})
        facts += walk([move], by=by, at=moment, rows=rows)
    return facts


def _settle_stages(lead_ids: set[int], rows: Standings) -> None:
    """Below the line the score says the stage, as ever; it opens nothing here."""
    limits = in_force().thresholds
    for lead_id in lead_ids:
        if rows[lead_id].stage in SCORED_STAGES:
            rows.set_stage(lead_id, limits.stage(rows[lead_id].score))
