"""A leader lets a clock stand still, with a reason, and go on again."""

from collections.abc import Callable, Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.availability import office_hours
from accounts.models import User
from core.errors import Conflict, Invalid, NotFound
from leads.events import Fact
from leads.standing import lock
from sla import life
from sla.agreements import calendar_version
from sla.clocks import save
from sla.enums import PauseReason
from sla.models import Clock


def pause_clock(clock_id: int, *, by: User, at: datetime, reason: str) -> Clock:
    """Raises Conflict for a clock that is over, broken or paused already; Invalid without a known reason."""
    if reason not in PauseReason.values:
        raise Invalid(_("Choose a reason."), code="reason_required", field="reason")

    def act(clock: Clock) -> Iterator[Fact]:
        yield from life.settle(clock, at=at)
        if clock.breached_at or clock.stopped_at or clock.paused_at:
            raise Conflict(_("This clock can't be paused any more."), code="not_running")
        yield from life.pause(clock, at=at, reason=reason, by_id=by.pk)

    return _changed(clock_id, act, at=at)


def resume_clock(clock_id: int, *, by: User, at: datetime) -> Clock:
    """Raises Conflict for a clock that does not stand still."""
    office, version = office_hours(), calendar_version()

    def act(clock: Clock) -> Iterator[Fact]:
        if clock.paused_at is None:
            raise Conflict(_("This clock is not paused."), code="not_paused")
        clock.calendar_version = version
        yield from life.resume(clock, hours=office.around(clock.started_at), at=at, by_id=by.pk)

    return _changed(clock_id, act, at=at)


def _changed(clock_id: int, act: Callable[[Clock], Iterator[Fact]], *, at: datetime) -> Clock:
    lead_id = Clock.objects.filter(pk=clock_id).values_list("lead", flat=True).first()
    if lead_id is None:
        raise NotFound
    with lock([lead_id]) as rows:
        clock = Clock.objects.get(pk=clock_id)
        save([clock], list(act(clock)), at=at, rows=rows)
    return clock
