"""The reports against the same figures worked out in plain Python, on random rows."""

import random
from collections import Counter
from datetime import date, datetime, timedelta
from statistics import median

import pytest

from accounts.models import User
from leads.enums import Outcome
from leads.models import Handoff, Lead, Qualification, Standing
from reports.cohorts import cohorts
from reports.funnel import funnel
from reports.kpis import kpis
from reports.leaderboard import reps
from reports.periods import ZONE, Group, custom, opening
from reports.scope import Scope
from reports.sources import sources
from reports.steps import step
from reports.volume import volume
from tests.factories import NOW, make_user
from tests.reports.rolling import roll

pytestmark = pytest.mark.django_db
PERIOD = custom(date(2026, 10, 12), date(2026, 11, 10))
SOURCES = ("Facebook", "Google", "Zalo OA", "")
VERDICTS = (Outcome.OPEN, Outcome.ACCEPTED, Outcome.ACCEPTED, Outcome.RECYCLED, Outcome.DISCARDED)


def scatter(rng: random.Random, people: list[User], count: int = 120) -> None:
    """Leads over ten weeks around the period, about half of them handed over, with every verdict and blank there is."""
    for number in range(count):
        created = datetime(2026, 9, 20, tzinfo=ZONE) + timedelta(hours=rng.uniform(0, 64 * 24))
        source = rng.choice(SOURCES)
        lead = Lead.objects.create(name=f"Lead {number}", contactable=False, created_at=created, updated_at=created)
        handoff = hand(rng, lead, created, source, rng.choice([*people, None])) if rng.random() < 0.6 else None
        owner = handoff.owner if handoff else None
        Standing.objects.create(
            lead=lead,
            created_at=created,
            status_since=created,
            source=source,
            owner=owner,
            team=owner.team if owner else None,
            handoff=handoff,
            mql_at=handoff.offered_at if handoff else None,
            cycle=1 if handoff else 0,
        )


def hand(rng: random.Random, lead: Lead, created: datetime, source: str, owner: User | None) -> Handoff:
    offered = created + timedelta(hours=rng.choice([0, 5, 400]))
    outcome = rng.choice(VERDICTS)
    decided = None if outcome == Outcome.OPEN else offered + timedelta(hours=rng.uniform(1, 300))
    won = decided and outcome == Outcome.ACCEPTED and rng.random() < 0.5
    handoff = Handoff.objects.create(
        lead=lead,
        cycle=1,
        kind="mql",
        score=80,
        model_version=1,
        source=source,
        offered_at=offered,
        owner=owner,
        team=owner.team if owner else None,
        assigned_at=offered if owner else None,
        first_touch_at=offered + timedelta(minutes=rng.randint(1, 3000)) if rng.random() < 0.8 else None,
        decided_at=decided,
        outcome=outcome,
        reason=rng.choice(["no_need", "wrong_contact"]) if outcome in {"recycled", "discarded"} else "",
        won_at=decided + timedelta(hours=rng.uniform(1, 400)) if won else None,
        revenue=rng.randint(1, 9) * 10_000_000 if won else None,
    )
    if rng.random() < 0.7:
        right = rng.choice([True, True, False, None])
        Qualification.objects.create(handoff=handoff, right_phone=right, saved_at=offered)
    return handoff


