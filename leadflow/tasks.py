from celery import shared_task

from core import heartbeat as signs


@shared_task
def heartbeat() -> None:
    """Runs on a worker, so its trace shows that ticks arrive and that a worker takes them."""
    signs.beat("worker")
