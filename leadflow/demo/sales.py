"""How the demo's reps work a hand-off: when they call, what they find, how they decide."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.business_time import Calendar
from leadflow.demo import cast
from leads.calls import log_call
from leads.decisions import decide
from leads.enums import CallOutcome, Outcome, Reason, Status
from leads.models import Handoff, Standing
from leads.moves import move_status
from leads.qualification import save_qualification

Act = Callable[[datetime], None]
Later = Callable[[datetime, Act], None]
NOTES = (
    "Khách quan tâm, hẹn gửi báo giá.", "Đang so sánh với nhà cung cấp khác.", "Cần trao đổi thêm với sếp.",
    "Hỏi kỹ về bảo mật dữ liệu.", "Muốn xem demo trực tiếp.",
)  # fmt: skip
GOOD = {
    "budget": ("planned", "available", "available"),
    "authority": ("influencer", "decision_maker"),
    "need": ("clear", "urgent"),
    "timing": ("within_3_months", "within_month", "within_6_months"),
}
POOR = {
    "budget": ("unknown", "none", "planned"),
    "authority": ("unknown", "user", "influencer"),
    "need": ("unknown", "vague", "clear"),
    "timing": ("unknown", "over_6_months", "within_6_months"),
}


@dataclass
class Desk:
    """One hand-off on a rep's desk. `later` puts the next act into the demo's timetable."""

    handoff_id: int
    lead_id: int
    quality: float
    invalid: bool
    rng: random.Random
    hours: Calendar
    later: Later
    slow: Callable[[datetime], bool] = lambda _at: False  # whether Sales is late these days

    def begin(self, offered_at: datetime) -> None:
        """Plans the first call: in time, as a rule."""
        handoff = Handoff.objects.select_related("owner").get(pk=self.handoff_id)
        if handoff.owner is None:
            return
        in_time, self.skill = cast.habits(handoff.owner)
        limit = timedelta(minutes=15) if handoff.score >= 100 else timedelta(hours=2)
        in_time *= 0.55 if self.slow(offered_at) else 1.0
        share = self.rng.betavariate(2, 5) if self.rng.random() < in_time else self.rng.uniform(1.1, 5)
        self.later(self.hours.add(offered_at, limit * share), self.call)

    def call(self, at: datetime) -> None:
        handoff = Handoff.objects.select_related("owner").get(pk=self.handoff_id)
        if not handoff.is_open or handoff.owner is None:
            return
        outcome = self._outcome()
        callback = self.hours.add(at, timedelta(hours=6)) if outcome == CallOutcome.CALLBACK else None
        note = self.rng.choice(NOTES) if outcome == CallOutcome.REACHED else ""
        seconds = self.rng.randrange(60, 900) if outcome == CallOutcome.REACHED else self.rng.randrange(5, 40)
        log_call(
            self.lead_id, by=handoff.owner, at=at, outcome=outcome, duration_seconds=seconds, note=note,
            callback_at=callback,
        )  # fmt: skip
        self._after_call(outcome, at)

    def judge(self, at: datetime) -> None:
        """BANT, then the verdict."""
        handoff = Handoff.objects.select_related("owner").get(pk=self.handoff_id)
        if not handoff.is_open:
            return
        good = not self.invalid and self.rng.random() < 0.18 + 0.72 * self.quality
        save_qualification(self.lead_id, by=handoff.owner, at=at, answers=self._answers(good=good))
        when = self.hours.add(at, timedelta(hours=self.rng.uniform(0.2, 12)))
        self.later(when, self.accept if good else self.refuse)

    def accept(self, at: datetime) -> None:
        handoff = self._open()
        if handoff:
            decide(self.lead_id, by=handoff.owner, at=at, outcome="accept", note=self.rng.choice(NOTES))
            self.later(self.hours.add_days(at, self.rng.randrange(3, 15)), self.warm)

    def refuse(self, at: datetime) -> None:
        handoff = self._open()
        if handoff is None:
            return
        if self.invalid:
            decide(self.lead_id, by=handoff.owner, at=at, outcome="discard", reason=Reason.WRONG_CONTACT)
        elif self.rng.random() < 0.2:
            reason = self.rng.choice((Reason.OUT_OF_TARGET, Reason.COMPETITOR, Reason.DUPLICATE))
            decide(self.lead_id, by=handoff.owner, at=at, outcome="discard", reason=reason)
        else:
            reason = self.rng.choices(
                (Reason.BAD_TIMING, Reason.NO_BUDGET, Reason.NO_NEED, Reason.NO_AUTHORITY), (40, 25, 20, 15)
            )[0]
            wake = (at + timedelta(days=self.rng.randrange(20, 90))).date() if reason == Reason.BAD_TIMING else None
            decide(self.lead_id, by=handoff.owner, at=at, outcome="recycle", reason=reason, wake_on=wake)

    def warm(self, at: datetime) -> None:
        """From potential to hot, or lost on the way."""
        standing = Standing.objects.select_related("owner").get(pk=self.lead_id)
        if standing.status == Status.POTENTIAL:
            if self.rng.random() < 0.25:
                move_status(
                    self.lead_id, Status.WRONG_TARGET, by=standing.owner, at=at, reason="Chọn nhà cung cấp khác"
                )
                return
            if self.rng.random() < 0.1:
                return  # still thinking
            move_status(self.lead_id, Status.HOT, by=standing.owner, at=at)
        self.later(self.hours.add_days(at, self.rng.randrange(3, 25)), self.close)

    def close(self, at: datetime) -> None:
        standing = Standing.objects.select_related("owner", "lead").get(pk=self.lead_id)
        if standing.status != Status.HOT:
            return
        if self.rng.random() < 0.62 * self.skill:
            base = {"LeadFlow Cơ bản": 18, "LeadFlow Chuyên nghiệp": 55}.get(standing.lead.product, 160)
            amount = int(base * self.rng.lognormvariate(0, 0.5)) * 1_000_000
            move_status(self.lead_id, Status.WON, by=standing.owner, at=at, amount=max(amount, 6_000_000))
        else:
            move_status(self.lead_id, Status.POTENTIAL, by=standing.owner, at=at, reason="Khách hoãn sang quý sau")

    def _open(self) -> Handoff | None:
        return Handoff.objects.select_related("owner").filter(pk=self.handoff_id, outcome=Outcome.OPEN).first()

    def _outcome(self) -> CallOutcome:
        if self.invalid:
            return self.rng.choices((CallOutcome.WRONG_NUMBER, CallOutcome.REACHED), (70, 30))[0]
        weights = (58 + 25 * self.quality, 22, 8, 8)
        return self.rng.choices(
            (CallOutcome.REACHED, CallOutcome.NO_ANSWER, CallOutcome.BUSY, CallOutcome.CALLBACK), weights
        )[0]

    def _after_call(self, outcome: CallOutcome, at: datetime) -> None:
        if outcome == CallOutcome.REACHED:
            self.later(at + timedelta(minutes=self.rng.randrange(2, 20)), self.judge)
        elif outcome == CallOutcome.WRONG_NUMBER and self.rng.random() < 0.7:
            self.later(at + timedelta(minutes=5), self.refuse)
        else:
            pause = self.rng.uniform(3, 9) if self.slow(at) else self.rng.uniform(1.5, 4.1)
            self.later(self.hours.add(at, timedelta(hours=pause)), self.call)

    def _answers(self, *, good: bool) -> dict[str, object]:
        checks = {
            "right_phone": not self.invalid,
            "right_name": not self.invalid,
            "right_need": good,
            "agreed_to_talk": good,
            "icp_fit": good or self.rng.random() < 0.4,
        }
        chosen = {name: self.rng.choice(choices) for name, choices in (GOOD if good else POOR).items()}
        more = {"budget_amount": self.rng.randrange(10, 300) * 1_000_000, "need_note": self.rng.choice(NOTES)}
        return checks | chosen | (more if good else {})
