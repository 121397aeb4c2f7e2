from celery import shared_task
from django.utils import timezone

from scoring import slices
from scoring.backtest import end_backtest, try_slice
from scoring.decay import sweep_decay as sweep
from scoring.rescore import end_rescoring, rescore_slice

DOES = {"backtest": try_slice, "rescoring": rescore_slice}
ENDS = {"backtest": end_backtest, "rescoring": end_rescoring}


@shared_task(name="scoring.tasks.sweep_decay")
def sweep_decay() -> int:
    """Takes the points of leads that have been silent too long. Returns how many leads were due."""
    return sweep(at=timezone.now())


@shared_task(name="scoring.tasks.work")
def work() -> int:
    """Goes on with trials and re-scoring, a few seconds at a time. Returns how many slices it did."""
    return slices.work(DOES, ENDS, clock=timezone.now)
