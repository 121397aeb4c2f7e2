"""What must always be true of the roll-ups. One line per violation."""

from collections.abc import Iterator
from datetime import datetime

from reports.rollups import differing


def violations(*, at: datetime) -> Iterator[str]:
    """Yields the days whose roll-ups are not what counting from scratch gives; nothing on a healthy database."""
    for part, day in differing(at=at):
        yield f"roll-up of {part} on {day} is not what counting from scratch gives"
