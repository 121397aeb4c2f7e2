"""A trial over real rows: figures small enough to count by hand."""

import pytest

from core.errors import Invalid
from leads.decisions import decide
from leads.moves import move_status
from scoring import reading, slices
from scoring.backtest import latest, start_backtest
from scoring.drafts import edit_settings, save_rule
from scoring.engine import State, step
from scoring.history import read_histories
from scoring.models import Backtest, Slice
from scoring.published import published
from scoring.replay import replay
from tests.factories import accept, make_user
from tests.scoring.makers import after, born, do, standing
from tests.scoring.studio import finish, make_draft

pytestmark = pytest.mark.django_db


def tried(draft, *, months: int = 1, at=None) -> Backtest:
    at = at or after(20)
    job = start_backtest(draft, months=months, by=None, at=at)
    finish(at=at)
    job.refresh_from_db()
    return job


def sold(lead, day: float) -> None:
    accept(standing(lead).handoff, at=after(day))
    move_status(lead.pk, "hot", by=None, at=after(day + 1))
    move_status(lead.pk, "won", by=None, at=after(day + 2), amount=1_000_000)


def test_trial_counts_handoffs_precision_recall_and_load():
    make_user(on_duty=False)
    won, lost = born(event={"kind": "meeting.booked"}), born(event={"kind": "meeting.booked"})
    quiet = born(event={"kind": "form.contact"})
    sold(won, 2)
    decide(lost.pk, by=None, at=after(3), outcome="discard", reason="no_need")
    draft = make_draft()
    edit_settings(draft, {"mql": 50})
    job = tried(draft)
    sides = reading.totals(job)
    assert (sides["draft"].handoffs, sides["draft"].sql, sides["draft"].won) == (3, 1, 1)
    assert (sides["published"].handoffs, sides["published"].to_sql, sides["published"].to_won) == (2, 0.5, 0.5)
    assert (sides["draft"].caught, sides["draft"].won_leads, sides["draft"].recall) == (1, 1, 1.0)
    assert round(sides["draft"].per_rep_week, 2) == round(3 / (365 / 12 / 7), 2)
    assert (job.report["leads"], job.report["waiting"]) == (3, 1)
    assert [row[1] for row in job.report["shown"]["draft"]] == [quiet.pk]
    assert job.report["differ"] == {"draft": 1, "published": 0}
    assert (job.state, job.done, job.total, job.finished_at) == ("done", 3, 3, after(20))
    assert Slice.objects.count() == 0


def test_months_lines_and_charts_of_the_report():
    born(event={"kind": "meeting.booked"})
    born(event={"kind": "form.demo"})
    job = tried(make_draft())
    assert [(row.name, row.draft.handoffs, row.published.handoffs) for row in reading.months(job)] == [
        ("2026-11", 1, 1)
    ]
    lines = {line.score: (line.leads, line.chosen) for line in reading.lines(job)}
    assert (lines[5], lines[20], lines[25], lines[75]) == ((2, False), (2, False), (1, False), (1, True))
    curve = reading.curve(job)
    assert curve.labels[0] == "≥ 5 · 2"
    assert [value is not None for value in curve.series[2].values].count(True) == 1
    assert reading.monthly(job).series[0].values == [1]
    assert not reading.enough(job)


def test_an_empty_house_has_an_empty_report():
    job = tried(make_draft())
    sides = reading.totals(job)
    assert (job.state, sides["draft"].handoffs, sides["draft"].to_sql, sides["draft"].recall) == ("done", 0, None, None)
    assert sides["draft"].per_rep_week is None
    assert (reading.lines(job), reading.months(job)) == ([], [])


def test_evidence_of_each_rule():
    for _n in range(2):
        born(event={"kind": "form.contact"})
    draft = make_draft()
    job = tried(draft)
    told = {one.rule.event_kind: one for one in reading.evidence(job, list(draft.rules.all()))}
    contact, demo = told["form.contact"], told["form.demo"]
    assert (contact.times, contact.leads, contact.share, contact.lift, contact.suggested) == (2, 2, 0.0, None, None)
    assert (demo.times, demo.leads, demo.share) == (0, 0, None)


def test_a_trial_is_of_the_revision_it_began_with():
    born()
    draft = make_draft()
    edit_settings(draft, {"mql": 60})
    job = tried(draft)
    draft.refresh_from_db()
    assert (job.revision, latest(draft)) == (2, job)
    save_rule(draft, {"label_vi": "x", "event_kind": "x.y", "points": 1})
    draft.refresh_from_db()
    assert latest(draft) is None


