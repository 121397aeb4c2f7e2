"""The order of a rep's day (DOMAIN 3, UI "Hôm nay"): which section a lead belongs to, and who comes first. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from leads.bant import POINTS
from leads.enums import Stage
from leads.models import Standing

QUIET_AFTER = timedelta(days=14)
LAST = datetime.max.replace(tzinfo=UTC)


class Section(StrEnum):
    FIRST_TOUCH = "first_touch"
    CALL_BACK = "call_back"
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


def sections(standings: Iterable[Standing], *, at: datetime, day_end: datetime) -> dict[Section, list[Row]]:
    """Every lead in exactly one section, each section in working order. Standings carry `touched_at`."""
    found: dict[Section, list[Row]] = {section: [] for section in Section}
    for standing in standings:
        row = as_row(standing, at=at, day_end=day_end)
        found[row.section].append(row)
    return {section: sorted(rows, key=urgency) for section, rows in found.items()}


def as_row(standing: Standing, *, at: datetime, day_end: datetime) -> Row:
    touched_at: datetime = standing.touched_at  # type: ignore[attr-defined]
    qualification = getattr(standing.handoff, "qualification", None)
    section = section_of(standing, touched_at=touched_at, at=at, day_end=day_end)
    if qualification is None:
        return Row(standing, section, touched_at)
    return Row(standing, section, touched_at, qualification.bant, qualification.timing)


def section_of(standing: Standing, *, touched_at: datetime, at: datetime, day_end: datetime) -> Section:
    """Where a lead stands in the day that ends at `day_end`."""
    due = standing.next_step_at
    handoff = standing.handoff
    if standing.handoff_open and handoff and handoff.first_touch_at is None:
        return Section.FIRST_TOUCH
    if due and due < day_end:
        return Section.CALL_BACK
    if standing.handoff_open:
        warned = standing.sla_warn_at is not None and standing.sla_warn_at <= at
        return Section.LATER if due and not warned else Section.DECIDE
    if standing.stage != Stage.SQL or due:
        return Section.SQL if standing.stage == Stage.SQL else Section.LATER
    return Section.QUIET if at - touched_at > QUIET_AFTER else Section.SQL


def urgency(row: Row) -> tuple[float, ...]:
    """Sorts ascending within one section; promises by due time, SQLs by timing, then BANT, then score."""
    standing = row.standing
    if row.section in {Section.FIRST_TOUCH, Section.DECIDE}:
        return ((standing.sla_due_at or LAST).timestamp(), -standing.score)
    if row.section in {Section.CALL_BACK, Section.LATER}:
        return ((standing.next_step_at or LAST).timestamp(), -standing.score)
    if row.section == Section.QUIET:
        return (row.touched_at.timestamp(), -standing.score)
    return (-POINTS["timing"][row.timing], -row.bant, -standing.score)
