"""The files of exports: outside every web folder, opened by whoever asked alone, gone after seven days."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from core.errors import NotFound
from leads.enums import JobPhase
from leads.models import Job

EXPORT, ACCESS = "leads.export", "leads.access"  # many leads; all data of one person, who asked for them
KEPT = timedelta(days=7)
OPENED_BY = {EXPORT: "leads.export", ACCESS: "people.requests"}  # the role may have changed since it was made
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ZIP = {"zip": "application/zip"}


def folder() -> Path:
    """Where the files lie; made when it is not there yet."""
    place = Path(settings.MEDIA_ROOT) / "exports"
    place.mkdir(parents=True, exist_ok=True)
    return place


def file_of(job: Job, *, at: datetime) -> Path:
    """The finished file. Raises NotFound when there is none, or no more."""
    if job.kind not in OPENED_BY or job.phase != JobPhase.DONE or is_gone(job, at=at):
        raise NotFound
    return folder() / str(job.result["file"])


def is_gone(job: Job, *, at: datetime) -> bool:
    """Whether its seven days are over."""
    file = job.result.get("file")
    return not file or job.finished_at is None or at - job.finished_at >= KEPT or not (folder() / file).exists()


def forget_exports(*, at: datetime) -> int:
    """Deletes the files whose seven days are over, and what a broken export left. Returns how many."""
    old = [file for file in folder().iterdir() if at.timestamp() - file.stat().st_mtime >= KEPT.total_seconds()]
    for file in old:
        file.unlink()
    return len(old)
