"""The roll-ups are what counting from scratch gives, whatever happens afterwards."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.utils import timezone

from leads.assignment import reassign
from leads.calls import log_call
from leads.decisions import decide
from leads.erasing import erase
from leads.models import Handoff, Lead, Standing
from leads.moves import move_status
from leads.qualification import save_qualification
from leads.standing import lock
from reports.checks import violations
from reports.invariants import violations as all_violations
from reports.kept import shape
from reports.kpis import kpis
from reports.models import Mark, RolledDay, Rollup, RollupTime
from reports.periods import custom
from reports.rollups import Swept, sweep
from reports.scope import Scope
from reports.tasks import roll_up
from sla.models import Clock
from tests.factories import NOW, make_lead, make_mql, make_user
from tests.reports.history import accepted, handed, local, make_history
from tests.reports.rolling import marked, roll, wrong
from tests.sla.makers import make_clock

pytestmark = pytest.mark.django_db
PERIOD = custom(date(2026, 10, 20), date(2026, 11, 23))


@pytest.fixture
def rolled(db):
    made = make_history()
    roll(at=NOW)
    return made


def figures(**more):
    return {figure.kpi.key: (figure.value, figure.before) for figure in kpis(Scope(PERIOD, NOW, **more))}


def from_scratch(**more):
    """The same figures with no roll-up to read."""
    kept = list(RolledDay.objects.filter(ready=True).values_list("pk", flat=True))
    RolledDay.objects.update(ready=False)
    found = figures(**more)
    RolledDay.objects.filter(pk__in=kept).update(ready=True)
    return found


def test_every_day_that_is_over_is_counted_once(rolled):
    days = RolledDay.objects.filter(part="leads", ready=True)
    assert (days.count(), days.order_by("day").first().day, days.latest("day").day) == (
        27,
        date(2026, 10, 27),
        date(2026, 11, 22),
    )
    assert roll(at=NOW) == Swept(0, 0)


def test_today_is_not_counted(rolled):
    make_lead(at=NOW)
    assert marked() == set()
    assert figures()["leads"][0] == 8


def test_a_day_that_has_passed_is_counted_the_next(rolled):
    assert roll(at=NOW + timedelta(days=1)).announced == 5
    assert Rollup.objects.filter(part="leads", day=NOW.date()).exists() is False
    assert RolledDay.objects.filter(day=date(2026, 11, 23), ready=True).count() == 5


def test_slices_hold_the_counts_in_the_order_of_the_measures(rolled):
    whole = Rollup.objects.get(part="won", mask=0, day=date(2026, 11, 5))
    assert whole.counts == [1, 50_000_000]
    by_owner = Rollup.objects.get(part="won", mask=0b010000, day=date(2026, 11, 5))
    assert (by_owner.owner, by_owner.counts) == (rolled.an.pk, [1, 50_000_000])
    touch = RollupTime.objects.get(part="offered", spread="touch", mask=0, day=date(2026, 11, 3))
    assert (touch.step, touch.count) == (3600, 1)


def first(made):
    return made.leads["first"].pk


def an_earlier_call(made):
    log_call(made.leads["fifth"].pk, by=made.an, at=NOW, occurred_at=local(11, 6, 9, 5), outcome="no_answer")


def a_contract_that_fell_through(made):
    manager = make_user("sales_manager")
    move_status(first(made), "hot", by=manager, at=NOW, reason="Khách hủy hợp đồng")


def another_owner(made):
    reassign([made.leads["fourth"].pk], to=made.an, by=None, at=NOW)


def a_verdict(made):
    accepted(made.leads["fifth"], by=made.an, at=NOW)


def a_wrong_phone(made):
    save_qualification(made.leads["fifth"].pk, by=made.an, at=NOW, answers={"right_phone": False})


def another_city(made):
    Lead.objects.filter(pk=first(made)).update(city="Huế")


def a_lead_of_the_past(made):
    handed(local(11, 9), to=made.an, touch=30, source="Zalo")


def a_discard(made):
    decide(made.leads["fourth"].pk, by=made.binh, at=NOW, outcome="discard", reason="wrong_contact")


def another_source(made):
    Standing.objects.filter(pk=first(made)).update(source="TikTok")
    Handoff.objects.filter(lead=first(made)).update(source="TikTok")


def everything_gone(made):
    Standing.objects.filter(pk=first(made)).update(handoff=None)
    Lead.objects.filter(pk=first(made)).delete()


LATE = [
    (an_earlier_call, {"offered", "due", "leads"}),
    (a_contract_that_fell_through, {"offered", "won", "leads", "decided"}),
    (another_owner, {"offered", "leads", "due"}),
    (a_verdict, {"offered", "leads", "due"}),
    (a_wrong_phone, {"offered", "leads"}),
    (another_city, {"offered", "decided", "won", "leads", "due"}),
    (a_lead_of_the_past, {"offered", "leads", "due"}),
    (a_discard, {"offered", "leads"}),
    (another_source, {"offered", "decided", "won", "leads"}),
    (everything_gone, {"offered", "decided", "won", "leads", "due"}),
]


@pytest.mark.parametrize(("happens", "parts"), LATE, ids=lambda value: getattr(value, "__name__", ""))
def test_what_happens_later_marks_its_days_and_every_figure_stays_exact(rolled, happens, parts):
    happens(rolled)
    assert {part for part, _day in marked()} >= parts - {"due"}
    seen = (
        {},
        {"source": "Facebook"},
        {"owner": rolled.an.pk},
        {"team": rolled.north.pk, "source": "Google"},
        {"city": ""},
    )
    expected = [from_scratch(**more) for more in seen]
    assert [figures(**more) for more in seen] == expected
    roll(at=NOW)
    assert [figures(**more) for more in seen] == expected
    assert wrong(at=NOW) == []


def test_a_score_that_moves_marks_nothing(rolled):
    Standing.objects.update(score=0, fit=0, engagement=0)
    assert marked() == set()


def test_a_change_of_a_day_nobody_counts_marks_nothing(rolled):
    make_mql(at=local(10, 1))
    assert {day for _part, day in marked()} == set()


def test_figures_of_a_marked_day_are_those_of_the_rows(rolled):
    Mark.objects.create(part="leads", day=date(2026, 11, 2))
    Rollup.objects.filter(part="leads", day=date(2026, 11, 2)).delete()
    assert figures()["leads"][0] == 7


def test_a_wrong_roll_up_is_found_and_counted_right_again(rolled):
    Rollup.objects.filter(part="won", day=date(2026, 11, 5), mask=0).update(counts=[2, 1])
    RollupTime.objects.filter(part="offered", day=date(2026, 11, 3), mask=0).delete()
    assert wrong(at=NOW) == [("offered", date(2026, 11, 3)), ("won", date(2026, 11, 5))]
    assert list(violations(at=NOW)) == [
        "roll-up of offered on 2026-11-03 is not what counting from scratch gives",
        "roll-up of won on 2026-11-05 is not what counting from scratch gives",
    ]
    assert next(line for line in all_violations(at=NOW) if line.startswith("reports"))[:16] == "reports: roll-up"
    Mark.objects.bulk_create([Mark(part="offered", day=date(2026, 11, 3)), Mark(part="won", day=date(2026, 11, 5))])
    roll(at=NOW)
    assert wrong(at=NOW) == []


def test_days_counted_by_other_rules_are_counted_anew(rolled, monkeypatch):
    before = figures()
    RolledDay.objects.update(shape="old")
    Rollup.objects.all().delete()
    assert figures() == before
    assert roll(at=NOW).counted == RolledDay.objects.count()
    assert (figures(), set(RolledDay.objects.values_list("shape", flat=True))) == (before, {shape()})


def test_a_day_waits_while_an_older_transaction_runs(rolled):
    RolledDay.objects.filter(part="won").update(ready=False, barrier=2**62)
    assert sweep(at=NOW) == Swept(0, 18)
    RolledDay.objects.filter(part="leads").update(ready=False, barrier=None)
    assert sweep(at=NOW).counted == 27


def test_the_task_rolls_up_until_yesterday(db, at_ten):
    make_lead(at=local(11, 20))
    assert roll_up() == {"announced": 3, "counted": 3}


def test_an_empty_house_has_nothing_to_roll_up(db):
    assert roll(at=NOW) == Swept(0, 0)
    assert Clock.objects.count() == 0


def test_leads_that_go_together_leave_one_mark_for_each_day(rolled):
    gone = [make_mql(at=local(11, 4), phone=f"09123456{n}0").pk for n in range(4)]
    roll(at=NOW)
    with lock(gone) as rows:
        rows.take_off(gone)
        erase(Lead, gone)
    left = Counter(Mark.objects.values_list("part", "day"))
    assert ({part for part, _day in left}, set(left.values())) == ({"leads", "offered", "due"}, {1})
    assert figures() == from_scratch()
    roll(at=NOW)
    assert wrong(at=NOW) == []


def test_a_clock_leaves_a_mark_only_where_it_changes_what_is_counted():
    """One statement, many clocks: both days of one that moved, none of one that only said something."""
    first, second = make_clock(), make_clock()
    day = timezone.localdate(first.due_at)
    later = day + timedelta(days=3)
    RolledDay.objects.bulk_create(RolledDay(part="due", day=d) for d in (day, later))
    Clock.objects.update(warned=50, calendar_version=7)
    assert not Mark.objects.exists()
    Clock.objects.filter(pk=second.pk).update(due_at=second.due_at + timedelta(days=3))
    assert marked() == {("due", day), ("due", later)}
    Clock.objects.filter(pk=0).update(warned=80)
