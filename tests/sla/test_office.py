from datetime import UTC, date, datetime, time, timedelta

import pytest

from accounts.enums import Role
from accounts.models import SpecialDay, WorkSpan
from core.errors import Conflict, Invalid, NotFound
from leads.models import Event, Standing
from sla.checks import violations
from sla.models import CalendarChange, Clock
from sla.office import add_special_day, check_hours, remove_special_day, set_office_hours
from sla.sweep import Swept, follow_calendar, sweep
from tests.factories import NOW, make_lead, make_user
from tests.sla.makers import MINUTE, make_clock, offer, said

pytestmark = pytest.mark.django_db

FRIDAY = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)  # 16:30 in Ho Chi Minh City: due on Monday at 9:00
SATURDAY, MONDAY = date(2026, 11, 28), date(2026, 11, 30)
MORNINGS = [(day, time(8), time(12)) for day in range(5)]


def test_make_up_saturday_moves_the_due_time_forward():
    clock = make_clock(at=FRIDAY)
    admin = make_user(Role.ADMIN)
    assert add_special_day(SATURDAY, name="Làm bù", working=True, by=admin, at=FRIDAY + MINUTE) == 1
    before, clock.due_at = clock.due_at, None
    clock.refresh_from_db()
    assert (before, clock.due_at) == (
        datetime(2026, 11, 30, 2, 0, tzinfo=UTC),
        datetime(2026, 11, 28, 2, 0, tzinfo=UTC),
    )
    event = Event.objects.get(kind="sla.moved")
    assert (event.actor, event.properties["from"], event.properties["due_at"]) == (
        admin,
        before.isoformat(),
        clock.due_at.isoformat(),
    )
    assert Standing.objects.get().sla_due_at == clock.due_at
    assert list(violations(at=FRIDAY)) == []


def test_own_closure_moves_the_due_time_back():
    clock = make_clock(at=FRIDAY)
    add_special_day(MONDAY, name="Du lịch công ty", working=False, by=None, at=FRIDAY + MINUTE)
    clock.refresh_from_db()
    assert clock.due_at == datetime(2026, 12, 1, 2, 0, tzinfo=UTC)


def test_removed_day_moves_the_due_time_to_where_it_was():
    clock = make_clock(at=FRIDAY)
    add_special_day(MONDAY, name="Du lịch công ty", working=False, by=None, at=FRIDAY + MINUTE)
    assert remove_special_day(MONDAY, by=None, at=FRIDAY + 2 * MINUTE) == 1
    before = clock.due_at
    clock.refresh_from_db()
    assert (clock.due_at, said(clock)) == (before, ["sla.moved", "sla.moved"])


def test_new_hours_move_due_times_and_replace_the_week():
    clock = make_clock(at=FRIDAY)
    assert set_office_hours(MORNINGS, by=None, at=FRIDAY + MINUTE) == 1
    clock.refresh_from_db()
    assert clock.due_at == datetime(2026, 11, 30, 3, 0, tzinfo=UTC)  # closed on Friday afternoon: two hours on Monday
    assert list(WorkSpan.objects.values_list("weekday", "start", "end")) == MORNINGS


def test_change_leaves_breached_and_stopped_clocks_alone():
    breached = make_clock(at=FRIDAY - timedelta(days=1))
    sweep(at=FRIDAY)
    add_special_day(date(2026, 11, 26), name="Nghỉ", working=False, by=None, at=FRIDAY)
    breached.refresh_from_db()
    assert breached.breached_at == breached.due_at
    assert said(breached) == ["sla.breached"]


def test_forgotten_holiday_entered_before_the_sweep_saves_the_promise():
    clock = make_clock(at=NOW)
    add_special_day(date(2026, 11, 23), name="Nghỉ bão", working=False, by=None, at=NOW + timedelta(hours=5))
    assert sweep(at=NOW + timedelta(hours=5)) == Swept(0, 0, 0)
    clock.refresh_from_db()
    assert clock.due_at == datetime(2026, 11, 25, 3, 0, tzinfo=UTC)  # the 24th is a public holiday


def test_change_that_would_make_a_promise_overdue_leaves_it():
    clock = make_clock(at=FRIDAY)
    saturday_noon = datetime(2026, 11, 28, 5, 0, tzinfo=UTC)
    assert add_special_day(SATURDAY, name="Làm bù", working=True, by=None, at=saturday_noon) == 0
    before = clock.due_at
    clock.refresh_from_db()
    assert (clock.due_at, clock.calendar_version, said(clock)) == (before, 1, [])


