"""The agreement in words: one line per promise, as the page shows it."""

from typing import NamedTuple

from django.utils.functional import Promise as Text
from django.utils.translation import gettext_lazy as _

from accounts.enums import Side
from core.figures import number, percent
from sla.models import Agreement


class Line(NamedTuple):
    """Who promises what; `value` is a text, `note` says how it is counted."""

    by: str | Text
    what: str | Text
    value: str | Text
    note: str | Text = ""


BOTH = _("Both sides")


def lines(agreement: Agreement) -> list[Line]:
    """The promises of one version, Marketing's first (DOMAIN 5)."""
    return [*_marketing(agreement), *_sales(agreement), _shared(agreement)]


def definitions(agreement: Agreement) -> list[Line]:
    """What the two teams call an MQL and an SQL."""
    model = agreement.model_version
    return [
        Line(
            _("MQL"),
            _("The score crosses the MQL line"),
            _("model %(version)s") % {"version": model} if model else _("the published model"),
        ),
        Line(
            _("SQL"), agreement.get_sql_rule_display(), _("BANT from %(points)s") % {"points": agreement.bant_minimum}
        ),
    ]


def _marketing(agreement: Agreement) -> list[Line]:
    by = Side.MARKETING.label
    return [
        Line(by, _("Qualified hand-offs per month"), number(agreement.mql_per_month)),
        Line(
            by,
            _("Pass the qualified-lead check"),
            _("at least %(share)s") % {"share": _share(agreement.qualified_rate)},
            _("Right phone, right name, right need."),
        ),
        Line(
            by,
            _("Invalid leads"),
            _("at most %(share)s") % {"share": _share(agreement.invalid_rate)},
            _("Wrong number or fake data."),
        ),
    ]


def _sales(agreement: Agreement) -> list[Line]:
    by = Side.SALES.label
    hot = {"score": number(agreement.hot_score)}
    minutes = _("%(number)s business minutes")
    return [
        Line(
            by,
            _("First touch, score from %(score)s") % hot,
            minutes % {"number": number(agreement.first_touch_hot_minutes)},
            _("Only a person's attempt stops the clock."),
        ),
        Line(by, _("First touch, the others"), minutes % {"number": number(agreement.first_touch_minutes)}),
        Line(
            by,
            _("Decision on a hand-off"),
            _("%(number)s business days") % {"number": number(agreement.decision_days)},
        ),
        Line(
            by,
            _("Attempts before giving up"),
            number(agreement.attempts),
            _("The second after %(hours)s business hours, then the next business day.")
            % {"hours": number(agreement.retry_hours)},
        ),
        Line(
            by,
            _("Care after acceptance"),
            _("%(number)s days") % {"number": number(agreement.care_days)},
            _("Without progress by then, the rep decides."),
        ),
        Line(
            by,
            _("Untouched leads are recalled"),
            _("%(number)s business hours") % {"number": number(agreement.recall_hours)},
            _("After %(times)s recalls the manager decides.") % {"times": number(agreement.recalls)},
        ),
        Line(by, _("Feedback on lead quality"), _("weekly"), agreement.get_feedback_weekday_display()),
        *_won(agreement),
    ]


def _won(agreement: Agreement) -> list[Line]:
    if not agreement.won_rate:
        note = _("No closing rate is agreed, so closing is not judged.")
        return [Line(Side.SALES.label, _("Accepted hand-offs won"), _("not promised"), note)]
    share = _("at least %(share)s") % {"share": _share(agreement.won_rate)}
    return [Line(Side.SALES.label, _("Accepted hand-offs won"), share)]


def _shared(agreement: Agreement) -> Line:
    return Line(BOTH, _("Promises kept"), _("at least %(share)s") % {"share": _share(agreement.kept_rate)})


def _share(percentage: int) -> str:
    return percent(percentage / 100)
