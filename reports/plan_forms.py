"""What people type into the reports: targets, spend, benchmarks, saved reports, screens."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import MARKETING, SELLERS, Side
from accounts.models import Team, User
from core.text import clean
from core.typed import NameField, ShareField, WholeField
from leads.fields import MoneyField
from leads.forms import Acting
from reports.models import Benchmark, Campaign, ReportPolicy, SavedReport, Screen
from reports.models.goal import Measured
from reports.models.saved import Rhythm

MOST = 10**15  # VND
DATE = {"type": "date"}
REACH = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2100, 12, 31))]  # nothing else is meant in earnest


class GoalForm(forms.Form):
    """One target. At most one of team, person and source; none of them is everybody."""

    month = forms.DateField(
        label=gettext_lazy("Month"),
        widget=forms.DateInput(attrs={"type": "month"}),
        input_formats=["%Y-%m", "%Y-%m-%d"],
        validators=REACH,
    )
    kpi = forms.ChoiceField(label=gettext_lazy("Figure"), choices=Measured.choices)
    value = WholeField(label=gettext_lazy("Target"), min_value=1, max_value=MOST)
    team = forms.ModelChoiceField(
        Team.objects.filter(side=Side.SALES),
        label=gettext_lazy("Team"),
        required=False,
        empty_label=gettext_lazy("All teams"),
    )
    owner = forms.ModelChoiceField(
        User.objects.filter(role__in=SELLERS, is_active=True),
        label=gettext_lazy("Sales rep"),
        required=False,
        empty_label=gettext_lazy("Everybody"),
    )
    source = NameField(label=gettext_lazy("Source"), required=False, max_length=120)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if sum(bool(given.get(name)) for name in ("team", "owner", "source")) > 1:
            self.add_error("team", _("Choose a team, a person or a source, not several at once."))
        return given


class SpendForm(forms.Form):
    """What one campaign of a source cost on one day; typed in again it replaces what was there."""

    day = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"), validators=REACH
    )
    source = NameField(label=gettext_lazy("Source"), max_length=120)
    campaign = NameField(label=gettext_lazy("Campaign"), max_length=120, required=False)
    amount = MoneyField(label=gettext_lazy("Amount in VND"), max_value=MOST)


class CampaignForm(forms.Form):
    """Whose a campaign is; nobody takes it away. Who answers for it now may stay, also when they have left."""

    source = forms.CharField(widget=forms.HiddenInput, max_length=120, required=False)
    name = forms.CharField(widget=forms.HiddenInput, max_length=120)
    owner = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Marketer"), required=False, empty_label=gettext_lazy("No marketer")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        campaign = {name: clean(self[name].value(), 120) for name in ("source", "name")}
        now = Campaign.objects.filter(**campaign).values_list("owner", flat=True).first()
        may = Q(role__in=MARKETING, is_active=True) | Q(pk=now)
        self.fields["owner"].queryset = User.objects.filter(may).order_by("full_name", "pk")  # type: ignore[attr-defined]
        self.initial["owner"] = now


class PolicyForm(forms.ModelForm[ReportPolicy]):
    class Meta:
        model = ReportPolicy
        fields = ["reps_see_ranking", "show_benchmarks"]


class BenchmarkForm(forms.ModelForm[Benchmark]):
    class Meta:
        model = Benchmark
        fields = ["kpi", "percent", "source"]
        field_classes = {"percent": ShareField, "source": NameField}

    def validate_unique(self) -> None:
        """A benchmark typed in again replaces the one there was."""


class SavedReportForm(Acting, forms.ModelForm[SavedReport]):
    rhythm = forms.ChoiceField(label=gettext_lazy("Send by e-mail"), choices=Rhythm.choices, required=False)
    page = forms.CharField(widget=forms.HiddenInput)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=4000)

    class Meta:
        model = SavedReport
        fields = ["name", "rhythm", "shared"]
        field_classes = {"name": NameField}


class ScreenForm(forms.ModelForm[Screen]):
    class Meta:
        model = Screen
        fields = ["name", "team"]
        field_classes = {"name": NameField}
