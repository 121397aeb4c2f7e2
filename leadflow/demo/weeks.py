"""The weeks of the demo: the teams say what they think of the leads, Marketing answers, calls are audited."""

from datetime import datetime, timedelta

from accounts.enums import Role, Side
from accounts.models import User
from sla.audits import draw_last_week, review_call
from sla.feedback import answer_feedback, ask_for_feedback, give_feedback
from sla.models import AuditDraw, AuditedCall, Feedback
from sla.responsibility import close_month

GOOD = (
    "Khách từ Zalo nghe máy và có nhu cầu rõ.",
    "Lead đặt lịch hẹn chất lượng tốt.",
    "Khách giới thiệu dễ nói chuyện.",
)
STOP = ("Form Facebook nhiều số ảo.", "Khách chỉ tải ebook, chưa có nhu cầu.", "Trùng khách cũ đã từ chối.")
ANSWERS = ("Đã lọc lại tệp quảng cáo.", "Tuần sau đổi mẫu form, thêm câu hỏi nhu cầu.", "Đã chặn số trùng từ nguồn.")
WRONG = "Ghi là nghe máy nhưng không có đoạn ghi âm."


def keep_weeks(*, at: datetime) -> None:
    """What a week brings besides leads; called often, each thing happens once."""
    ask_for_feedback(at=at)
    _talk(at)
    if not AuditDraw.objects.filter(week__gte=(at - timedelta(days=13)).date()).exists():
        draw_last_week(seed=f"demo {at:%Y-%m-%d}", at=at)
        _listen(at)
    close_month(at=at)


def _talk(at: datetime) -> None:
    """A day before it is due; one week in six is forgotten and comes late."""
    marketer = User.objects.here().filter(role=Role.MARKETER).first()
    for row in Feedback.objects.filter(given_at=None).select_related("team"):
        number = row.week.toordinal() // 7 + row.team_id
        moment = row.due_at + timedelta(hours=20 if number % 6 == 0 else -20)
        by = User.objects.sellers().filter(team=row.team, team__side=Side.SALES).order_by("role", "pk").first()
        if by is None or moment > at:
            continue
        give_feedback(row.pk, by=by, at=moment, good=GOOD[number % 3], stop=STOP[number % 3])
    for row in Feedback.objects.filter(given_at__lte=at - timedelta(days=1), answered_at=None):
        if marketer and row.given_at:
            answer = ANSWERS[(row.week.toordinal() // 7 + row.team_id) % 3]
            answer_feedback(row.pk, by=marketer, at=row.given_at + timedelta(days=1), answer=answer)


def _listen(at: datetime) -> None:
    """The manager reviews most of the sample; one call in nine was logged wrongly."""
    manager = User.objects.here().filter(role=Role.SALES_MANAGER).first()
    if manager is None:
        return
    for row in AuditedCall.objects.filter(right=None).order_by("pk"):
        if row.pk % 5:
            wrong = row.pk % 9 == 0
            review_call(row.pk, right=not wrong, note=WRONG if wrong else "", by=manager, at=at)