def test_an_edit_stops_the_trial():
    born()
    draft = make_draft()
    job = start_backtest(draft, months=3, by=None, at=after(1))
    edit_settings(draft, {"mql": 60})
    assert finish(at=after(1)) == 0
    job.refresh_from_db()
    assert (job.state, Slice.objects.count()) == ("cancelled", 0)


def test_a_trial_can_be_stopped():
    born()
    job = start_backtest(make_draft(), months=3, by=None, at=after(1))
    assert job.share == 0.0
    slices.cancel(job, at=after(1))
    slices.cancel(job, at=after(2))
    job.refresh_from_db()
    assert (job.state, job.finished_at, job.is_over, Slice.objects.count()) == ("cancelled", after(1), True, 0)
    assert finish(at=after(2)) == 0


@pytest.mark.parametrize("months", [0, 37, -1])
def test_months_that_can_not_be(months):
    with pytest.raises(Invalid):
        start_backtest(make_draft(), months=months, by=None, at=after(1))


def test_slices_together_say_what_one_slice_says():
    people = [born(event={"kind": kind}) for kind in ("meeting.booked", "form.contact", "form.demo", "page.viewed")]
    draft = make_draft()
    whole = tried(draft)
    job = start_backtest(draft, months=1, by=None, at=after(20))
    Slice.objects.all().delete()
    slices.cut(job, born_by=after(20), at=after(20), size=3)
    assert list(Slice.objects.order_by("first").values_list("leads", flat=True)) == [3, 1]
    assert finish(at=after(20)) == 2
    job.refresh_from_db()
    assert job.report == whole.report
    assert job.report["leads"] == len(people)


def test_a_slice_that_fails_is_tried_again_and_the_job_goes_on(monkeypatch):
    born()
    job = start_backtest(make_draft(), months=1, by=None, at=after(1))

    def broken(*_given):
        raise RuntimeError("out of memory")

    ends = {"backtest": lambda *_given: None}
    assert slices.work({"backtest": broken}, ends, clock=lambda: after(1)) == 0
    piece = Slice.objects.get()
    assert (piece.state, piece.attempts, piece.last_error) == ("pending", 1, "RuntimeError")
    assert finish(at=after(2)) == 1
    job.refresh_from_db()
    assert job.state == "done"


def test_a_worker_that_lost_its_lease_adds_nothing():
    born()
    job = start_backtest(make_draft(), months=1, by=None, at=after(1))

    def slow(piece, _clock):
        Slice.objects.filter(pk=piece.pk).update(leased_until=after(9))  # somebody else has taken it over
        return {"leads": 1}

    assert slices.work({"backtest": slow}, {"backtest": lambda *_given: None}, clock=lambda: after(1)) == 0
    job.refresh_from_db()
    assert (job.done, Slice.objects.get().result) == (0, {})


def test_work_stops_when_its_time_is_up():
    for _n in range(2):
        born()
    job = start_backtest(make_draft(), months=1, by=None, at=after(1))
    Slice.objects.all().delete()
    slices.cut(job, born_by=after(1), at=after(1), size=1)
    moments = iter(after(1 + n) for n in range(20))
    done = slices.work(
        {"backtest": lambda *_given: {}}, {"backtest": lambda *_given: None}, clock=lambda: next(moments)
    )
    assert done == 0 or Slice.objects.filter(state="pending").exists()


def test_streamed_histories_are_what_replay_reads():
    lead = born(title="Giám đốc", name='Văn "Tèo" \\ A', event={"kind": "form.contact"})
    do(lead, (1, "offer.claimed"), (2, "page.viewed"), offer='Quà\t"10%"\n\\')
    do(lead, (3, "offer.claimed"), offer="Khác")
    other = born(event={"kind": "form.demo"})
    told = dict(read_histories(lead.pk, other.pk, models=[published()], until=after(5)))
    assert set(told) == {lead.pk, other.pk}
    state, entries = State(), []
    for fact in told[lead.pk]:
        entries += step(state, fact, published())
    assert entries == replay(lead.pk, published(), at=after(5)).entries
    assert dict(read_histories(lead.pk, lead.pk, models=[published()], until=after(-1))) == {}
