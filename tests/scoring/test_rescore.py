"""Publishing re-scores everybody: ledger == score == replay afterwards, whatever happens on the way."""

import pytest

from leads.decisions import decide
from leads.models import Handoff, Standing
from scoring import slices
from scoring.adjust import adjust_score
from scoring.agreement import roll_back
from scoring.backtest import start_backtest
from scoring.checks import violations
from scoring.decay import sweep_decay
from scoring.drafts import drop_rule, edit_settings, save_rule
from scoring.explain import why
from scoring.models import LedgerEntry, Publication, Rescoring, Rule, ScoringModel, Slice
from tests.factories import make_user
from tests.scoring.makers import after, born, do, ledger, standing
from tests.scoring.studio import finish, make_draft, put_in_force

pytestmark = pytest.mark.django_db


def rule_for(draft: ScoringModel, event: str) -> Rule:
    return draft.rules.get(event_kind=event)


def worth(draft: ScoringModel, event: str, points: int) -> None:
    save_rule(draft, {"points": points}, code=rule_for(draft, event).code)


def books(*, at) -> list[str]:
    return list(violations(at=at))


def test_rescore_row_explains_the_difference_and_older_rows_stay():
    lead = born(event={"kind": "form.contact"})
    do(lead, (1, "page.viewed"))
    draft = make_draft()
    worth(draft, "form.contact", 30)
    put_in_force(draft, at=after(2))
    assert finish(at=after(2)) == 1
    assert ledger(lead) == [("award", 50, 0), ("award", 3, 1), ("rescore", -20, 2)]
    assert (standing(lead).score, standing(lead).stage) == (33, "prospect")
    assert books(at=after(2)) == []
    job = Rescoring.objects.get()
    assert (job.state, job.done, job.total, job.changed, job.handed_over) == ("done", 1, 1, 1, 0)
    assert Slice.objects.count() == 0


def test_what_happens_after_is_booked_by_the_new_rules():
    lead = born(event={"kind": "form.contact"})
    draft = make_draft()
    worth(draft, "page.viewed", 7)
    put_in_force(draft, at=after(1))
    finish(at=after(1))
    do(lead, (2, "page.viewed"))
    assert ledger(lead) == [("award", 50, 0), ("award", 7, 2)]
    assert standing(lead).score == 57
    assert LedgerEntry.objects.get(delta=7).model_version == draft.version
    assert books(at=after(2)) == []


def test_once_stays_once_across_models():
    lead = born(event={"kind": "form.contact"})
    put_in_force(make_draft(), at=after(1))
    finish(at=after(1))
    do(lead, (2, "form.contact"))
    assert standing(lead).score == 50
    assert books(at=after(2)) == []


def test_a_lead_that_acts_before_its_turn_is_rescored_there_and_then():
    lead = born(event={"kind": "form.contact"})
    draft = make_draft()
    worth(draft, "form.contact", 20)
    put_in_force(draft, at=after(1))
    do(lead, (2, "page.viewed"))
    assert ledger(lead) == [("award", 50, 0), ("rescore", -30, 1), ("award", 3, 2)]
    assert finish(at=after(3)) == 1
    assert Rescoring.objects.get().changed == 0
    assert standing(lead).score == 23
    assert books(at=after(3)) == []


def test_late_events_change_what_rescoring_made_of_the_past():
    lead = born()
    draft = make_draft()
    worth(draft, "page.viewed", 8)
    put_in_force(draft, at=after(2))
    finish(at=after(2))
    do(lead, (1, "page.viewed"), at=3)
    assert ledger(lead) == [("rescore", 8, 2)]
    assert standing(lead).score == 8
    assert books(at=after(3)) == []


def test_new_leads_have_rows_of_the_new_model_alone():
    put_in_force(make_draft(), at=after(1))
    finish(at=after(1))
    lead = born(at=after(2), event={"kind": "form.contact"})
    assert ledger(lead) == [("award", 50, 2)]
    assert books(at=after(2)) == []


