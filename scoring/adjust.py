"""A score changed by a person: an event in the log like any other, so that every replay knows it."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Invalid
from core.text import clean
from leads.events import Fact, record
from leads.models import Standing
from leads.standing import lock
from scoring.kinds import SCORE_ADJUSTED

MOST = 1000  # points, either way
LONGEST_REASON = 500


def adjust_score(lead_id: int, *, points: int, reason: str, by: User | None, at: datetime) -> Standing:
    """Gives or takes points by hand; the score never falls below 0. Stage and hand-off follow as with any change.

    Raises Invalid without a reason, for 0 points, for more than 1,000, and where there is nothing to take.
    """
    if not 0 < abs(points) <= MOST:
        message = _("Enter a whole number from −%(most)s to %(most)s, but not 0.") % {"most": MOST}
        raise Invalid(message, code="invalid", field="points")
    if not (why := clean(reason, LONGEST_REASON)):
        raise Invalid(_("Say why, so that both teams understand it later."), code="reason_required", field="reason")
    with lock([lead_id]) as rows:
        if points < 0 and rows[lead_id].score == 0:
            raise Invalid(_("The score is 0: there is nothing to take."), code="nothing_to_take", field="points")
        said = {"points": points, "reason": why}
        record([Fact(lead_id, SCORE_ADJUSTED, at, by.pk if by else None, properties=said)], at=at, rows=rows)
        return rows[lead_id]
