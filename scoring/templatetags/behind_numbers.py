"""`{% behind job "draft_sql" 12 "2026-11" %}`: a number of a trial or a re-scoring that opens into its leads."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.figures import number
from scoring.models import Backtest, Rescoring

register = template.Library()


@register.simple_tag
def behind(job: Backtest | Rescoring, name: str, count: int, part: object = "") -> str | SafeString:
    """The number as a link; without one where there is nobody, or the job is older than its lists."""
    if not count or not job.opens:
        return number(count)
    return format_html('<a href="{}">{}</a>', behind_url(job, name, part), number(count))


@register.simple_tag
def behind_url(job: Backtest | Rescoring, name: str, part: object = "") -> str:
    page = "scoring_backtest_leads" if isinstance(job, Backtest) else "scoring_rescoring_leads"
    query = {"of": name} | ({"part": str(part)} if part else {})
    return f"{reverse(page, args=[job.pk])}?{urlencode(query)}"
