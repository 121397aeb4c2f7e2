"""One lead takes up another: its log, hand-offs, calls, enquiries and all else that hangs on it, whatever the room."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Invalid
from leads import sql
from leads.arrival import profile_of
from leads.enums import DuplicateState, Outcome, Reason, Stage
from leads.erasure.people import refuse_erased
from leads.events import Fact, record
from leads.handoffs import follow_scores
from leads.kinds import HANDOFF_WITHDRAWN, LEAD_MERGED
from leads.merging import hanging
from leads.models import Duplicate, DuplicateKey, Handoff, Lead, Merge, Standing
from leads.rescoring import derive_anew
from leads.search import search_text
from leads.standing import Standings, lock
from leads.thresholds import in_force

FIELDS = ("name", "phone", "email", "company", "title", "company_size", "city", "product")
# Where the lead is worked: this goes together, from whichever of the two is further.
WORK = (
    "status", "status_since", "stage", "cooling", "owner_id", "team_id", "handoff_id", "handoff_open", "outcome",
    "mql_at", "won_amount", "next_step_at", "wake_on", "sla_due_at", "sla_warn_at",
)  # fmt: skip
FURTHEST = (Stage.CUSTOMER, Stage.SQL, Stage.MQL, Stage.PQL, Stage.LEAD, Stage.PROSPECT, Stage.CONTACT)


def merge(
    survivor_id: int,
    other_id: int,
    *,
    by: User | None,
    at: datetime,
    choices: Mapping[str, str] | None = None,
) -> Merge:
    """Makes one lead of two; `choices` names fields whose value is taken from the other ("other").

    Blanks are filled from the other lead; its phone and e-mail keep leading here. Of two open hand-offs the one of
    the lead that stays goes on and the other is withdrawn. The score is worked out anew from both logs.
    Raises Invalid for a lead with itself, NotFound when one of them is gone, Conflict when one has been erased.
    """
    if survivor_id == other_id:
        raise Invalid(_("A lead can't be merged with itself."), code="same_lead", field="other")
    with lock([survivor_id, other_id]) as rows:
        leads = Lead.objects.select_for_update().in_bulk(sorted([rows[survivor_id].lead_id, rows[other_id].lead_id]))
        survivor, other = leads[survivor_id], leads[other_id]
        refuse_erased(survivor.erased_at or other.erased_at)
        made = Merge.objects.create(survivor=survivor, other=other, by=by, at=at)
        made.before = hanging.snapshot([survivor_id, other_id])
        leader = _leader(rows[survivor_id], rows[other_id])
        _withdraw(leader, survivor_id, other_id, by=by, at=at, rows=rows)
        _unite(survivor_id, other_id, leader, rows=rows)
        changed = _profile(survivor, other, choices or {}, at=at)
        _settle_pairs(survivor_id, other_id, by=by, at=at)
        changes = derive_anew([survivor_id], at=at, rows=rows)
        follow_scores(changes, thresholds=in_force().thresholds, at=at, rows=rows)
        record([_merged(made, survivor, other, changed, by=by, at=at, rows=rows)], at=at, rows=rows)
        rows.flush()
        made.moved = hanging.snapshot([survivor_id, other_id])
        made.save(update_fields=["before", "moved"])
    return made


def _leader(survivor: Standing, other: Standing) -> Standing:
    """Whose work goes on: customer before SQL before open hand-off, the dropped one last; the survivor's if equal."""
    return other if _rank(other) < _rank(survivor) else survivor


def _rank(row: Standing) -> int:
    if row.stage == Stage.DISQUALIFIED:
        return len(FURTHEST)
    if row.stage in {Stage.CONTACT, Stage.PROSPECT, Stage.LEAD}:
        return FURTHEST.index(Stage.LEAD)
    return FURTHEST.index(Stage.MQL) if row.stage == Stage.PQL else FURTHEST.index(Stage(row.stage))


