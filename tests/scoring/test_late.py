"""Facts that arrive late are put in their place, and the ledger becomes what it would have been."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leads.behaviour import behave
from leads.decisions import decide
from leads.enums import Channel, Stage
from leads.intake import receive
from leads.models import Event, Handoff, Lead, Standing
from leads.profile import update_profile
from leads.standing import lock
from scoring.award import rederive, show
from scoring.checks import violations
from scoring.decay import sweep_decay
from scoring.published import published
from tests.factories import NOW, accept, make_mql
from tests.scoring.makers import after, born, do, ledger, set_rules, standing

pytestmark = pytest.mark.django_db


def rederived() -> list[dict]:
    return list(Event.objects.filter(kind="score.rederived").order_by("pk").values_list("properties", flat=True))


def test_late_action_takes_back_the_silence_it_ended():
    lead = born(event={"kind": "form.contact"})
    sweep_decay(at=after(40))
    do(lead, (20, "page.viewed"), at=41)
    assert ledger(lead) == [("award", 50, 0), ("award", 3, 20)]
    assert (standing(lead).score, standing(lead).next_decay_at) == (53, after(50))
    assert rederived() == [{"before": 35, "after": 53}]
    assert list(violations(at=after(41))) == []


def test_late_action_is_awarded_instead_of_the_later_one():
    lead = born()
    do(lead, (2, "form.demo"), at=2)
    do(lead, (1, "form.demo"), at=3)
    assert ledger(lead) == [("award", 20, 1)]
    assert rederived() == [{"before": 20, "after": 20}]
    assert list(violations(at=after(3))) == []


def test_profile_changes_keep_their_order_when_a_clock_goes_back():
    lead = born()
    for day, city in ((2, "Huế"), (1, "Vinh"), (3, "Đà Lạt")):
        update_profile(lead.pk, by=None, at=after(day), changes={"city": city})
    told = Event.objects.filter(lead=lead, kind="lead.updated").order_by("pk")
    assert [(event.properties["profile"]["city"], event.occurred_at, event.recorded_at) for event in told] == [
        ("Huế", after(2), after(2)),
        ("Vinh", after(2), after(1)),
        ("Đà Lạt", after(3), after(3)),
    ]
    assert list(violations(at=after(3))) == []


def test_late_action_that_only_adds_is_not_worth_a_word():
    lead = born()
    do(lead, (2, "form.demo"), at=2)
    do(lead, (1, "page.viewed"), at=3)
    assert ledger(lead) == [("award", 3, 1), ("award", 20, 2)]
    assert rederived() == []


def test_late_action_before_a_recycling_that_took_nothing():
    lead = born(event={"kind": "trial.started"})
    decide(lead.pk, by=None, at=after(2), outcome="recycle", reason="bad_timing")
    do(lead, (1, "form.contact"), at=3)
    assert ledger(lead) == [("award", 10, 0), ("award", 50, 1), ("recycle", -10, 2)]
    assert standing(lead).score == 50
    assert list(violations(at=after(3))) == []


def test_late_action_while_sales_has_the_lead():
    lead = make_mql()
    accept(Handoff.objects.get(), at=after(2))
    do(lead, (1, "page.viewed"), at=3)
    assert (standing(lead).score, standing(lead).next_decay_at) == (78, None)
    assert standing(lead).last_activity_at == after(1)
    assert list(violations(at=after(3))) == []


def test_late_action_from_before_a_return_does_not_move_the_new_silence():
    lead = make_mql(phone="0912345678")
    decide(lead.pk, by=None, at=after(1), outcome="discard", reason="competitor")
    receive([{"phone": "0912345678"}], channel=Channel.API, at=after(5))
    do(lead, (3, "page.viewed"), at=6)
    assert standing(lead).next_decay_at == after(35)
    assert list(violations(at=after(6))) == []


def test_late_action_after_a_profile_change_without_points():
    set_rules(
        {"event_kind": "page.viewed", "points": 10, "repeat": "every"},
        {
            "kind": "profile", "category": "fit", "points": 15,
            "conditions": [{"field": "title", "op": "equals", "value": "ceo"}],
        },
    )  # fmt: skip
    lead = born(title="CEO")
    sweep_decay(at=after(31))
    update_profile(lead.pk, by=None, at=after(35), changes={"title": "Kế toán"})
    do(lead, (33, "page.viewed"), at=36)
    assert standing(lead).score == 10
    assert list(violations(at=after(36))) == []


def test_late_crossing_opens_the_handoff_now():
    lead = born(event={"kind": "form.contact"})
    do(lead, (5, "page.viewed"), at=5)
    do(lead, (2, "form.demo"), (3, "ebook.downloaded"), at=6)
    assert (standing(lead).score, standing(lead).stage) == (78, Stage.MQL)
    assert Handoff.objects.get().offered_at == after(6)


def test_clock_turned_back_leaves_what_was_taken():
    lead = born(event={"kind": "form.contact"})
    sweep_decay(at=after(31))
    do(lead, (29, "quiz.taken"), at=29)
    assert ledger(lead) == [("award", 50, 0)]
    other = born(event={"kind": "form.contact"})
    sweep_decay(at=after(61))
    do(other, (0, "page.viewed"), at=0.1)
    assert ledger(other) == [("award", 50, 0), ("award", 3, 0), ("decay", -15, 30), ("decay", -30, 60)]
    sweep_decay(at=after(61))
    assert list(violations(at=after(61))) == []


@pytest.mark.parametrize("count", [1, 50])
def test_deriving_anew_takes_the_same_queries_for_one_lead_and_many(count, settings):
    settings.PREPARE_STATEMENTS = False  # statements are sent as they are, so that their text can be counted
    receive(
        [{"phone": f"09{n:08d}", "event": {"kind": "form.contact"}} for n in range(count)], channel=Channel.API, at=NOW
    )
    ids = list(Lead.objects.values_list("pk", flat=True))
    sweep_decay(at=after(31))
    items = [{"id": pk, "kind": "page.viewed", "occurred_at": after(20).isoformat()} for pk in ids]
    with CaptureQueriesContext(connection) as context:
        behave(items, at=after(32))
    read = [q["sql"] for q in context.captured_queries if "INSERT INTO leads_event" not in q["sql"]]
    scoring = [sql for sql in read if "scoring_" in sql or "FROM leads_event" in sql]
    # the model, what is known, the histories, the ledgers, what goes, what comes
    assert len(scoring) == 6
    assert set(Standing.objects.values_list("score", flat=True)) == {53}
    assert len(rederived()) == count


def test_rederive_repairs_a_ledger_that_was_damaged():
    lead = born(event={"kind": "form.contact"})
    with connection.cursor() as cursor:
        cursor.execute("UPDATE scoring_ledgerentry SET delta = 49")
    assert len(list(violations(at=after(1)))) == 2
    with lock([lead.pk]) as rows:
        model = published()
        states = rederive({lead.pk: after(1)}, model, at=after(1), rows=rows)
        show(lead.pk, states[lead.pk], model, rows=rows)
    assert ledger(lead) == [("award", 50, 0)]
    assert list(violations(at=after(1))) == []


def test_rederive_of_nobody_asks_nothing(django_assert_num_queries):
    with lock([]) as rows, django_assert_num_queries(0):
        assert rederive({}, published, at=NOW, rows=rows) == {}
