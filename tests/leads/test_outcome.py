"""What came of a lead's hand-off stands beside its status: the same, always, and found together with all else."""

from datetime import timedelta
from importlib import import_module
from itertools import combinations
from types import SimpleNamespace

import pytest
from django.db import connection

from leads.checks import violations
from leads.decisions import decide
from leads.enums import Outcome
from leads.filters import NOBODY, filter_standings
from leads.merging.joining import merge
from leads.merging.parting import undo_merge
from leads.models import Handoff, ImportRow, Merge, Standing
from tests.factories import NOW, accept, make_handoff, make_lead, make_user
from tests.leads.importing.files import bring_in, take_back
from tests.leads.lives import LIVES, everything

pytestmark = pytest.mark.django_db
MINUTES = timedelta(minutes=10)
LATER = NOW + MINUTES
FILL = import_module("leads.migrations.0017_outcomes_beside_the_status").fill


def said() -> dict[int, str]:
    """By lead what the hand-offs say."""
    rows = Standing.objects.values_list("lead", "handoff__outcome")
    return {lead: outcome or "" for lead, outcome in rows}


def beside() -> dict[int, str]:
    return dict(Standing.objects.values_list("lead", "outcome"))


def forget() -> None:
    """As it was before the column: neither here nor in what an undo keeps."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE leads_standing SET outcome = ''")
        cursor.execute("UPDATE leads_importrow SET before = before #- '{standing,outcome}'")
        for name in ("before", "moved"):
            for made in Merge.objects.all():
                kept = getattr(made, name)
                for row in kept["leads_standing"].values():
                    del row["outcome"]
                Merge.objects.filter(pk=made.pk).update(**{name: kept})


def fill() -> None:
    FILL(None, SimpleNamespace(connection=connection))


def test_whatever_has_become_of_a_lead_its_outcome_is_that_of_its_hand_off():
    make_user()
    for live in LIVES.values():
        live()
    assert beside() == said()
    assert {*beside().values()} >= {"", "open", "accepted", "recycled", "discarded"}
    assert list(violations(at=NOW)) == []


def test_every_set_of_outcomes_finds_what_a_look_at_each_hand_off_finds():
    make_user()
    for live in LIVES.values():
        live()
    told = said()
    words = [NOBODY, *Outcome.values]
    for size in (1, 2, 5):
        for chosen in combinations(words, size):
            found = filter_standings(Standing.objects.order_by("pk"), {"outcome": ",".join(chosen)}, at=NOW)
            expected = sorted(lead for lead, outcome in told.items() if (outcome or NOBODY) in chosen)
            assert (chosen, [row.pk for row in found]) == (chosen, expected)


def test_violations_name_an_outcome_that_is_not_the_hand_offs():
    open_one, never = make_handoff().lead_id, make_lead().pk
    Standing.objects.filter(pk=open_one).update(outcome="recycled")
    Standing.objects.filter(pk=never).update(outcome="accepted")
    assert sorted(violations(at=NOW)) == [
        f"lead {pk}: standing and hand-off disagree on what came of it" for pk in sorted([open_one, never])
    ]


def test_outcomes_of_before_are_filled_in_and_once_is_enough():
    make_user()
    for live in LIVES.values():
        live()
    known = beside()
    forget()
    fill()
    assert beside() == known
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(xmin::text::bigint) FROM leads_standing")
        last = cursor.fetchone()
        fill()
        cursor.execute("SELECT max(xmin::text::bigint) FROM leads_standing")
        assert cursor.fetchone() == last


def test_a_merge_of_before_can_still_be_undone():
    make_user()
    taken, back = make_handoff().lead_id, make_handoff().lead_id
    accept(Handoff.objects.get(lead=taken), by=None)
    decide(back, by=None, at=NOW, outcome="recycle", reason="no_need")
    before = beside()
    made = merge(back, taken, by=None, at=NOW)
    assert beside() == {back: "accepted"}
    forget()
    fill()
    undo_merge(Merge.objects.get(pk=made.pk), by=None, at=NOW)
    assert (beside(), said()) == (before, before)


def test_a_file_of_before_can_still_be_taken_back():
    make_user()
    leads = [live() for live in LIVES.values()]
    before = everything()
    found = bring_in([["Điện thoại", "Họ tên"], *([lead.phone, "Mới"] for lead in leads)], at=LATER)
    assert ImportRow.objects.filter(before__standing__has_key="outcome").count() == len(leads)
    forget()
    fill()
    take_back(found, at=LATER + MINUTES)
    after = everything()
    assert [name for name in before if before[name] != after[name]] == []
    assert beside() == said()
