"""The sweep on real rows: the same as the engine, whenever and however often it runs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leads.decisions import decide
from leads.enums import Channel, Stage
from leads.intake import receive
from leads.models import Handoff, Lead, Standing
from leads.profile import update_profile
from leads.standing import lock
from scoring.checks import violations
from scoring.decay import sweep_decay
from scoring.models import LedgerEntry
from scoring.tasks import sweep_decay as task
from tests.factories import accept, make_lead, make_mql
from tests.scoring.makers import DAY, after, born, change_model, do, everything, ledger, set_rules, standing

pytestmark = pytest.mark.django_db


def test_nothing_is_due_before_the_day():
    lead = born(event={"kind": "form.contact"})
    assert sweep_decay(at=after(30) - timedelta(microseconds=1)) == 0
    assert standing(lead).next_decay_at == after(30)


def test_step_bears_its_own_date_not_the_sweep_s():
    lead = born(event={"kind": "form.contact"})
    assert sweep_decay(at=after(30.3)) == 1
    row = LedgerEntry.objects.get(lead=lead, kind="decay")
    assert (row.delta, row.effective_at, row.recorded_at) == (-15, after(30), after(30.3))
    assert (row.step, row.spell, row.model_version) == (30, after(0), 1)
    assert (standing(lead).score, standing(lead).next_decay_at) == (35, after(60))


def test_sweep_after_a_long_pause_fires_every_step_at_its_date():
    lead = born(title="CEO", event={"kind": "meeting.attended"})
    sweep_decay(at=after(365))
    assert ledger(lead)[2:] == [("decay", -15, 30), ("decay", -30, 60), ("decay", -50, 90)]
    row = standing(lead)
    assert (row.score, row.fit, row.engagement, row.grade, row.next_decay_at) == (20, 15, 5, "B3", None)


def test_sweep_takes_engagement_first_then_fit_and_never_below_zero():
    lead = born(title="CEO", event={"kind": "form.demo"})
    sweep_decay(at=after(365))
    rows = LedgerEntry.objects.filter(kind="decay").order_by("effective_at").values_list("delta", "fit_delta")
    assert list(rows) == [(-15, 0), (-20, -15)]
    assert (standing(lead).score, standing(lead).fit) == (0, 0)
    assert list(violations(at=after(365))) == []


def test_stage_falls_with_the_score():
    lead = born(event={"kind": "form.contact"})
    stages = []
    for day in (29, 31, 61, 91):
        sweep_decay(at=after(day))
        stages.append((standing(lead).score, standing(lead).stage))
    assert stages == [(50, Stage.LEAD), (35, Stage.PROSPECT), (5, Stage.CONTACT), (0, Stage.CONTACT)]


def test_open_handoff_stays_and_only_cools():
    lead = make_mql()
    sweep_decay(at=after(31))
    assert (standing(lead).score, standing(lead).stage, standing(lead).cooling) == (60, Stage.MQL, True)
    assert Handoff.objects.get().outcome == "open"


def test_accepted_lead_does_not_decay():
    lead = make_mql()
    accept(Handoff.objects.get(), at=after(1))
    assert sweep_decay(at=after(400)) == 0
    assert standing(lead).score == 75


def test_pause_can_be_switched_off():
    change_model(pause_when_accepted=False)
    lead = make_mql()
    accept(Handoff.objects.get(), at=after(1))
    sweep_decay(at=after(31))
    assert (standing(lead).score, standing(lead).stage, standing(lead).cooling) == (60, Stage.SQL, True)


def test_totals_instead_of_amounts():
    change_model(cumulative=False)
    lead = born(event={"kind": "meeting.attended"})
    sweep_decay(at=after(365))
    assert standing(lead).score == 50


def test_sweep_twice_takes_nothing_more():
    lead = born(event={"kind": "meeting.attended"})
    sweep_decay(at=after(61))
    before = everything([lead])
    assert sweep_decay(at=after(61)) == 0
    assert sweep_decay(at=after(40)) == 0
    assert everything([lead]) == before


def crowd() -> list[Lead]:
    kinds = ("meeting.attended", "form.contact", "form.demo", "page.viewed")
    payloads = [
        {
            "phone": f"09{n:08d}",
            "title": "CEO" if n % 3 else "",
            "event": {"kind": kinds[n % 4], "occurred_at": after(-n / 7).isoformat()},
        }
        for n in range(24)
    ]
    receive(payloads, channel=Channel.API, at=after(0))
    return list(Lead.objects.order_by("pk"))


def told(rows) -> list:
    """Rows without the lead's and the event's number, which differ from run to run."""
    return sorted(repr(row[1:3] + row[4:]) for row in rows)


@pytest.mark.parametrize("decay", ["inactivity", "expiry", "both", "none"])
def test_one_late_sweep_equals_many_punctual_ones_in_any_chunks(decay):
    change_model(decay=decay, expiry_days=25)
    first = crowd()
    for day in range(0, 100, 3):
        sweep_decay(at=after(day), chunk=5)
    punctual = told(everything(first))
    assert list(violations(at=after(99))) == []
    Lead.objects.all().delete()
    second = crowd()
    sweep_decay(at=after(99))
    assert told(everything(second)) == punctual
    assert list(violations(at=after(99))) == []


def test_lapsing_awards_and_silence_fall_together():
    change_model(decay="both", expiry_days=40)
    set_rules(
        {"event_kind": "form.contact", "points": 50, "repeat": "once"},
        {"event_kind": "page.viewed", "points": 10, "repeat": "every", "expiry_days": 35},
        {"event_kind": "mail.kept", "points": 7, "repeat": "every", "expiry_days": 0},
    )
    lead = born(event={"kind": "form.contact"})
    do(lead, (1, "page.viewed"), (1.5, "mail.kept"))
    sweep_decay(at=after(200))
    assert ledger(lead)[3:] == [("decay", -15, 31.5), ("expiry", -10, 36), ("expiry", -42, 40), ("decay", 0, 0)][:3]
    assert (standing(lead).score, standing(lead).next_decay_at) == (0, None)
    assert list(violations(at=after(200))) == []


def test_award_without_points_left_lapses_quietly_and_stays_used_up():
    change_model(decay="both", expiry_days=40)
    lead = born(event={"kind": "form.demo"})
    sweep_decay(at=after(200))
    assert ledger(lead) == [("award", 20, 0), ("decay", -15, 30), ("expiry", -5, 40)]
    change_model(expiry_days=95)
    other = born(event={"kind": "form.demo"})
    sweep_decay(at=after(200))
    assert ledger(other)[1:] == [("decay", -15, 30), ("decay", -5, 60), ("expiry", 0, 95)]


def test_facts_between_sweeps_know_what_has_yet_to_lapse():
    change_model(decay="expiry", expiry_days=10)
    lead = born(event={"kind": "form.demo"})
    do(lead, (8, "page.viewed"))
    do(lead, (12, "page.viewed"))
    assert ledger(lead) == [("award", 20, 0), ("award", 3, 8), ("expiry", -20, 10), ("award", 3, 12)]
    assert standing(lead).next_decay_at == after(18)
    sweep_decay(at=after(30))
    assert standing(lead).score == 0
    assert list(violations(at=after(30))) == []


def test_paused_awards_lapse_when_the_lead_comes_back():
    change_model(decay="expiry", expiry_days=10)
    lead = make_mql(phone="0912345678")
    decide(lead.pk, by=None, at=after(1), outcome="discard", reason="competitor")
    assert sweep_decay(at=after(50)) == 0
    receive([{"phone": "0912345678"}], channel=Channel.API, at=after(60))
    assert ledger(lead) == [("award", 75, 0), ("expiry", -75, 60)]
    assert list(violations(at=after(60))) == []


def test_profile_points_that_come_in_silence_meet_the_next_step_only():
    lead = born(event={"kind": "page.viewed"})
    sweep_decay(at=after(31))
    update_profile(lead.pk, by=None, at=after(45), changes={"title": "CEO"})
    assert (standing(lead).score, standing(lead).next_decay_at) == (15, after(60))
    sweep_decay(at=after(61))
    assert standing(lead).score == 0
    assert list(violations(at=after(61))) == []


def test_fact_before_the_sweep_fires_what_is_overdue_at_its_date():
    lead = born(event={"kind": "form.contact"})
    do(lead, (45, "form.demo"))
    assert ledger(lead) == [("award", 50, 0), ("decay", -15, 30), ("award", 20, 45)]
    assert sweep_decay(at=after(46)) == 0


def test_sweep_is_a_few_statements_however_many_are_due():
    crowd()
    with CaptureQueriesContext(connection) as context:
        assert sweep_decay(at=after(40)) == Standing.objects.count()
    statements = [q["sql"] for q in context.captured_queries if "SAVEPOINT" not in q["sql"]]
    assert len(statements) <= 6  # the model and its rules, claim, sweep, claim again; and the count of this test


def test_idle_sweep_is_two_statements():
    crowd()
    sweep_decay(at=after(0))
    with CaptureQueriesContext(connection) as context:
        assert sweep_decay(at=after(1)) == 0
    assert len([q for q in context.captured_queries if "SAVEPOINT" not in q["sql"]]) == 2


def test_task_sweeps_by_the_clock():
    lead = make_lead(event={"kind": "form.contact"})
    with lock([lead.pk]) as rows:
        at = after(-4000)
        rows.set_activity(lead.pk, last_activity_at=at, quiet_since=at, next_decay_at=at + 30 * DAY)
    assert task() == 1
    assert standing(lead).score == 0
