"""One of each thing of the agreement, as the addresses of the API name them."""

from datetime import date, timedelta
from typing import NamedTuple

from django.utils import timezone

from accounts.enums import Role
from accounts.models import Team, User
from leads.calls import log_call
from leads.models import Absence, AssignmentRule, Call
from sla.agreements import versions
from sla.audits import draw_week
from sla.bonus import RATES, approve, new_plan
from sla.disputes import dispute_breach
from sla.drafting import edit_draft, open_draft
from sla.feedback import ask_for_feedback, give_feedback
from sla.models import AuditedCall, BonusPlan, BonusStatement, Clock, Dispute, Feedback, Verdict
from sla.pausing import pause_clock
from sla.sweep import sweep
from tests.factories import NOW, make_team, make_user
from tests.sla.makers import make_clock

HOUR = timedelta(hours=1)
NEXT_WEEK = NOW + timedelta(days=7)
MONDAY = date(2026, 11, 23)


def seller() -> User:
    """The first seller of the house."""
    return User.objects.sellers().order_by("pk").first() or make_user(Role.REP, team=make_team())


def team() -> Team:
    found = Team.objects.filter(side="sales").order_by("pk").first()
    return found or make_team()


def running_clock() -> Clock:
    """Still in time when the call comes: the calls read the wall clock."""
    return make_clock(at=timezone.now())


def paused_clock() -> Clock:
    clock = running_clock()
    return pause_clock(clock.pk, by=make_user(Role.ADMIN), at=clock.started_at, reason="outage")


def breach() -> Clock:
    """A first touch that nobody made in two business hours."""
    clock = make_clock()
    sweep(at=NOW + 4 * HOUR)
    clock.refresh_from_db()
    return clock


def dispute() -> Dispute:
    return dispute_breach(breach().pk, by=make_user(Role.REP, on_duty=False), at=NOW + 5 * HOUR, reason="Mất mạng")


def verdict() -> Verdict:
    findings = [{"version": 1, "code": "invalid", "actual": 0.3, "promised": 0.2, "kept": False}]
    return Verdict.objects.create(
        month=date(2026, 10, 1), team=team(), who="marketing", findings=findings, closed_at=NOW
    )


def feedback() -> Feedback:
    seller()
    ask_for_feedback(at=NOW)
    return Feedback.objects.get(team=team())


def given_feedback() -> Feedback:
    boss = make_user(Role.SALES_MANAGER)
    return give_feedback(feedback().pk, by=boss, at=NOW, good="Ngân hàng đúng tệp", stop="Số ảo")


def audited() -> AuditedCall:
    clock, rep = make_clock(), seller()
    log_call(clock.lead_id, by=rep, at=NOW + HOUR, outcome="busy", note="Máy bận")
    draw_week(MONDAY, seed="x", at=NEXT_WEEK)
    return AuditedCall.objects.get(call=Call.objects.get(lead=clock.lead_id))


def rule() -> AssignmentRule:
    return AssignmentRule.objects.create(position=1, name="Huế", cities=["Huế"], team=team())


def absence() -> Absence:
    return Absence.objects.create(user=seller(), first=MONDAY, last=MONDAY, reason="Phép")


class Addressed(NamedTuple):
    """What an address names that is no id: the numbers in it, and what stands behind the question mark."""

    numbers: tuple[int, ...]
    query: str = ""


def version() -> Addressed:
    return Addressed((versions()[-1].version,))


def draft() -> Addressed:
    """Revision 2: it has a date to come."""
    manager = make_user(Role.MARKETING_MANAGER)
    opened = open_draft(by=manager, at=NOW)
    tomorrow = timezone.localdate() + timedelta(days=1)
    edit_draft(terms={"in_force_from": tomorrow}, revision=opened.revision, by=manager, at=NOW)
    return Addressed((), "revision=2")


def two_versions() -> Addressed:
    draft()
    return Addressed((2, 1))


def statement() -> BonusStatement:
    return approve(date(2026, 10, 1), seller(), by=make_user(Role.ADMIN), at=NOW)


def bonus_plan() -> BonusPlan:
    return new_plan(date(2027, 2, 1), rates=dict.fromkeys(RATES, 1), by=make_user(Role.ADMIN), at=NOW)


AGREED = {
    "bonus_plan": bonus_plan,
    "version": version,
    "agreed_draft": draft,
    "versions": two_versions,
    "statement": statement,
    "seller": seller,
    "clock": running_clock,
    "paused": paused_clock,
    "breach": breach,
    "dispute": dispute,
    "verdict": verdict,
    "feedback": feedback,
    "given": given_feedback,
    "audited": audited,
    "rule": rule,
    "absence": absence,
    "marketer": lambda: make_user(Role.MARKETER),
}
