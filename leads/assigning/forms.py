"""What people type on the pages of the assignment."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from leads.forms import ActForm
from leads.models import AssignmentRule, Speciality

LISTS = {
    "sources": _("Sources"),
    "campaigns": _("Campaigns"),
    "cities": _("Cities"),
    "products": _("Products"),
    "languages": _("Languages"),
}
HINT = _("Separated by commas; empty means any.")
DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class Words(forms.CharField):
    """Several words, separated by commas or lines."""

    def __init__(self, *, label: Any = None, help_text: Any = "", initial: Any = None, **_of_the_column: Any) -> None:
        super().__init__(required=False, max_length=2000, label=label, help_text=help_text, initial=initial)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        text = str(super().clean(value) or "")
        return list(dict.fromkeys(word.strip()[:120] for word in text.replace("\n", ",").split(",") if word.strip()))


class RuleForm(forms.ModelForm[AssignmentRule]):
    """One rule; its lists as words."""

    class Meta:
        model = AssignmentRule
        fields = ["name", *LISTS, "score_min", "score_max", "team", "person", "active"]
        field_classes = dict.fromkeys(LISTS, Words)
        labels = LISTS
        help_texts = dict.fromkeys(LISTS, HINT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sellers = User.objects.sellers().order_by("full_name")
        self.fields["person"].queryset = sellers  # type: ignore[attr-defined]
        teams = self.fields["team"]
        teams.queryset = teams.queryset.filter(side="sales")  # type: ignore[attr-defined]


class SpecialityForm(forms.ModelForm[Speciality]):
    class Meta:
        model = Speciality
        fields = ["products", "cities", "languages"]
        field_classes = dict.fromkeys(fields, Words)
        labels = {name: LISTS[name] for name in fields}
        help_texts = dict.fromkeys(fields, HINT)


class AbsenceForm(ActForm):
    """Somebody is away."""

    user = forms.ModelChoiceField(label=_("Who"), queryset=User.objects.none())
    first = forms.DateField(label=_("from day"), widget=DAY)
    last = forms.DateField(label=_("to day"), widget=DAY)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=120)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people  # type: ignore[attr-defined]


class LeavingForm(ActForm):
    """To whom the leads go: to one colleague, or by the rules."""

    to = forms.ModelChoiceField(
        label=_("To whom"), queryset=User.objects.none(), required=False, empty_label=_("By the rules")
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = people  # type: ignore[attr-defined]


class DeclineForm(ActForm):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
