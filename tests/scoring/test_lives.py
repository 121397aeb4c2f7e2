"""Random lives through the real acts: standing == ledger == replay, whatever arrives when.

Late facts, recyclings, decisions, profile changes, points by hand, new models, sweeps at odd moments, clocks that jump.
"""

from datetime import datetime
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from leads.behaviour import behave
from leads.decisions import decide
from leads.events import Fact, record
from leads.merging.joining import merge
from leads.merging.parting import undo_merge
from leads.models import Handoff, Lead
from leads.profile import update_profile
from leads.standing import lock
from scoring.adjust import adjust_score
from scoring.checks import violations
from scoring.decay import sweep_decay
from scoring.drafts import drop_rule, edit_settings, save_rule
from tests.factories import accept
from tests.scoring.makers import after, born, change_model, everything, set_rules, standing
from tests.scoring.studio import finish, make_draft, put_in_force

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

RULES = (
    {"event_kind": "form.contact", "points": 50, "repeat": "once", "expiry_days": 0},
    {"event_kind": "meeting.booked", "points": 75, "repeat": "once"},
    {"event_kind": "page.viewed", "points": 8, "repeat": "every", "cap_per_day": 2, "cap_per_lead": 6},
    {"event_kind": "offer.claimed", "points": 10, "repeat": "property", "repeat_property": "offer", "expiry_days": 20},
    {"event_kind": "mail.bounced", "points": -25, "repeat": "every"},
    {"event_kind": "form.demo", "points": 45, "repeat": "every", "mode": "raise_to"},
    {"event_kind": "form.demo", "points": 6, "repeat": "every", "category": "fit"},
    {
        "kind": "profile", "points": 15, "category": "fit",
        "conditions": [{"field": "title", "op": "equals", "value": "CEO"}],
    },
    {
        "kind": "profile", "points": -10, "category": "fit",
        "conditions": [{"field": "city", "op": "equals", "value": "Huế"}],
    },
)  # fmt: skip
KINDS = (
    "form.contact",
    "meeting.booked",
    "page.viewed",
    "page.viewed",
    "offer.claimed",
    "mail.bounced",
    "form.demo",
    "x.y",
)

ahead = st.integers(0, 80).map(lambda half: half / 2)
told = st.tuples(st.sampled_from(KINDS), st.integers(-60, 0).map(lambda half: half / 2), st.sampled_from("AB"))
models = st.fixed_dictionaries(
    {
        "decay": st.sampled_from(["inactivity", "expiry", "both", "none"]),
        "cumulative": st.booleans(),
        "expiry_days": st.sampled_from([15, 40]),
        "pause_when_accepted": st.booleans(),
    }
)
deeds = st.one_of(
    st.tuples(st.just("act"), st.lists(told, min_size=1, max_size=5)),
    st.tuples(st.just("act"), st.lists(told, min_size=1, max_size=5)),
    st.tuples(
        st.just("edit"), st.sampled_from([{"title": "CEO"}, {"title": "Kế toán"}, {"city": "Huế"}, {"city": ""}])
    ),
    st.tuples(st.just("sweep"), st.none()),
    st.tuples(st.just("adjust"), st.sampled_from([-40, -7, 12, 30])),
    st.tuples(st.just("publish"), models),
    st.tuples(st.sampled_from(["recycle", "accept", "drop", "return", "give back"]), st.none()),
)
lives = st.lists(st.tuples(ahead, deeds), min_size=1, max_size=9)


def perform(lead: Lead, deed: str, given: Any, day: float) -> None:
    at = after(day)
    if deed == "act":
        items = [
            {"id": lead.pk, "kind": kind, "occurred_at": after(day + back).isoformat(), "properties": {"offer": offer}}
            for kind, back, offer in given
        ]
        behave(items, at=at)
    elif deed == "edit":
        update_profile(lead.pk, by=None, at=at, changes=given)
    elif deed == "sweep":
        sweep_decay(at=at)
    elif deed == "adjust" and (given > 0 or standing(lead).score):
        adjust_score(lead.pk, points=given, reason="x", by=None, at=at)
    elif deed == "publish":
        change_rules(given, at=at, now=day % 2 == 0)
    else:
        sales(lead, deed, day)


def change_rules(settings: dict[str, Any], *, at: datetime, now: bool) -> None:
    """A new version with other settings and other points; re-scored at once, or lead by lead as they act."""
    draft = make_draft(at=at)
    edit_settings(draft, settings)
    rules = list(draft.rules.filter(is_active=True))
    drop_rule(draft, code=rules[0].code)
    save_rule(draft, {"points": rules[1].points % 60 + 10}, code=rules[1].code)
    put_in_force(draft, at=at)
    if now:
        finish(at=at)


def sales(lead: Lead, deed: str, day: float) -> None:
    """What Sales does, where there is something to do; the marks of a long story come straight into the log."""
    at, handoff = after(day), Handoff.objects.open().filter(lead=lead).first()
    if handoff and deed == "accept":
        accept(handoff, at=at)
    elif handoff and deed in {"recycle", "drop"}:
        decide(lead.pk, by=None, at=at, outcome={"drop": "discard"}.get(deed, deed), reason="bad_timing")
    elif deed in {"return", "give back"}:
        said = ("status.moved", {"from": "wrong_target", "to": "new"}) if deed == "return" else GIVEN_BACK
        with lock([lead.pk]) as rows:
            record([Fact(lead.pk, said[0], at, properties=said[1])], at=at, rows=rows)


GIVEN_BACK = ("handoff.recycled", {"score_to": 50})


def join(leads: list[Lead], *, at: datetime, part: bool) -> None:
    """Two leads turn out to be one person, or that was a mistake."""
    if len(leads) == 2:
        made = merge(leads[0].pk, leads[1].pk, by=None, at=at)
        if part:
            undo_merge(made, by=None, at=at)


PLAIN = {"decay": "inactivity", "cumulative": False, "expiry_days": 15, "pause_when_accepted": False}
CLOCK_BACK = [
    (0.0, ("edit", {"title": "Kế toán"})),
    (0.5, ("edit", {"city": "Huế"})),
    (1.0, ("edit", {"city": ""})),  # told a day before the one above
    (0.5, ("edit", {"title": "CEO"})),
]


@example(PLAIN, [CLOCK_BACK], "")
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(models, st.lists(lives, min_size=1, max_size=2), st.sampled_from(["", "joined", "parted"]))
def test_incremental_score_equals_replay(model, stories, joined):
    with transaction.atomic():
        change_model(**model)
        set_rules(*RULES)
        leads = [born(title="CEO"), born()][: len(stories)]
        day = last = 0.0
        for turn in range(max(map(len, stories))):
            for lead, story in zip(leads, stories, strict=True):
                if turn < len(story):
                    step, (deed, given) = story[turn]
                    day = max(0.0, day - 3) if step == 1 else day + step  # now and then a clock is turned back
                    last = max(last, day)
                    perform(lead, deed, given, day)
        at = after(last)
        assert [line for line in violations(at=at) if "no sweep" not in line] == []
        finish(at=at)
        assert [line for line in violations(at=at) if "no sweep" not in line] == []
        if joined:
            join(leads, at=at, part=joined == "parted")
            assert [line for line in violations(at=at) if "no sweep" not in line] == []
        sweep_decay(at=after(last + 100))
        assert list(violations(at=after(last + 100))) == []
        before = everything(leads)
        sweep_decay(at=after(last + 100))
        assert everything(leads) == before
        transaction.set_rollback(True)
