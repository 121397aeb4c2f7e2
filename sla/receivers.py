"""What the agreement listens to. Opened, then handed over, then stopped: one batch may hold all three."""

from leads.events import Batch, subscribe
from sla.clocks import hand_over, start_clocks, stop_clocks
from sla.follow_ups import end_care_of_merged, expect_next_attempt, follow_care, hand_over_care
from sla.forgetting import forget_words


@subscribe
def follow(batch: Batch) -> None:
    start_clocks(batch)
    hand_over(batch)
    hand_over_care(batch)
    stop_clocks(batch)
    expect_next_attempt(batch)
    follow_care(batch)
    end_care_of_merged(batch)
    forget_words(batch)
