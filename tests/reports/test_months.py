"""Whole months are the sum of their days, whatever happens to their leads afterwards."""

import random
from datetime import date, timedelta

import pytest

from accounts.enums import Role
from leads.calls import log_call
from leads.erasing import erase
from leads.erasure.carrying_out import carry_out
from leads.merging.joining import merge
from leads.merging.parting import undo_merge
from leads.models import Handoff, Lead, Standing
from leads.moves import move_status
from leads.requests.registering import Asked, register
from leads.standing import lock
from reports import months
from reports.kpis import kpis
from reports.leaderboard import reps
from reports.measures import ROLLED
from reports.models import Mark, MonthRollup, MonthRollupTime, RolledDay, RolledMonth, Rollup, RollupTime
from reports.periods import Group, custom
from reports.rollups import sweep
from reports.scope import Scope
from reports.sources import sources
from reports.volume import volume
from tests.factories import NOW, make_user
from tests.leads.importing.files import bring_in, take_back
from tests.reports.history import accepted, handed, local, make_history, won
from tests.reports.rolling import roll, wrong
from tests.reports.test_recomputed import scatter

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 1)
PERIOD = custom(date(2026, 9, 21), date(2026, 11, 23))
SEEN = ({}, {"source": "Facebook"}, {"source": ""})


@pytest.fixture
def rolled(db):
    """The little history, and one lead of September in every part of the books: so October is whole in each."""
    made = make_history()
    made.leads["old"] = handed(local(9, 28), to=made.an, touch=15, source="Facebook", phone="0987000111")
    accepted(made.leads["old"], by=made.an, at=local(9, 28, 11))
    won(made.leads["old"], by=made.an, at=local(9, 30), amount=70_000_000)
    for number, hour in enumerate((9, 14), 1):
        made.leads[f"october {number}"] = handed(local(10, 6, hour), to=made.binh, touch=40, source="Google")
    accepted(made.leads["october 1"], by=made.binh, at=local(10, 7))
    roll(at=NOW)
    return made


def figures(**more):
    scope = Scope(PERIOD, NOW, **more)
    tables = [sources(scope), reps(scope), volume(scope, Group.MONTH), volume(scope, Group.WEEK)]
    return [(f.kpi.key, f.value, f.before) for f in kpis(scope)], [table.records() for table in tables]


def from_scratch(**more):
    """The same figures with no roll-up to read."""
    kept = list(RolledDay.objects.filter(ready=True).values_list("pk", flat=True))
    RolledDay.objects.update(ready=False)
    found = figures(**more)
    RolledDay.objects.filter(pk__in=kept).update(ready=True)
    return found


def test_a_month_is_added_up_once_all_its_days_are_counted(rolled):
    assert set(RolledMonth.objects.exclude(shape="").values_list("part", "month")) == {
        (part, OCTOBER) for part in ROLLED
    }
    whole = MonthRollup.objects.get(part="offered", mask=0)
    days = Rollup.objects.filter(part="offered", mask=0, day__month=10).values_list("counts", flat=True)
    assert (whole.day, whole.counts) == (OCTOBER, [sum(each) for each in zip(*days, strict=True)])
    touched = MonthRollupTime.objects.filter(part="offered", spread="touch", mask=0).order_by("step")
    assert list(touched.values_list("step", "count")) == [(1200, 1), (2400, 2)]


def test_a_whole_month_is_read_as_one(rolled):
    before = [figures(**more) for more in SEEN]
    assert before == [from_scratch(**more) for more in SEEN]
    Rollup.objects.filter(day__month=10).delete()
    RollupTime.objects.filter(day__month=10).delete()
    by_month = kpis(Scope(PERIOD, NOW)), volume(Scope(PERIOD, NOW), Group.MONTH).records()
    assert ([(f.kpi.key, f.value, f.before) for f in by_month[0]], by_month[1]) == (before[0][0], before[0][1][2])


def test_a_month_with_a_mark_is_read_day_by_day(rolled):
    expected = figures()
    MonthRollup.objects.all().delete()
    MonthRollupTime.objects.all().delete()
    Mark.objects.bulk_create(Mark(part=part, day=date(2026, 10, 9)) for part in ROLLED)
    assert figures() == expected


def a_late_call(made):
    log_call(made.leads["october 2"].pk, by=made.binh, at=NOW, occurred_at=local(10, 6, 14, 5), outcome="no_answer")


def a_contract_that_fell_through(made):
    move_status(made.leads["old"].pk, "hot", by=make_user("sales_manager"), at=NOW, reason="Khách hủy hợp đồng")


def a_merge(made):
    merge(made.leads["october 1"].pk, made.leads["october 2"].pk, by=None, at=NOW)


def a_merge_taken_back(made):
    undo_merge(merge(made.leads["october 1"].pk, made.leads["october 2"].pk, by=None, at=NOW), by=None, at=NOW)