def test_warnings_given_are_not_given_again_after_a_change():
    clock = make_clock(at=FRIDAY)
    sweep(at=clock.warn50_at)
    add_special_day(MONDAY, name="Nghỉ", working=False, by=None, at=clock.warn50_at + MINUTE)
    clock.refresh_from_db()
    for step in range(400):
        sweep(at=FRIDAY + 20 * step * MINUTE)
    levels = Event.objects.filter(kind="sla.warned").order_by("pk").values_list("properties__level", flat=True)
    assert (list(levels), said(clock)) == (
        [50, 80],
        ["sla.warned", "sla.moved", "sla.warned", "sla.breached"],
    )


def test_clock_wound_by_somebody_who_read_the_old_calendar_is_put_right_by_the_sweep():
    clock = make_clock(at=FRIDAY)
    add_special_day(MONDAY, name="Nghỉ", working=False, by=None, at=FRIDAY)
    Clock.objects.update(due_at=clock.due_at, warn80_at=clock.warn80_at, calendar_version=0)
    assert sweep(at=FRIDAY + MINUTE).moved == 1
    clock.refresh_from_db()
    assert clock.due_at == datetime(2026, 12, 1, 2, 0, tzinfo=UTC)


def test_follow_calendar_works_in_chunks_and_is_idempotent():
    offer(*[make_lead(at=FRIDAY) for _n in range(5)], at=FRIDAY)
    set_office_hours(MORNINGS, by=None, at=FRIDAY + MINUTE)
    Clock.objects.update(calendar_version=0)
    assert follow_calendar(at=FRIDAY + MINUTE, chunk=2) == 0
    assert set(Clock.objects.values_list("calendar_version", flat=True)) == {1}


def test_clocks_started_after_a_change_carry_its_version():
    set_office_hours(MORNINGS, by=None, at=FRIDAY)
    assert make_clock(at=FRIDAY).calendar_version == 1


def test_changes_keep_who_when_before_and_after():
    admin = make_user(Role.ADMIN)
    set_office_hours(MORNINGS[:1], by=admin, at=NOW)
    add_special_day(SATURDAY, name="Làm bù", working=True, by=admin, at=NOW)
    remove_special_day(SATURDAY, by=admin, at=NOW)
    changes = CalendarChange.objects.order_by("version")
    assert [str(c) for c in changes] == ["calendar 1: hours", "calendar 2: day", "calendar 3: day"]
    hours, added, removed = changes
    assert (hours.by, hours.at, len(hours.before), hours.after) == (admin, NOW, 10, [[0, "08:00", "12:00"]])
    assert (added.before, added.after) == ([], [["2026-11-28", "Làm bù", True]])
    assert (removed.before, removed.after) == ([["2026-11-28", "Làm bù", True]], [])


def test_add_special_day_twice_is_refused_and_changes_nothing():
    add_special_day(SATURDAY, name="Làm bù", working=True, by=None, at=NOW)
    with pytest.raises(Conflict) as refused:
        add_special_day(SATURDAY, name="Nghỉ", working=False, by=None, at=NOW)
    assert (refused.value.code, refused.value.field) == ("day_taken", "day")
    assert (SpecialDay.objects.get().name, CalendarChange.objects.count()) == ("Làm bù", 1)


def test_remove_special_day_that_is_not_listed_is_not_found():
    with pytest.raises(NotFound):
        remove_special_day(SATURDAY, by=None, at=NOW)


@pytest.mark.parametrize(
    ("spans", "code"),
    [
        ([], "no_hours"),
        ([(0, time(12), time(8))], "backwards"),
        ([(0, time(8), time(8))], "backwards"),
        ([(0, time(8), time(12)), (0, time(11), time(17))], "overlap"),
        ([(3, time(13), time(17)), (3, time(8), time(13, 30))], "overlap"),
    ],
)
def test_set_office_hours_refuses_what_cannot_be(spans, code):
    with pytest.raises(Invalid) as refused:
        set_office_hours(spans, by=None, at=NOW)
    assert refused.value.code == code
    assert (WorkSpan.objects.count(), CalendarChange.objects.count()) == (10, 0)


@pytest.mark.parametrize(
    "spans",
    [
        [(0, time(8), time(12))],
        [(0, time(8), time(12)), (0, time(12), time(17))],
        [(0, time(13), time(17)), (1, time(8), time(12))],
    ],
)
def test_check_hours_takes_what_can_be(spans):
    assert check_hours(spans) is None


@pytest.mark.parametrize("day", [date(1, 1, 1), date(2025, 12, 31), date(2028, 1, 1), date(9999, 12, 31)])
def test_days_out_of_reach_are_refused(day):
    with pytest.raises(Invalid, match="năm nay hoặc năm sau"):
        add_special_day(day, name="Xa", working=False, by=None, at=NOW)
    assert SpecialDay.objects.count() == 0
