"""What the agreement listens to. Opened, then handed over, then stopped: one batch may hold all three."""

from leads.events import Batch, subscribe
from sla.clocks import hand_over, start_clocks, stop_clocks


@subscribe
def follow(batch: Batch) -> None:
    start_clocks(batch)
    hand_over(batch)
    stop_clocks(batch)
