"""Findings in words, for the pages of the agreement."""

from django import template
from django.utils.functional import Promise as Text

from sla import wording
from sla.verdicts import Finding

register = template.Library()
register.filter("rates", wording.rates)
register.filter("side_words", wording.side)
register.filter("actual_words", wording.actual)
register.filter("promised_words", wording.promised)
register.filter("unjudged_words", wording.unjudged)


@register.filter
def code_words(finding: Finding) -> str | Text:
    return wording.LABELS[finding.code]


@register.filter
def verdict_words(who: str) -> str | Text:
    return wording.SENTENCES[who]
