"""Databases that lived with an earlier mistake: the check names lead and command, and the command puts them right."""

from datetime import datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from leads.events import Fact, record
from leads.kinds import LEAD_UPDATED
from leads.models import Handoff, Lead
from leads.standing import lock
from scoring import ledger
from scoring.checks import violations
from scoring.engine import Entry
from scoring.mending import mend
from scoring.published import published
from tests.factories import NOW
from tests.scoring.makers import DAY, after, born, change_model, standing
from tests.scoring.makers import ledger as rows_of
from tests.scoring.studio import finish, make_draft, put_in_force

pytestmark = pytest.mark.django_db


def tagged_as_it_once_was(lead: Lead, *, at: datetime) -> None:
    """A tag on a lead took the points of its title away: so it was booked, and so it stood there."""
    with lock([lead.pk]) as rows:
        [event] = record([Fact(lead.pk, LEAD_UPDATED, at, properties={"profile": {}})], at=at, rows=rows)
        rule = published().profile[0]
        wrong = Entry("profile", at, rule.id, event.pk, -rule.points, -rule.points)
        ledger.book({lead.pk: [wrong]}, version=1, at=at)
        rows.set_score(lead.pk, score=rows[lead.pk].score - rule.points, fit=0, grade="C2")


def director(at: datetime = NOW) -> Lead:
    return born(at=at, title="Giám đốc", event={"kind": "form.contact"})


def test_the_check_names_the_command_and_the_command_mends():
    at = timezone.now() - DAY
    lead, other = director(at), director(at)
    tagged_as_it_once_was(lead, at=at)
    assert standing(lead).score == 50
    [line] = violations(at=timezone.now())
    assert line == f"lead {lead.pk}: ledger and replay differ; mended by: manage.py mend_scores {lead.pk}"
    said = StringIO()
    call_command(*line.split("manage.py ")[1].split(), stdout=said)
    assert said.getvalue() == "1 leads derived anew, 1 scores changed.\n"
    assert list(violations(at=timezone.now())) == []
    assert (standing(lead).score, standing(lead).fit) == (standing(other).score, standing(other).fit) == (65, 15)


def test_without_numbers_everything_wrong_is_mended():
    at = timezone.now() - DAY
    leads = [director(at) for _n in range(3)]
    for lead in leads[:2]:
        tagged_as_it_once_was(lead, at=at)
    said = StringIO()
    call_command("mend_scores", stdout=said)
    assert said.getvalue() == "2 leads derived anew, 2 scores changed.\n"
    assert list(violations(at=timezone.now())) == []


def test_a_new_model_puts_it_right_too():
    lead = director()
    tagged_as_it_once_was(lead, at=after(1))
    assert len(list(violations(at=after(1)))) == 1
    put_in_force(make_draft(), at=after(2))
    finish(at=after(2))
    assert list(violations(at=after(2))) == []
    assert (standing(lead).score, rows_of(lead)[-1]) == (65, ("rescore", 15, 2))


def test_stages_follow_and_nobody_is_handed_over():
    lead = director()
    tagged_as_it_once_was(lead, at=after(1))
    change_model(lead=60, mql=65)
    assert mend([lead.pk, lead.pk, 10**12], at=after(1)) == 1
    assert (standing(lead).stage, standing(lead).score, Handoff.objects.count()) == ("lead", 65, 0)
    before = rows_of(lead)
    assert mend([lead.pk], at=after(1)) == 0
    assert rows_of(lead) == before