def test_decay_goes_on_under_the_new_steps():
    lead = born(event={"kind": "form.contact"})
    draft = make_draft()
    edit_settings(draft, {"steps": [{"days": 10, "points": 5}, {"days": 40, "points": 20}]})
    put_in_force(draft, at=after(20))
    finish(at=after(20))
    assert ledger(lead) == [("award", 50, 0), ("rescore", -5, 20)]
    sweep_decay(at=after(41))
    assert ledger(lead)[-1] == ("decay", -20, 40)
    assert books(at=after(41)) == []


def test_awards_of_older_models_lapse_by_the_new_one():
    lead, other = born(event={"kind": "form.contact"}), born(event={"kind": "form.demo"})
    draft = make_draft()
    edit_settings(draft, {"decay": "expiry", "expiry_days": 30})
    put_in_force(draft, at=after(10))
    finish(at=after(10))
    sweep_decay(at=after(31))
    assert ledger(lead) == [("award", 50, 0), ("expiry", -50, 30)]
    assert (standing(lead).score, standing(other).score, standing(lead).stage) == (0, 0, "contact")
    assert books(at=after(31)) == []


def test_nobody_is_handed_over_by_rescoring_unless_it_was_chosen():
    lead = born(event={"kind": "form.contact"})
    draft = make_draft()
    edit_settings(draft, {"mql": 50})
    put_in_force(draft, at=after(1))
    finish(at=after(1))
    assert (standing(lead).stage, Handoff.objects.count()) == ("lead", 0)
    do(lead, (2, "page.viewed"))
    assert (standing(lead).stage, Handoff.objects.count()) == ("mql", 1)


def test_hand_over_now_hands_over_those_who_are_over_the_line():
    over, below = born(event={"kind": "form.contact"}), born(event={"kind": "form.demo"})
    draft = make_draft()
    edit_settings(draft, {"mql": 50})
    start_backtest(draft, months=1, by=None, at=after(1))
    finish(at=after(1))
    put_in_force(draft, at=after(1), handovers="now")
    finish(at=after(1))
    assert (standing(over).stage, standing(below).stage) == ("mql", "prospect")
    assert Rescoring.objects.get().handed_over == 1
    assert Handoff.objects.get().model_version == draft.version
    assert books(at=after(1)) == []


def test_leads_with_sales_keep_their_stage_and_are_marked_as_cooling():
    lead = born(event={"kind": "meeting.booked"})
    draft = make_draft()
    worth(draft, "meeting.booked", 20)
    put_in_force(draft, at=after(1))
    finish(at=after(1))
    row = standing(lead)
    assert (row.stage, row.score, row.cooling, row.handoff_open) == ("mql", 20, True, True)


def test_rollback_brings_the_old_rules_back_as_a_new_version():
    lead = born(event={"kind": "form.contact"})
    draft = make_draft()
    worth(draft, "form.contact", 10)
    put_in_force(draft, at=after(1))
    finish(at=after(1))
    boss = make_user("sales_manager")
    roll_back(ScoringModel.objects.get(version=1), reason="Quá ít MQL", by=boss, at=after(2))
    finish(at=after(2))
    assert ledger(lead) == [("award", 50, 0), ("rescore", -40, 1), ("rescore", 40, 2)]
    assert standing(lead).score == 50
    assert [(p.kind, p.model.version, p.replaced.version, p.reason) for p in Publication.objects.all()] == [
        ("rollback", 3, 2, "Quá ít MQL"), ("publish", 2, 1, ""),
    ]  # fmt: skip
    assert books(at=after(2)) == []


def test_publishing_again_takes_over_from_a_rescoring_that_is_not_done():
    lead = born(event={"kind": "form.contact"})
    first, second = make_draft("Một"), make_draft("Hai")
    worth(first, "form.contact", 10)
    worth(second, "form.contact", 25)
    put_in_force(first, at=after(1))
    put_in_force(second, at=after(2))
    assert finish(at=after(2)) == 1
    assert sorted(Rescoring.objects.values_list("state", flat=True)) == ["cancelled", "done"]
    assert ledger(lead) == [("award", 50, 0), ("rescore", -25, 2)]
    assert books(at=after(2)) == []


