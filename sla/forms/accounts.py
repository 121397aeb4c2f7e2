"""What people ask for and say on the pages of responsibility, feedback, bonus and audits."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.enums import Side
from accounts.models import Team, User
from core.errors import NotFound
from core.typed import ShareField
from leads.fields import MoneyField
from leads.forms import ActForm
from sla.bonus import RATES
from sla.models import BonusPlan
from sla.months import EARLIEST, LATEST, first_of, last_of, local_day, month_before, parse_month
from sla.responsibility import Asked

LINES = forms.Textarea(attrs={"rows": 4, "class": "grows"})
REVENUE = {"revenue_sales": _("of revenue, to the rep (%)"), "revenue_marketing": _("of revenue, to Marketing (%)")}
DEAREST = 1_000_000_000  # VND for one hand-off
MONTH = forms.DateInput(format="%Y-%m", attrs={"type": "month"})


def month_field(**options: Any) -> forms.DateField:
    reach = [MinValueValidator(EARLIEST), MaxValueValidator(LATEST)]
    return forms.DateField(input_formats=["%Y-%m", "%Y-%m-%d"], widget=MONTH, validators=reach, **options)


class AskForm(forms.Form):
    """Which month, whose team, which source; what can't be read is left out."""

    month = month_field(label=_("Month"), required=False)
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.filter(side=Side.SALES), required=False, empty_label=_("All teams")
    )
    source = forms.CharField(
        label=_("Source"), required=False, max_length=120, widget=forms.TextInput(attrs={"placeholder": _("Source")})
    )

    by = forms.ChoiceField(
        label=_("Beside each other"), required=False, choices=[("team", _("By team")), ("source", _("By source"))]
    )

    def by_what(self, user: User, asked: Asked) -> str:
        """What is put beside each other: the teams, unless there is only one to see."""
        one = user.is_seller or asked.team is not None
        return "source" if one or self.cleaned_data.get("by") == "source" else "team"

    def asked(self, user: User, *, at: datetime) -> Asked:
        """A team lead asks about the own team only."""
        self.is_valid()
        given = self.cleaned_data
        day = first_of(given.get("month") or local_day(at))
        team = given["team"].pk if given.get("team") else None
        own = user.team_id if user.is_seller else team
        return Asked(day, last_of(day), at, own, given.get("source", ""))


class ReasonForm(ActForm):
    reason = forms.CharField(label=_("Why?"), max_length=2000, widget=LINES)


class RulingForm(ActForm):
    """What a manager decides on a dispute."""

    right = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("The dispute is right")), ("no", _("It stays as it was"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Why?"), max_length=2000, widget=LINES)


class FeedbackForm(ActForm):
    good = forms.CharField(label=_("What was good"), required=False, max_length=5000, widget=LINES)
    stop = forms.CharField(label=_("What to stop"), required=False, max_length=5000, widget=LINES)


class AnswerForm(ActForm):
    answer = forms.CharField(label=_("Marketing's answer"), max_length=5000, widget=LINES)


class ReviewForm(ActForm):
    """The reviewer's word on one call."""

    right = forms.TypedChoiceField(
        label=_("Was it logged right?"),
        choices=[("yes", _("Right")), ("no", _("Wrong"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=LINES)


class PlanForm(ActForm):
    """Rates from a month on. Shares of revenue are typed as percent and kept in hundredths of one."""

    first_month = month_field(label=_("from month"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in RATES:
            label = BonusPlan._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            self.fields[name] = MoneyField(label=capfirst(label), max_value=DEAREST)
        for name, label in REVENUE.items():
            self.fields[name] = ShareField(label=label, min_value=0, max_value=100, decimal_places=2)

    @property
    def rates(self) -> dict[str, int]:
        return {name: int(self.cleaned_data[name] * (100 if name in REVENUE else 1)) for name in RATES}

    @staticmethod
    def said(plan: BonusPlan) -> dict[str, Any]:
        """A plan as the form shows it."""
        shares = {name: (Decimal(getattr(plan, name)) / 100).quantize(Decimal("0.01")) for name in REVENUE}
        return {name: getattr(plan, name) for name in RATES} | shares


def month_of(text: str, *, at: datetime) -> date:
    """The month a page was asked for (2026-11), or the one before this."""
    try:
        return parse_month(text)
    except ValueError:
        return month_before(local_day(at))


def month_named(text: str) -> date:
    """The month an act is about. Raises NotFound: nothing is approved for a month nobody named."""
    try:
        return parse_month(text)
    except ValueError as error:
        raise NotFound from error
