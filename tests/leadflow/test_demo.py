"""The demo: a small one is played in full, and must be as sound as real work."""

import io
from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from leadflow.demo.cast import PASSWORD, PEOPLE
from leadflow.demo.quarrel import PAID_AFTER, Quarrel
from leads.assigning.trial import try_lead
from leads.enums import Outcome
from leads.models import Absence, Appointment, AssignmentRule, Attachment, Call, CustomField, Event, Handoff, Lead
from reports.goals import goals
from reports.invariants import violations
from reports.marketers import marketers
from reports.models.goal import Measured
from reports.periods import named
from reports.scope import Scope
from sla.models import Agreement, BonusStatement, Dispute
from sla.months import next_month

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LEADS = 120


@pytest.fixture(scope="module")
def played(django_db_setup, django_db_blocker):
    """What the command printed. Played once: every test here sees the same house and leaves it as it was."""
    printed = io.StringIO()
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("demo", leads=LEADS, stdout=printed)
        yield printed.getvalue()
        transaction.set_rollback(True)


def test_demo_has_everybody_and_every_way_a_lead_can_go(played):
    assert Lead.objects.count() == LEADS
    assert Counter(User.objects.values_list("role", flat=True)) == {
        Role.REP: 6,
        Role.TEAM_LEAD: 2,
        Role.MARKETER: 3,
        Role.MARKETING_MANAGER: 1,
        Role.SALES_MANAGER: 1,
        Role.ADMIN: 1,
    }
    outcomes = set(Handoff.objects.values_list("outcome", flat=True))
    assert {Outcome.ACCEPTED, Outcome.RECYCLED} - outcomes == set()
    assert Call.objects.exists()
    lines = played.splitlines()
    assert [PASSWORD in line for line in lines] == [True] * len(PEOPLE)
    assert [Client().login(username=email, password=PASSWORD) for email, *_rest in PEOPLE[:3]] == [True] * 3


def test_demo_lies_in_the_past_months_is_sound_and_comes_once(played, capsys):
    now = timezone.now()
    first, last = Event.objects.earliest("occurred_at").occurred_at, Event.objects.latest("occurred_at").occurred_at
    assert timedelta(days=120) < now - first < timedelta(days=200)
    assert last <= now
    assert list(violations(at=now)) == []
    before = Event.objects.count()
    call_command("demo", leads=LEADS)
    assert "no demo data added" in capsys.readouterr().out
    assert Event.objects.count() == before


def test_demo_knows_what_its_campaigns_cost_whose_they_are_and_what_is_asked_of_the_month(played):
    now = timezone.now()
    table = marketers(Scope(named("6m", at=now), now)).records()
    assert [row["id"] is None for row in table][-1] is True
    assert all(row["spend"] for row in table if row["leads"] > 20)
    assert {row["kpi"] for row in goals(Scope(named("month", at=now), now)).records()} == set(Measured)


def test_demo_desks_look_lived_in(played):
    now = timezone.now()
    in_hand = Lead.objects.exclude(tags=[])
    ahead = Appointment.objects.filter(starts_at__gt=now)
    assert Counter(CustomField.objects.values_list("kind", flat=True)) == {"number": 1, "choices": 1, "choice": 1}
    assert in_hand.count() >= 3
    assert 0 < ahead.count() == Appointment.objects.count()
    assert {type(lead.custom["kenh_ua_thich"]) for lead in in_hand.exclude(custom={})} == {list}
    assert Attachment.objects.exists()
    assert Event.objects.filter(kind="note.added", occurred_at__gt=now - timedelta(days=40)).exists()


def test_demo_has_rules_that_fit_some_leads_and_leave_the_rest_to_everybody(played):
    now = timezone.now()
    assert list(AssignmentRule.objects.values_list("position", flat=True)) == [1, 2, 3]
    tried = [try_lead(lead, at=now) for lead in Lead.objects.order_by("pk")[:40]]
    assert {trial.rule.team is not None for trial in tried if trial.rule} == {True}
    assert {trial.rule is None for trial in tried} == {True, False}
    assert [trial.chosen is None for trial in tried] == [False] * 40
    absent = Absence.objects.get()
    assert (absent.first > timezone.localdate(now), absent.user.is_seller) == (True, True)


def test_demo_tells_of_a_month_promised_too_high_and_of_a_dispute(played):
    quarrel = Quarrel(until=timezone.now())
    agreed = list(Agreement.objects.filter(version__gt=1).order_by("version").values_list("mql_per_month", "state"))
    assert agreed == [(20, "agreed"), (90, "agreed"), (35, "agreed")]
    loud = Agreement.objects.get(version=3)
    assert (loud.in_force_from, loud.signed_by_sales.role) == (quarrel.loud, Role.SALES_MANAGER)
    assert set(BonusStatement.objects.values_list("month", flat=True)) == {quarrel.loud}
    complained = Dispute.objects.filter(verdict__month=quarrel.slow, state="open").count()
    assert complained == (timezone.localdate() >= next_month(quarrel.slow) + PAID_AFTER)