def test_pause_and_resume():
    born(event={"kind": "form.contact"})
    draft = make_draft()
    worth(draft, "form.contact", 10)
    put_in_force(draft, at=after(1))
    job = Rescoring.objects.get()
    slices.pause(job)
    assert finish(at=after(1)) == 0
    assert books(at=after(1)) == []  # those that wait are no violation
    slices.resume(job)
    assert finish(at=after(1)) == 1
    assert books(at=after(1)) == []


def test_doing_a_slice_twice_changes_nothing():
    lead = born(event={"kind": "form.contact"})
    draft = make_draft()
    worth(draft, "form.contact", 10)
    put_in_force(draft, at=after(1))
    piece = Slice.objects.get()
    finish(at=after(1))
    before = ledger(lead)
    piece.pk, piece.state, piece.leased_until = None, "pending", None
    Rescoring.objects.update(state="running", finished_at=None)
    piece.save(force_insert=True)
    assert finish(at=after(5)) == 1
    assert ledger(lead) == before


def test_why_shows_older_rows_the_rescore_row_and_the_new_ones():
    lead = born(title="Giám đốc", event={"kind": "form.contact"})
    draft = make_draft()
    worth(draft, "form.contact", 30)
    put_in_force(draft, at=after(1))
    pending = why(lead.pk, at=after(1))
    finish(at=after(1))
    do(lead, (2, "page.viewed"))
    found = why(lead.pk, at=after(2))
    assert [(line.kind, line.points) for line in found.entries] == [
        ("award", 3), ("rescore", -20), ("award", 50), ("profile", 15),
    ]  # fmt: skip
    assert (found.score, found.model_version) == (48, draft.version)
    assert (pending.score, sum(line.points for line in pending.entries)) == (45, 45)
    assert "phiên bản 2" in found.entries[1].reason
    then = why(lead.pk, at=after(0.5))
    assert (then.score, then.model_version) == (65, 1)


def test_points_by_hand_survive_a_new_model():
    lead = born(event={"kind": "form.contact"})
    adjust_score(lead.pk, points=-12, reason="Học sinh", by=make_user(), at=after(1))
    draft = make_draft()
    drop_rule(draft, code=rule_for(draft, "form.contact").code)
    worth(draft, "form.demo", 40)
    put_in_force(draft, at=after(2))
    finish(at=after(2))
    assert (standing(lead).score, ledger(lead)[-1]) == (0, ("rescore", -38, 2))
    assert books(at=after(2)) == []


def test_recycling_after_rescoring_goes_to_the_new_lead_threshold():
    lead = born(event={"kind": "meeting.booked"})
    draft = make_draft()
    edit_settings(draft, {"lead": 40})
    put_in_force(draft, at=after(1))
    finish(at=after(1))
    decide(lead.pk, by=None, at=after(2), outcome="recycle", reason="no_need")
    assert Standing.objects.get(pk=lead.pk).score == 40
    assert books(at=after(2)) == []


def test_points_that_only_change_sides_are_two_rows():
    lead = born(title="Giám đốc", event={"kind": "form.demo"})
    draft = make_draft()
    save_rule(draft, {"category": "fit"}, code=rule_for(draft, "form.demo").code)
    put_in_force(draft, at=after(1))
    finish(at=after(1))
    assert ledger(lead)[-2:] == [("rescore", 20, 1), ("rescore", -20, 1)]
    assert (standing(lead).score, standing(lead).fit) == (35, 35)
    assert books(at=after(1)) == []


def test_an_action_after_the_workers_moment_is_not_forgotten():
    """A clock that runs behind, or a sweep that began before the action, takes nothing away."""
    lead = born(event={"kind": "form.contact"})
    draft = make_draft()
    edit_settings(draft, {"decay": "expiry", "expiry_days": 30})
    put_in_force(draft, at=after(10))
    do(lead, (10.2, "page.viewed"))
    finish(at=after(10.1))
    assert (standing(lead).score, books(at=after(10.2))) == (53, [])
    do(lead, (31, "page.viewed"))
    Standing.objects.update(next_decay_at=after(30))
    sweep_decay(at=after(30.5))
    assert (standing(lead).score, books(at=after(31))) == (6, [])
