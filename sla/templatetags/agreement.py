"""Findings in words, for the pages of the agreement."""

from django import template
from django.utils.functional import Promise as Text

from sla import terms, wording
from sla.verdicts import Finding, Judgement

register = template.Library()
register.filter("rates", wording.rates)
register.filter("written", terms.written)
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


@register.filter
def besides(judgement: Judgement) -> list[tuple[Finding, str | Text]]:
    """The findings that are put beside each other, with their headings."""
    found = {finding.code: finding for finding in judgement.findings}
    return [(found[code], label) for code, label in wording.BESIDES.items()]


@register.simple_tag
def behind_words(judgement: Judgement, finding: Finding) -> str:
    return wording.behind(judgement, finding)
