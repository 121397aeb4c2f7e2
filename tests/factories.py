"""Small makers of real rows. They go through the same acts as the product and surprise nobody."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from accounts.enums import Role, Side
from accounts.models import Team, User
from leads.decisions import decide
from leads.enums import Channel, HandoffKind
from leads.handoffs import Crossing, open_handoffs
from leads.intake import Receipt, receive
from leads.models import Handoff, Lead
from leads.qualification import save_qualification
from leads.standing import lock

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # Monday 10:00 in Ho Chi Minh City
PASSWORD = "leadflow-test"
_numbers = count(1)


def make_team(name: str = "", *, side: str = Side.SALES, **fields: Any) -> Team:
    return Team.objects.create(name=name or f"Team {next(_numbers)}", side=side, **fields)


def make_user(role: str = Role.REP, **fields: Any) -> User:
    number = next(_numbers)
    fields.setdefault("email", f"user{number}@leadflow.example")
    fields.setdefault("full_name", f"Người dùng {number}")
    if role in {Role.REP, Role.TEAM_LEAD} and "team" not in fields:
        fields["team"] = make_team()
    return User.objects.create_user(password=PASSWORD, role=role, **fields)


def arrive(*, at: datetime = NOW, by: User | None = None, channel: Channel = Channel.API, **payload: Any) -> Receipt:
    """One lead through the door; a phone number of its own unless identity is given."""
    if not {"phone", "email", "external_id"} & set(payload):
        payload["phone"] = f"09{next(_numbers):08d}"
    payload.setdefault("name", "Nguyễn Văn Đạt")
    return receive([payload], channel=channel, at=at, by=by)[0]


def make_lead(**payload: Any) -> Lead:
    return Lead.objects.select_related("standing").get(pk=arrive(**payload).lead_id)


def make_mql(*, at: datetime = NOW, **payload: Any) -> Lead:
    """A lead that crosses the line at once: it booked a meeting (75 points under the default model)."""
    return make_lead(at=at, event={"kind": "meeting.booked"}, **payload)


def make_handoff(
    *, at: datetime = NOW, lead: Lead | None = None, kind: str = HandoffKind.MQL, **payload: Any
) -> Handoff:
    """An open hand-off without asking the score: for tests of what Sales does with it."""
    lead = lead or make_lead(at=at, **payload)
    with lock([lead.pk]) as rows:
        return open_handoffs([Crossing(lead.pk, HandoffKind(kind), 1)], at=at, rows=rows)[0]


GOOD_ANSWERS = {
    "right_phone": True,
    "right_name": True,
    "right_need": True,
    "agreed_to_talk": True,
    "icp_fit": True,
    "budget": "planned",
    "authority": "decision_maker",
    "need": "clear",
    "timing": "within_3_months",
}  # BANT 15 + 25 + 18 + 20 = 78


def accept(handoff: Handoff, *, by: User | None = None, at: datetime = NOW, **answers: Any) -> Handoff:
    save_qualification(handoff.lead_id, by=by, at=at, answers={**GOOD_ANSWERS, **answers})
    return decide(handoff.lead_id, by=by, at=at, outcome="accept")
