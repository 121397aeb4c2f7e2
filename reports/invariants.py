"""What must always be true, over all rooms: one line per violation, nothing on a healthy database."""

from collections.abc import Iterator
from datetime import datetime

from leads import checks as leads_checks
from notifications import checks as notifications_checks
from reports import checks as reports_checks
from scoring import checks as scoring_checks
from sla import checks as sla_checks

ROOMS = {
    "leads": leads_checks.violations,
    "scoring": scoring_checks.violations,
    "sla": sla_checks.violations,
    "notifications": notifications_checks.violations,
    "reports": reports_checks.violations,
}


def violations(*, at: datetime) -> Iterator[str]:
    """Each line begins with the room whose books are wrong."""
    for room, check in ROOMS.items():
        for line in check(at=at):
            yield f"{room}: {line}"