def an_import_of_history(_made):
    header = ["Mã KH", "Ngày MQL", "Kết quả", "Lý do", "Ngày quyết định", "Ngày chốt", "Giá trị", "Phụ trách", "Nguồn"]
    row = ["K1", "05/10/2026", "", "", "", "20/10/2026", "5", "", "Facebook"]
    return bring_in([header, row], name="crm.csv", kind="history")


def an_import_undone(made):
    found = an_import_of_history(made)
    roll(at=NOW)
    take_back(found, at=NOW + timedelta(minutes=5))


def a_lead_erased(made):
    Standing.objects.filter(pk=made.leads["october 1"].pk).update(handoff=None)
    Lead.objects.filter(pk=made.leads["october 1"].pk).delete()


def leads_erased_with_all_that_hangs_on_them(made):
    gone = [made.leads[name].pk for name in ("old", "october 1", "october 2")]
    with lock(gone) as rows:
        rows.take_off(gone)
        erase(Lead, gone)


def a_person_erased(made):
    admin = make_user(Role.ADMIN)
    found = register(made.leads["october 1"].pk, Asked(kind="delete", asked_on=NOW.date()), by=admin, at=NOW)
    carry_out(found, by=admin, at=NOW, clock=lambda: NOW)


LATER = (
    a_late_call,
    a_contract_that_fell_through,
    a_merge,
    a_merge_taken_back,
    an_import_of_history,
    an_import_undone,
    a_lead_erased,
    leads_erased_with_all_that_hangs_on_them,
)


@pytest.mark.parametrize("happens", LATER, ids=lambda act: act.__name__)
def test_what_happens_later_leaves_every_figure_exact(rolled, happens):
    happens(rolled)
    assert Mark.objects.filter(day__month__in=[9, 10]).exists()
    expected = [from_scratch(**more) for more in SEEN]
    assert [figures(**more) for more in SEEN] == expected
    roll(at=NOW)
    assert [figures(**more) for more in SEEN] == expected
    assert wrong(at=NOW) == []


def test_erasing_a_person_moves_no_figure(rolled):
    before = [figures(**more) for more in SEEN]
    a_person_erased(rolled)
    assert [figures(**more) for more in SEEN] == before == [from_scratch(**more) for more in SEEN]
    roll(at=NOW)
    assert ([figures(**more) for more in SEEN], wrong(at=NOW)) == (before, [])


@pytest.mark.parametrize("seed", range(3))
def test_random_months_stay_exact_while_their_rows_change(db, seed):
    rng = random.Random(seed)
    people = [make_user() for _ in range(3)]
    scatter(rng, people, count=80)
    roll(at=NOW)
    assert RolledMonth.objects.filter(month=OCTOBER).exclude(shape="").count() >= 3
    for handoff in rng.sample(list(Handoff.objects.all()), 12):
        Handoff.objects.filter(pk=handoff.pk).update(
            owner=rng.choice(people),
            assigned_at=handoff.offered_at,
            source=rng.choice(["Facebook", ""]),
            first_touch_at=handoff.offered_at,
        )
    seen = (*SEEN, {"owner": people[0].pk})
    expected = [from_scratch(**more) for more in seen]
    assert [figures(**more) for more in seen] == expected
    roll(at=NOW)
    assert ([figures(**more) for more in seen], wrong(at=NOW)) == (expected, [])


def test_a_month_that_is_not_the_sum_of_its_days_is_found(rolled):
    MonthRollup.objects.filter(part="won", mask=0).delete()
    MonthRollup.objects.filter(part="leads", mask=0).update(counts=[9, 9, 9, 9, 9])
    MonthRollupTime.objects.filter(part="offered", mask=0, step=1200).update(count=7)
    assert wrong(at=NOW) == [("leads", OCTOBER), ("offered", OCTOBER)]
    days = list(RolledDay.objects.filter(day__month=10, part__in=["leads", "offered"]))
    Mark.objects.bulk_create(Mark(part=one.part, day=one.day) for one in days)
    roll(at=NOW)
    assert wrong(at=NOW) == []


def test_days_counted_before_months_were_kept_are_added_up_by_the_next_sweep(rolled):
    expected = figures()
    for model in (RolledMonth, MonthRollup, MonthRollupTime):
        model.objects.all().delete()
    assert figures() == expected
    assert sweep(at=NOW).counted == 0
    assert (RolledMonth.objects.count(), figures(), wrong(at=NOW)) == (len(ROLLED), expected, [])


def test_months_of_other_rules_are_not_read(rolled):
    expected = figures()
    RolledMonth.objects.update(shape="old")
    MonthRollup.objects.all().delete()
    assert figures() == expected
    months.sum_missing()
    assert (figures(), wrong(at=NOW)) == (expected, [])
