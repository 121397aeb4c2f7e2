"""A clock's life as a state machine, against a model that knows nothing but the times of what happened.

The model keeps who had the lead from when, and every attempt; at the end it says from these alone whether the
promise was kept, and whose breach it was. Sweeps may come at any moment, or the system clock may jump back.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from core.business_time import Calendar
from sla import life
from sla.enums import State, StopReason
from sla.models import Clock

HOURS = Calendar(zone=ZoneInfo("Asia/Ho_Chi_Minh"))
START = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # Monday 10:00 in Ho Chi Minh City
STEPS = st.integers(1, 90).map(lambda minutes: timedelta(minutes=minutes, seconds=7))  # never the very due instant
PEOPLE = st.sampled_from([None, 1, 2, 3])


class ClockLife(RuleBasedStateMachine):
    """Time runs forward; what is told about the past may be told late."""

    @initialize(minutes=st.sampled_from([15, 60, 120, 510]), owner=PEOPLE)
    def start(self, minutes: int, owner: int | None) -> None:
        self.clock = life.wind(
            Clock(pk=1, handoff_id=2, lead_id=3, minutes=minutes, started_at=START, owner_id=owner), hours=HOURS
        )
        self.now = START
        self.owners = [(START, owner)]
        self.attempts: list[datetime] = []
        self.decided: datetime | None = None
        self.said: list[str] = []

    def ended(self) -> bool:
        return bool(self.attempts) or self.decided is not None

    def hear(self, facts) -> None:
        self.said += [fact.kind for fact in facts]

    @rule(step=STEPS)
    def time_passes(self, step: timedelta) -> None:
        self.now += step

    @rule(back=st.integers(0, 600))
    def sweep(self, back: int) -> None:
        """Also with a system clock that is up to ten hours behind."""
        self.hear(life.settle(self.clock, at=self.now - timedelta(minutes=back)))

    @precondition(lambda self: not self.ended())
    @rule(owner=PEOPLE)
    def hand_over(self, owner: int | None) -> None:
        self.hear(life.hand(self.clock, owner_id=owner, team_id=None, at=self.now))
        self.owners.append((self.now, owner))

    @precondition(lambda self: self.decided is None)
    @rule(ago=st.integers(0, 400))
    def attempt(self, ago: int) -> None:
        """Told now, made up to 400 minutes ago."""
        made = max(self.now - timedelta(minutes=ago), START)
        self.hear(life.stop(self.clock, at=made, reason=StopReason.TOUCHED))
        self.attempts.append(made)

    @precondition(lambda self: self.decided is None)
    @rule()
    def decide(self) -> None:
        self.hear(life.stop(self.clock, at=self.now, reason=StopReason.DECIDED))
        self.decided = self.now

    @invariant()
    def agrees_with_what_happened(self) -> None:
        if not self.ended():
            assert self.clock.stopped_at is None
            return
        end = min([*self.attempts, *filter(None, [self.decided])])
        late = end > self.clock.due_at
        assert self.clock.stopped_at == end
        assert (self.clock.breached_at == self.clock.due_at) is late
        if late:
            assert self.clock.breach_owner_id == self.had_it(self.clock.due_at)
        assert self.clock.state(at=self.now) == self.expected(late=late)

    @invariant()
    def says_no_breach_or_warning_twice(self) -> None:
        assert self.said.count("sla.breached") <= 1
        assert self.said.count("sla.retracted") <= 1
        assert self.said.count("sla.warned") <= 2

    @invariant()
    def waits_for_exactly_what_is_left(self) -> None:
        over = self.clock.breached_at is not None or self.clock.stopped_at is not None
        assert (self.clock.next_at is None) is over

    def had_it(self, at: datetime) -> int | None:
        return [owner for since, owner in self.owners if since < at or since == START][-1]

    def expected(self, *, late: bool) -> State:
        if late:
            return State.LATE
        return State.KEPT if self.attempts else State.UNTOUCHED


TestClockLife = ClockLife.TestCase
TestClockLife.settings = settings(max_examples=80, stateful_step_count=25, deadline=None)
