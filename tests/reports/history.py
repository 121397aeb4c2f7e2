"""A little history whose figures can be counted by hand, made through the acts.

The period is the week of Monday 2 to Sunday 8 November 2026; the one before begins on 26 October. All times local.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import Team, User
from leads.assignment import reassign
from leads.calls import log_call
from leads.decisions import decide
from leads.models import Lead
from leads.moves import move_status
from leads.qualification import save_qualification
from reports.periods import ZONE, custom
from reports.scope import Scope
from sla.sweep import sweep
from tests.factories import NOW, make_lead, make_mql, make_team, make_user

FULL = {
    "right_phone": True,
    "right_name": True,
    "right_need": True,
    "agreed_to_talk": True,
    "budget": "available",
    "authority": "decision_maker",
    "need": "clear",
    "timing": "within_3_months",
}
WEEK = custom(date(2026, 11, 2), date(2026, 11, 8))


@dataclass
class History:
    north: Team
    south: Team
    an: User
    binh: User
    leads: dict[str, Lead]
    rolled: bool = False  # whether its days are counted

    def scope(self, **more) -> Scope:
        return Scope(WEEK, NOW, **more)


def local(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


def handed(at: datetime, *, to: User, touch: int | None = None, **lead) -> Lead:
    """A lead handed over to this rep, first called so many minutes later."""
    made = make_mql(at=at, **lead)
    reassign([made.pk], to=to, by=None, at=at)
    if touch is not None:
        log_call(made.pk, by=to, at=at + timedelta(minutes=touch), outcome="reached")
    return made


def accepted(lead: Lead, *, by: User, at: datetime) -> None:
    save_qualification(lead.pk, by=by, at=at, answers=FULL)
    decide(lead.pk, by=by, at=at, outcome="accept")


def won(lead: Lead, *, by: User, at: datetime, amount: int) -> None:
    move_status(lead.pk, "hot", by=by, at=at)
    move_status(lead.pk, "won", by=by, at=at, amount=amount)


def counted(context: Any) -> int:
    """How many leads the opened list says it holds, on the lead list or behind a figure."""
    count = context["found"].count
    return count if isinstance(count, int) else count.total


def make_history() -> History:
    """Six leads of the week (five of them handed over) and one of the week before.

    first: An, Facebook, touched after 10 min, accepted, won on the 10th (100 million)
    second: An, Facebook, touched after 60 min, recycled
    third: Bình, Google, touched after 180 min (the promise is 120), discarded for wrong contact data
    fourth: Bình, Google, touched after 30 min, still open, wrong phone
    fifth: An, Google, never touched, still open
    sixth: Facebook, not handed over
    earlier: An, Facebook, 27 October, touched after 20 min, accepted on 3 November, won on the 5th (50 million)
    """
    north, south = make_team("Miền Bắc"), make_team("Miền Nam")
    an, binh = make_user(team=north, full_name="Trần An"), make_user(team=south, full_name="Lê Bình")
    leads = {
        "earlier": handed(local(10, 27), to=an, touch=20, source="Facebook"),
        "first": handed(local(11, 2), to=an, touch=10, source="Facebook"),
        "second": handed(local(11, 3), to=an, touch=60, source="Facebook"),
        "third": handed(local(11, 4), to=binh, touch=180, source="Google"),
        "fourth": handed(local(11, 5), to=binh, touch=30, source="Google"),
        "fifth": handed(local(11, 6), to=an, source="Google"),
        "sixth": make_lead(at=local(11, 7), source="Facebook"),
    }
    accepted(leads["first"], by=an, at=local(11, 2, 10))
    accepted(leads["earlier"], by=an, at=local(11, 3, 10))
    decide(leads["second"].pk, by=an, at=local(11, 3, 15), outcome="recycle", reason="no_budget")
    decide(leads["third"].pk, by=binh, at=local(11, 4, 15), outcome="discard", reason="wrong_contact")
    save_qualification(leads["fourth"].pk, by=binh, at=local(11, 5, 10), answers={"right_phone": False})
    won(leads["earlier"], by=an, at=local(11, 5, 16), amount=50_000_000)
    won(leads["first"], by=an, at=local(11, 10), amount=100_000_000)
    sweep(at=NOW)
    return History(north, south, an, binh, leads)
