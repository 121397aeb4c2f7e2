"""What must always be true of scores: standing == sum of ledger == replay."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from leads import sql as leads_sql
from leads.models import Standing
from scoring import sql
from scoring.ledger import keys_of_leads
from scoring.published import published
from scoring.replay import replay_many

CHUNK = 1000


def violations(*, at: datetime, sample: int | None = None) -> Iterator[str]:
    """Yields what is wrong. The sums are checked for every lead, the replay for all or the newest `sample`."""
    for lead_id, score, fit, booked, booked_fit in leads_sql.run(sql.SUMS_THAT_DIFFER):
        yield f"lead {lead_id}: score {score} (fit {fit}), but its ledger says {booked} ({booked_fit})"
    due = dict(Standing.objects.order_by("-created_at").values_list("pk", "next_decay_at")[:sample])
    ids = list(due)
    for start in range(0, len(ids), CHUNK):
        yield from _replays({i: due[i] for i in ids[start : start + CHUNK]}, at=at)


def _replays(due: Mapping[int, datetime | None], *, at: datetime) -> Iterator[str]:
    """Compares entry by entry, up to what is due but not yet swept."""
    booked = keys_of_leads(list(due))
    for lead_id, life in replay_many(list(due), published(), at=at).items():
        until = due[lead_id] or at
        said = {
            (e.kind, e.rule_id, e.event_id, e.delta, e.effective_at)
            for e in life.entries
            if e.kind not in {"decay", "expiry"} or e.effective_at < until or due[lead_id] is None
        }
        if said != booked[lead_id]:
            yield f"lead {lead_id}: ledger and replay differ"
