"""Celery is the alarm clock: it carries ticks and hints, never work itself (that is rows in PostgreSQL).

The figures were measured: with them a worker killed in the middle of a task, or a broker that freezes,
costs some seconds; with Celery's defaults, minutes.
"""

import os
import signal
from datetime import UTC, datetime
from typing import Any

from celery import Celery
from celery.beat import Scheduler
from celery.signals import worker_process_init

from core import heartbeat
from leadflow import places, schedule
from leadflow.up.leash import follow

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadflow.settings")

app = Celery("leadflow", broker=places.broker_url())
app.conf.update(
    accept_content=["json"],
    enable_utc=True,
    timezone=schedule.ZONE,
    beat_schedule=schedule.for_celery(),
    beat_scheduler="leadflow.celery:PunctualScheduler",
    beat_max_loop_interval=5,
    # A tick that was lost with its worker comes back after 20 s, not after 100.
    broker_transport_options={
        "visibility_timeout": 120,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
        "health_check_interval": 10,
    },
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_soft_time_limit=60,
    task_time_limit=90,  # below the visibility timeout: no task runs twice at once
    # Nobody waits for a broker that does not answer.
    task_publish_retry_policy={
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.1,
        "interval_max": 0.2,
    },
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=500,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    worker_hijack_root_logger=False,
)
app.autodiscover_tasks()


class PunctualScheduler(Scheduler):
    """Keeps no file; shows that it lives on every tick; after a start it runs everything once that may run then.

    So an hour or a night missed while the machine was off is made up for, and a tick too many is harmless.
    """

    def setup_schedule(self) -> None:
        super().setup_schedule()
        for name in (entry.name for entry in schedule.ENTRIES if entry.at_start):
            self.schedule[name].last_run_at = datetime.fromtimestamp(0, UTC)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        heartbeat.beat("beat")
        return float(super().tick(*args, **kwargs))


@worker_process_init.connect
def die_with_the_worker(**_: Any) -> None:
    follow(os.getppid(), signal.SIGKILL)
