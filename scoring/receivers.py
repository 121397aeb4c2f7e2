"""What scoring listens to."""

from leads import events, thresholds
from scoring.award import score
from scoring.published import in_force

events.subscribe(score)
thresholds.provide(in_force)
