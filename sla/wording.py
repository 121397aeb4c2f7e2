"""Findings and verdicts in words."""

from django.utils.functional import Promise as Text
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Side
from core.figures import number, percent
from sla.enums import Answers
from sla.verdicts import Code, Finding

LABELS: dict[str, str | Text] = {
    Code.VOLUME: gettext_lazy("Qualified hand-offs"),
    Code.QUALIFIED: gettext_lazy("Pass the qualified-lead check"),
    Code.INVALID: gettext_lazy("Invalid leads"),
    Code.PROCESS: gettext_lazy("First touch, next attempt and feedback in time"),
    Code.LATE: gettext_lazy("Decided and closed in time"),
    Code.CLOSING: gettext_lazy("Accepted hand-offs won"),
}
SENTENCES: dict[str, str | Text] = {
    Answers.NOBODY: gettext_lazy("Both sides kept their commitments."),
    Answers.MARKETING: gettext_lazy("Sales kept its promises; the leads were below the commitment. Marketing answers."),
    Answers.SALES: gettext_lazy("Marketing kept its commitment; Sales broke its promises. Sales answers."),
    Answers.BOTH: gettext_lazy("Neither side kept its commitments. Both answer."),
}


def side(finding: Finding) -> str | Text:
    return Side.MARKETING.label if finding.of_marketing else Side.SALES.label


def actual(finding: Finding) -> str:
    return number(finding.actual) if finding.code == Code.VOLUME else percent(finding.actual)


def promised(finding: Finding) -> str:
    """What was agreed, with its direction; nothing where nothing was promised."""
    if not finding.promised:
        return "–"
    if finding.code == Code.VOLUME:
        return _("at least %(share)s") % {"share": number(finding.promised)}
    share = {"share": percent(finding.promised, 0)}
    return (_("at most %(share)s") if finding.code == Code.INVALID else _("at least %(share)s")) % share
