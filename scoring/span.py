"""A span of leads told under a draft and the model beside it: side by side where that can be, the others one by one."""

from collections.abc import Collection, Iterator
from datetime import datetime

from scoring.columns import read_columns
from scoring.firing import can_tell, fire
from scoring.history import read_histories
from scoring.lockstep import tell
from scoring.spec import ModelSpec
from scoring.trial import Played, parts_at, play

Beside = tuple[int, Played, Played]  # lead, under the draft, under the model in force


def play_span(
    first: int, last: int, draft: ModelSpec, published: ModelSpec, *, since: datetime, until: datetime
) -> Iterator[Beside]:
    """Each lead from `first` to `last` that has a history, as both models would have seen it."""
    if not (can_tell(draft) and can_tell(published)):
        yield from _one_by_one(first, last, draft, published, since=since, until=until)
        return
    found = read_columns(first, last, models=[draft, published], until=until)
    of_draft, of_published = fire(found, draft), fire(found, published)
    beside = tell(found, of_published, published, since=since, until=until, counts_rules=False)
    for lead_id, played in tell(found, of_draft, draft, since=since, until=until).items():
        if lead_id in beside:
            yield lead_id, played, beside[lead_id]
    if odd := of_draft.odd | of_published.odd:
        yield from _one_by_one(first, last, draft, published, since=since, until=until, only=odd)


def _one_by_one(
    first: int,
    last: int,
    draft: ModelSpec,
    published: ModelSpec,
    *,
    since: datetime,
    until: datetime,
    only: Collection[int] | None = None,
) -> Iterator[Beside]:
    parting = parts_at(draft, published)
    for lead_id, facts in read_histories(first, last, models=[draft, published], until=until, only=only):
        played = beside = play(facts, draft, since=since, until=until)
        if parting is None or not parting.isdisjoint(fact.kind for fact in facts):
            beside = play(facts, published, since=since, until=until, counts_rules=False)
        yield lead_id, played, beside
