"""Findings and verdicts in words."""

from django.utils.functional import Promise as Text
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Side
from core.figures import money_full, number, percent
from sla.enums import Answers
from sla.models import BonusPlan
from sla.verdicts import Code, Finding, Judgement

LABELS: dict[str, str | Text] = {
    Code.VOLUME: gettext_lazy("Qualified hand-offs"),
    Code.QUALIFIED: gettext_lazy("Pass the qualified-lead check"),
    Code.INVALID: gettext_lazy("Invalid leads"),
    Code.PROCESS: gettext_lazy("First touch, next attempt and feedback in time"),
    Code.LATE: gettext_lazy("Decided and closed in time"),
    Code.CLOSING: gettext_lazy("Accepted hand-offs won"),
}
BESIDES: dict[Code, str | Text] = {
    Code.QUALIFIED: gettext_lazy("Qualified"),
    Code.INVALID: gettext_lazy("Invalid"),
    Code.PROCESS: gettext_lazy("Called in time"),
    Code.LATE: gettext_lazy("Decided in time"),
}
SENTENCES: dict[str, str | Text] = {
    Answers.NOBODY: gettext_lazy("Both sides kept their commitments."),
    Answers.MARKETING: gettext_lazy("Sales kept its promises; the leads were below the commitment. Marketing answers."),
    Answers.SALES: gettext_lazy("Marketing kept its commitment; Sales broke its promises. Sales answers."),
    Answers.BOTH: gettext_lazy("Neither side kept its commitments. Both answer."),
}


RATES: dict[str, str | Text] = {
    "per_accepted": gettext_lazy("accepted hand-off, rep"),
    "revenue_sales": gettext_lazy("share of revenue, rep"),
    "per_qualified": gettext_lazy("qualified hand-off, Marketing"),
    "revenue_marketing": gettext_lazy("share of revenue, Marketing"),
    "penalty_breach": gettext_lazy("broken promise, rep"),
    "penalty_invalid": gettext_lazy("invalid lead, Marketing"),
    "penalty_audit": gettext_lazy("call logged wrongly, rep"),
}


def rates(plan: BonusPlan) -> list[tuple[str | Text, str]]:
    """Every rate of a plan, what it takes off with a minus."""
    return [(label, _rate(name, getattr(plan, name))) for name, label in RATES.items()]


def _rate(name: str, value: int) -> str:
    if name.startswith("revenue"):
        return percent(value / 10_000, 2)
    return money_full(-value if name.startswith("penalty") else value)


def side(finding: Finding) -> str | Text:
    return Side.MARKETING.label if finding.of_marketing else Side.SALES.label


def actual(finding: Finding) -> str:
    return number(finding.actual) if finding.code == Code.VOLUME else percent(finding.actual)


def unjudged(finding: Finding) -> str:
    """Why there is no judgement: no share of won hand-offs is agreed, or nothing has come to be judged yet."""
    if finding.code == Code.CLOSING and not finding.promised:
        return _("not promised")
    return _("nothing to judge")


def promised(finding: Finding) -> str:
    """What was agreed, with its direction; nothing where nothing was promised."""
    if not finding.promised:
        return "–"
    if finding.code == Code.VOLUME:
        return _("at least %(share)s") % {"share": number(finding.promised)}
    share = {"share": percent(finding.promised, 0)}
    return (_("at most %(share)s") if finding.code == Code.INVALID else _("at least %(share)s")) % share


def behind(judgement: Judgement, finding: Finding) -> str:
    """How many speak against it, out of how many: as many as its evidence has."""
    figures = judgement.figures
    judged = {"all": number(figures.judged)}
    if finding.code == Code.QUALIFIED:
        return _("%(n)s of %(all)s do not") % {**judged, "n": number(figures.judged - figures.qualified)}
    if finding.code == Code.INVALID:
        return _("%(n)s of %(all)s are") % {**judged, "n": number(figures.invalid)}
    if finding.code in {Code.PROCESS, Code.LATE}:
        kept, broken = figures.counts(finding.code)
        return _("%(n)s of %(all)s late") % {"n": number(broken), "all": number(kept + broken)}
    if finding.code == Code.CLOSING and finding.promised:
        left = figures.accepted - figures.won
        return _("%(n)s of %(all)s not won") % {"n": number(left), "all": number(figures.accepted)}
    return ""