class Plain:
    """The same questions, asked of the rows one by one."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.leads = [s for s in Standing.objects.select_related("handoff") if self.mine(s)]
        self.handoffs = [h for h in Handoff.objects.select_related("qualification") if self.mine(h)]

    def mine(self, row: Standing | Handoff) -> bool:
        asked = (
            (self.scope.team, row.team_id),
            (self.scope.owner, row.owner_id),
            (self.scope.source or None, row.source),
        )
        return all(wanted is None or wanted == have for wanted, have in asked)

    def inside(self, moment: datetime | None) -> bool:
        return moment is not None and self.scope.now.start <= moment < self.scope.now.end

    @property
    def created(self) -> list[Standing]:
        return [s for s in self.leads if self.inside(s.created_at)]

    @property
    def offered(self) -> list[Handoff]:
        return [h for h in self.handoffs if self.inside(h.offered_at)]


def right_phone(handoff: Handoff) -> bool | None:
    return handoff.qualification.right_phone if hasattr(handoff, "qualification") else None


def invalid(handoff: Handoff) -> bool:
    return handoff.reason == "wrong_contact" or right_phone(handoff) is False


def judged(handoff: Handoff) -> bool:
    return handoff.outcome != Outcome.OPEN or right_phone(handoff) is not None


def share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def touches(handoffs: list[Handoff]) -> list[int]:
    return [step((h.first_touch_at - h.offered_at).total_seconds()) for h in handoffs if h.first_touch_at]


def worked_out(plain: Plain) -> dict:
    offered, created = plain.offered, plain.created
    accepted = [h for h in offered if h.outcome == Outcome.ACCEPTED]
    spoilt = {h.lead_id for h in Handoff.objects.select_related("qualification") if invalid(h)}
    won = [h for h in plain.handoffs if plain.inside(h.won_at)]
    return {
        "leads": len(created),
        "valid_leads": len([s for s in created if s.lead_id not in spoilt]),
        "mql": len(offered),
        "sql": len([h for h in plain.handoffs if h.outcome == Outcome.ACCEPTED and plain.inside(h.decided_at)]),
        "won": len(won),
        "revenue": sum(h.revenue for h in won),
        "mql_to_sql": share(len(accepted), len(offered)),
        "sql_to_customer": share(len([h for h in accepted if h.won_at]), len(accepted)),
        "first_touch_median": pytest.approx(median(touches(offered))) if touches(offered) else None,
        "invalid_rate": share(len([h for h in offered if invalid(h)]), len([h for h in offered if judged(h)])),
        "open_now": len([h for h in plain.handoffs if h.outcome == Outcome.OPEN]),
    }


@pytest.fixture(params=[(1, False), (1, True), (2, True), (3, False)], ids=str)
def people(request) -> list[User]:
    seed, rolled = request.param
    found = [make_user() for _ in range(3)]
    scatter(random.Random(seed), found)
    if rolled:
        roll(at=NOW)
    return found


def scopes(people: list[User]) -> list[Scope]:
    narrowed = [{}, {"source": "Google"}, {"team": people[0].team_id}, {"owner": people[1].pk, "source": "Facebook"}]
    return [Scope(PERIOD, NOW, **more) for more in narrowed]


def test_kpis_are_what_the_rows_say(people):
    for scope in scopes(people):
        found = {figure.kpi.key: figure.value for figure in kpis(scope)}
        expected = worked_out(Plain(scope))
        assert {key: found[key] for key in expected} == expected


def test_cohorts_are_what_the_rows_say(people):
    for scope in scopes(people):
        for group in Group:
            plain = Counter(
                (opening(h.offered_at.astimezone(ZONE).date(), group), h.outcome) for h in Plain(scope).offered
            )
            found = {
                (opening(record["from"], group), outcome): record[outcome]
                for record in cohorts(scope, group).records()
                for outcome in ("accepted", "recycled", "discarded", "open")
            }
            assert {key: count for key, count in found.items() if count} == plain


def test_volume_is_what_the_rows_say(people):
    for scope in scopes(people):
        plain = Plain(scope)
        leads = Counter(s.created_at.astimezone(ZONE).date() for s in plain.created)
        handoffs = Counter(h.offered_at.astimezone(ZONE).date() for h in plain.offered)
        for record in volume(scope, Group.DAY).records():
            assert (record["leads"], record["offered"]) == (leads[record["from"]], handoffs[record["from"]])


def test_funnel_is_what_the_rows_say(people):
    for scope in scopes(people):
        created = Plain(scope).created
        handed = [s.handoff for s in created if s.handoff]
        accepted = [h for h in handed if h.outcome == Outcome.ACCEPTED]
        counts = [record["count"] for record in funnel(scope).records()]
        assert counts == [len(created), len(handed), len(accepted), len([h for h in accepted if h.won_at])]


def test_sources_and_reps_add_up_to_the_whole(people):
    scope = Scope(PERIOD, NOW)
    plain = Plain(scope)
    by_source = sources(scope).records()
    assert sum(record["leads"] for record in by_source) == len(plain.created)
    assert sum(record["offered"] for record in by_source) == len(plain.offered)
    assert sum(record["revenue"] for record in by_source) == sum(h.revenue or 0 for h in plain.offered)
    owned = {h.owner_id for h in plain.handoffs if h.owner_id}
    by_rep = {record["id"]: record for record in reps(scope).records()}
    assert set(by_rep) <= owned
    for key, record in by_rep.items():
        mine = [h for h in plain.handoffs if h.owner_id == key]
        assert record["offered"] == len([h for h in mine if plain.inside(h.offered_at)])
        assert record["revenue"] == sum(h.revenue for h in mine if plain.inside(h.won_at))
        assert record["open"] == len([h for h in mine if h.outcome == Outcome.OPEN])
