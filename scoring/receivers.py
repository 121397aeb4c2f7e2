"""What scoring listens to."""

from leads import events, rescoring, thresholds
from scoring.award import derive_anew, score
from scoring.published import in_force

events.subscribe(score, past=True)
thresholds.provide(in_force)
rescoring.provide(derive_anew)
