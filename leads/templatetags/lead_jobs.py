"""What the pages of background jobs draw."""

from django import template
from django.urls import reverse

from core.templatetags.ui import Shown
from leads.enums import JobPhase, RowOutcome
from leads.jobs import ABOUT, WORKS
from leads.models import Job, JobRow

register = template.Library()
PHASES = {
    JobPhase.WAITING: ("secondary", "hourglass"),
    JobPhase.RUNNING: ("blue", "loader"),
    JobPhase.DONE: ("green", "check"),
    JobPhase.CANCELLED: ("secondary", "octagon-x"),
    JobPhase.FAILED: ("red", "circle-alert"),
}
OUTCOMES = {
    RowOutcome.DONE: ("green", "check"),
    RowOutcome.SAME: ("secondary", "equal"),
    RowOutcome.REFUSED: ("orange", "ban"),
}


@register.inclusion_tag("components/badge.html")
def phase_badge(job: Job) -> Shown:
    colour, icon = PHASES[job.phase]
    return {"label": job.phase.label, "colour": colour, "icon": icon, "title": ""}


@register.inclusion_tag("components/badge.html")
def outcome_of_row(row: JobRow) -> Shown:
    colour, icon = OUTCOMES[RowOutcome(row.outcome)]
    return {"label": row.get_outcome_display(), "colour": colour, "icon": icon, "title": ""}


@register.filter
def job_home(job: Job) -> str:
    """The page of this job: its own kind's, where there is one."""
    return reverse(WORKS[job.kind].home, args=[job.params.get(ABOUT, job.pk)])


@register.filter
def job_icon(job: Job) -> str:
    return WORKS[job.kind].icon
