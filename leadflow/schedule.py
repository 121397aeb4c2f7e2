"""Everything that happens by the clock: name, task, when, why. The one list; beat reads nothing else.

A tick only says "look now": the task finds what is due in the database, so a tick that is lost, late or
doubled changes nothing.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from celery.schedules import crontab

ZONE = "Asia/Ho_Chi_Minh"


@dataclass(frozen=True)
class Entry:
    """`at_start`: beat also runs it when it starts, in case its time was missed while the machine was off."""

    name: str
    task: str
    when: timedelta | crontab
    why: str
    at_start: bool = True


def every(*, seconds: int = 0, minutes: int = 0) -> timedelta:
    return timedelta(seconds=seconds, minutes=minutes)


ENTRIES = (
    Entry(
        "show signs of life",
        "leadflow.tasks.heartbeat",
        every(seconds=10),
        "/readyz and the health page tell a silent worker from an idle one",
    ),
    Entry(
        "deliver",
        "notifications.tasks.deliver",
        every(seconds=5),
        "sends due e-mails and retries; normally a hint was faster",
    ),
    Entry(
        "drain submissions",
        "leads.tasks.drain_submissions",
        every(seconds=5),
        "finishes leads that were received while their intake could not be",
    ),
    Entry(
        "drain the pool",
        "leads.tasks.drain_pool",
        every(minutes=1),
        "gives waiting hand-offs to reps who came on duty or have room again",
    ),
    Entry(
        "look for duplicates",
        "leads.tasks.scan_duplicates",
        every(minutes=1),
        "compares what the log has spoken of since; a pair to look at is a suggestion, so it may wait a minute",
    ),
    Entry(
        "work on background jobs",
        "leads.tasks.run_jobs",
        every(seconds=5),
        "goes on with exports, bulk changes and imports; normally a hint was faster",
    ),
    Entry(
        "recall untouched hand-offs",
        "leads.tasks.recall_untouched",
        every(minutes=1),
        "a lead nobody called within the agreed hours goes to another rep, then to the manager",
    ),
    Entry(
        "sweep SLA clocks",
        "sla.tasks.sweep_clocks",
        every(minutes=1),
        "warns and breaches at the minute; the recorded time is the due time, not the sweep's",
    ),
    Entry(
        "remind",
        "leads.tasks.remind",
        every(seconds=30),
        "tells reps of call-backs and appointments in time, and when care of a lead has ended",
    ),
    Entry(
        "keep the weeks",
        "sla.tasks.keep_the_weeks",
        crontab(minute="20"),
        "weekly feedback, call audits and the verdicts of last month; each is made once, whatever hour that is",
    ),
    Entry(
        "sweep decay",
        "scoring.tasks.sweep_decay",
        crontab(minute="0"),
        "takes points off silent leads; each step bears its own exact date",
    ),
    Entry(
        "re-score and try",
        "scoring.tasks.work",
        every(seconds=5),
        "goes on with re-scoring and trials of models; each tick brings in another free worker process",
    ),
    Entry(
        "forget old answers",
        "api.tasks.forget_idempotency",
        crontab(hour="3", minute="15"),
        "answers kept for an Idempotency-Key are promised for seven days",
    ),
    Entry(
        "roll up",
        "reports.tasks.roll_up",
        every(minutes=1),
        "counts yesterday once it is over, and again the days something has changed on since",
    ),
    Entry(
        "index own fields",
        "leads.tasks.index_fields",
        crontab(minute="40"),
        "makes the index of an administrator's new field, drops a retired one's; normally a hint was faster",
    ),
    Entry(
        "forget exported files",
        "leads.tasks.forget_exports",
        crontab(hour="3", minute="20"),
        "a file with personal data is kept for seven days, no longer",
    ),
    Entry(
        "tell of personal requests",
        "leads.tasks.tell_of_requests",
        crontab(hour="7", minute="30"),
        "what a person asks about their data has a day by law; three days before, and once it is over, it is said",
    ),
    Entry(
        "mail reports",
        "reports.tasks.mail_reports",
        every(minutes=5),
        "sends saved reports whose day, week or month has begun, from seven in the morning",
    ),
    Entry(
        "check the books",
        "reports.tasks.nightly_check",
        crontab(hour="2,12", minute="30"),  # once a day: at noon where the machine was off at night
        "proves the invariants while nobody works, and reports the first violation",
        at_start=False,  # what fell due while the machine was off is only being worked off then
    ),
)


def for_celery() -> dict[str, dict[str, Any]]:
    """The list as Celery's `beat_schedule`. A tick nobody took in time is dropped, not piled up."""
    return {
        entry.name: {
            "task": entry.task,
            "schedule": entry.when,
            "options": {"expires": _lifetime(entry.when).total_seconds()},
        }
        for entry in ENTRIES
    }


def _lifetime(when: timedelta | crontab) -> timedelta:
    return when if isinstance(when, timedelta) else timedelta(hours=1)
