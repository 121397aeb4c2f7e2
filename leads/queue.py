"""The order of a rep's day (DOMAIN 3, UI "Hôm nay"): which section a lead belongs to, and who comes first. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from leads.bant import POINTS
from leads.enums import Stage
from leads.models import Standing

LAST = datetime.max.replace(tzinfo=UTC)


class Section(StrEnum):
    FIRST_TOUCH = "first_touch"
    CALL_BACK = "call_back"
    APPOINTMENT = "appointment"
    CARE = "care"
    DECIDE = "decide"
    SQL = "sql"
    QUIET = "quiet"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Row:
    """One lead of the queue, and why it is here. `touched_at` is its last call or move, whichever is later."""

    standing: Standing
    section: Section
    touched_at: datetime
    bant: int = 0
    timing: str = "unknown"
    meets_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """The moment one looks, when the day ends, and for how long a lead may go untouched."""

    at: datetime
    ends: datetime
    quiet_after: timedelta


def sections(standings: Iterable[Standing], *, day: Day) -> dict[Section, list[Row]]:
    """Every lead in exactly one section, each section in working order.

    Standings carry `touched_at` and `meets_at`, the time of the next appointment that nobody has closed yet.
    """
    found: dict[Section, list[Row]] = {section: [] for section in Section}
    for standing in standings:
        row = as_row(standing, day=day)
        found[row.section].append(row)
    return {section: sorted(rows, key=urgency) for section, rows in found.items()}


def as_row(standing: Standing, *, day: Day) -> Row:
    touched_at: datetime = standing.touched_at  # type: ignore[attr-defined]
    meets_at: datetime | None = standing.meets_at  # type: ignore[attr-defined]
    qualification = getattr(standing.handoff, "qualification", None)
    section = section_of(standing, touched_at=touched_at, meets_at=meets_at, day=day)
    bant, timing = (qualification.bant, qualification.timing) if qualification else (0, "unknown")
    return Row(standing, section, touched_at, bant, timing, meets_at)


def section_of(standing: Standing, *, touched_at: datetime, meets_at: datetime | None, day: Day) -> Section:
    """Where a lead stands in the day: promises first, then what is due by the clock, then what has been left."""
    handoff = standing.handoff
    if standing.handoff_open and handoff and handoff.first_touch_at is None:
        return Section.FIRST_TOUCH
    if standing.next_step_at and standing.next_step_at < day.ends:
        return Section.CALL_BACK
    if meets_at and meets_at < day.ends:
        return Section.APPOINTMENT
    return _undated(standing, touched_at=touched_at, day=day)


def _undated(standing: Standing, *, touched_at: datetime, day: Day) -> Section:
    """Nothing is due today: what the lead waits for."""
    later = standing.next_step_at is not None
    if standing.handoff_open:
        warned = standing.sla_warn_at is not None and standing.sla_warn_at <= day.at
        return Section.LATER if later and not warned else Section.DECIDE
    if standing.stage != Stage.SQL:
        return Section.LATER
    care_until = standing.handoff.care_until if standing.handoff else None
    if care_until and care_until <= day.at:
        return Section.CARE
    return Section.QUIET if not later and day.at - touched_at > day.quiet_after else Section.SQL


def urgency(row: Row) -> tuple[float, ...]:
    """Sorts ascending within one section; promises by due time, SQLs by timing, then BANT, then score."""
    standing = row.standing
    if row.section in {Section.FIRST_TOUCH, Section.DECIDE}:
        return ((standing.sla_due_at or LAST).timestamp(), -standing.score)
    if row.section == Section.APPOINTMENT:
        return ((row.meets_at or LAST).timestamp(), -standing.score)
    if row.section in {Section.CALL_BACK, Section.LATER}:
        return ((standing.next_step_at or LAST).timestamp(), -standing.score)
    if row.section == Section.QUIET:
        return (row.touched_at.timestamp(), -standing.score)
    return (-POINTS["timing"][row.timing], -row.bant, -standing.score)
