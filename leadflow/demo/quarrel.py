"""The quarrel of the demo: in one month Marketing promises more than it brings, in the next Sales calls too late."""

from datetime import date, datetime, timedelta
from typing import Any

from accounts.enums import Role
from accounts.models import User
from sla.bonus import approve, due_lines
from sla.disputes import dispute_verdict
from sla.drafting import edit_draft, open_draft, sign_draft
from sla.models import Agreement, BonusStatement, Verdict
from sla.months import local_day, month_before, next_month
from sla.news import say_in_force

AHEAD = timedelta(days=7)  # versions are signed a week before they hold
PAID_AFTER = timedelta(days=5)
BEGINNING = {"mql_per_month": 20, "kept_rate": 80, "note": "Bắt đầu với mức hai bên đều làm được."}
LOUD = {"mql_per_month": 90, "note": "Marketing nhận 90 bàn giao đạt chuẩn cho chiến dịch mùa thu."}
SOBER = {"mql_per_month": 35, "note": "Trở lại mức thực tế sau tháng chiến dịch."}
DISPUTE = "Tổng đài hỏng hai ngày, các cuộc gọi trễ không phải lỗi của đội."


class Quarrel:
    """What the managers do about it, day by day, until `until` (aware UTC)."""

    def __init__(self, *, until: datetime) -> None:
        self.slow = month_before(local_day(until))
        self.loud = month_before(self.slow)

    def is_slow(self, at: datetime) -> bool:
        """Whether Sales is late at this time."""
        return self.slow <= local_day(at) < next_month(self.slow)

    def settle(self, *, at: datetime) -> None:
        """Called daily; each thing happens once."""
        agreed = Agreement.objects.count() - 1
        steps: tuple[tuple[date, dict[str, Any]], ...] = (
            (local_day(at), BEGINNING),
            (self.loud, LOUD),
            (self.slow, SOBER),
        )
        for first, terms in steps[agreed : agreed + 1]:
            if local_day(at) >= first - AHEAD:
                _agree(max(first, local_day(at)), terms, at=at)
        say_in_force(at=at)
        if local_day(at) >= self.slow + PAID_AFTER:
            _pay(self.loud, at=at)
        if local_day(at) >= next_month(self.slow) + PAID_AFTER:
            _complain(self.slow, at=at)


def _agree(first: date, terms: dict[str, Any], *, at: datetime) -> None:
    marketing, sales = _manager(Role.MARKETING_MANAGER), _manager(Role.SALES_MANAGER)
    opened = open_draft(by=marketing, at=at)
    given = {**terms, "in_force_from": first}
    draft = edit_draft(terms=given, revision=opened.revision, by=marketing, at=at)
    for manager in (marketing, sales):
        sign_draft(revision=draft.revision, by=manager, at=at)


def _pay(month: date, *, at: datetime) -> None:
    """Everybody's statement of the month, approved on one day."""
    if BonusStatement.objects.filter(month=month).exists():
        return
    manager = _manager(Role.SALES_MANAGER)
    for person in User.objects.filter(pk__in=due_lines(month)).order_by("pk"):
        approve(month, person, by=manager, at=at)


def _complain(month: date, *, at: datetime) -> None:
    verdict = Verdict.objects.filter(month=month, team=None, source="", disputes=None).first()
    if verdict:
        dispute_verdict(verdict.pk, by=_manager(Role.SALES_MANAGER), at=at, reason=DISPUTE)


def _manager(role: Role) -> User:
    return User.objects.here().get(role=role)