def _withdraw(
    leader: Standing, survivor_id: int, other_id: int, *, by: User | None, at: datetime, rows: Standings
) -> None:
    """Ends an open hand-off that does not lead: nobody calls the same person twice."""
    waiting = Handoff.objects.open().filter(lead__in=[survivor_id, other_id]).exclude(lead=leader.lead_id)
    facts = []
    for handoff in waiting:
        handoff.outcome, handoff.decided_at, handoff.decided_by = Outcome.WITHDRAWN, at, by
        handoff.reason = Reason.DUPLICATE
        handoff.save(update_fields=["outcome", "decided_at", "decided_by", "reason"])
        rows.set_handoff(handoff.lead_id, handoff)
        rows.set_stage(handoff.lead_id, in_force().thresholds.stage(rows[handoff.lead_id].score))
        properties = {"handoff": handoff.pk, "reason": Reason.DUPLICATE}
        facts.append(Fact(handoff.lead_id, HANDOFF_WITHDRAWN, at, by.pk if by else None, properties=properties))
    record(facts, at=at, rows=rows)


def _unite(survivor_id: int, other_id: int, leader: Standing, *, rows: Standings) -> None:
    """Moves all that hangs on the other; the survivor stands where the leader stood, the other nowhere."""
    rows.flush()
    survivor, other = rows[survivor_id], rows[other_id]
    cycles = survivor.cycle + other.cycle
    sql.run(RENUMBER, survivor.cycle, other_id)
    work = {name: getattr(leader, name) for name in WORK}
    rows.take_off([other_id])
    hanging.forget_derived([other_id])
    hanging.move(other_id, survivor_id)
    rows.unite(survivor_id, work=work, cycle=cycles)


def _profile(survivor: Lead, other: Lead, choices: Mapping[str, str], *, at: datetime) -> dict[str, Any]:
    """Writes the lead that stays, and marks the other; returns what changed, old and new."""
    wanted = {name: _chosen(survivor, other, name, choices) for name in FIELDS}
    wanted["custom"] = {**other.custom, **survivor.custom}
    wanted["tags"] = list(dict.fromkeys([*survivor.tags, *other.tags]))[:30]
    changed = {n: [getattr(survivor, n), v] for n, v in wanted.items() if getattr(survivor, n) != v}
    Lead.objects.filter(merged_into=other).update(merged_into=survivor)
    other.merged_into, other.updated_at = survivor, at
    other.save(update_fields=["merged_into", "updated_at"])
    for name, (_old, new) in changed.items():
        setattr(survivor, name, new)
    survivor.contactable = bool(survivor.phone or survivor.email)
    survivor.updated_at = at
    survivor.search = search_text(
        name=survivor.name,
        company=survivor.company,
        email=survivor.email,
        phone=survivor.phone,
        external_id=survivor.external_id,
    )
    survivor.save()
    return changed


def _chosen(survivor: Lead, other: Lead, name: str, choices: Mapping[str, str]) -> Any:
    mine, theirs = getattr(survivor, name), getattr(other, name)
    if choices.get(name) == "other" and theirs not in (None, ""):
        return theirs
    return theirs if mine in (None, "") else mine


def _settle_pairs(survivor_id: int, other_id: int, *, by: User | None, at: datetime) -> None:
    """This pair is settled; others of the lead that goes are found again for the one that stays."""
    one, two = sorted([survivor_id, other_id])
    settled = {"state": DuplicateState.MERGED, "settled_at": at, "settled_by": by}
    Duplicate.objects.filter(one=one, other=two).update(**settled)
    for side in ("one", "other"):
        Duplicate.objects.filter(**{side: other_id}, state=DuplicateState.OPEN).delete()
    DuplicateKey.objects.filter(lead=other_id).delete()


def _merged(
    made: Merge,
    survivor: Lead,
    other: Lead,
    changed: Mapping[str, Any],
    *,
    by: User | None,
    at: datetime,
    rows: Standings,
) -> Fact:
    """What the log says of it. The profile is said whole, and whether points go away: two logs are one from here on."""
    properties = {
        "merge": made.pk,
        "other": other.pk,
        "name": str(other),
        "source": other.source,
        "campaign": other.campaign,
        "created_at": other.created_at.isoformat(),
        "changed": {name: pair for name, pair in changed.items() if name not in {"custom", "tags"}},
        "profile": profile_of(survivor),
        "pauses": rows[survivor.pk].stage in {Stage.SQL, Stage.CUSTOMER, Stage.DISQUALIFIED},
    }
    return Fact(survivor.pk, LEAD_MERGED, at, by.pk if by else None, properties=properties)


# Index used: handoff_cycle_once. Lock: the hand-offs, under their lead's standing. Runs once, before they move.
RENUMBER = "UPDATE leads_handoff SET cycle = cycle + %s WHERE lead_id = %s"
