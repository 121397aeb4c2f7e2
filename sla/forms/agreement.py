"""The draft of the agreement as the managers edit it."""

from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise as Text
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.typed import WholeField
from leads.forms import Acting
from sla.models import Agreement
from sla.terms import DEFINITIONS, OF_MARKETING, OF_SALES, SHARES, TERMS, WRITTEN

PARTS: tuple[tuple[str | Text, tuple[str, ...]], ...] = (
    (_("In force"), ("in_force_from", "note")),
    (_("Definitions"), DEFINITIONS),
    (_("Marketing promises"), OF_MARKETING),
    (_("Both sides"), ("kept_rate",)),
    (_("Sales promises"), OF_SALES),
)

WHOLE = [name for name in TERMS if name not in {"sql_rule", "feedback_weekday"}]


class DraftForm(Acting, forms.ModelForm[Agreement]):
    """All terms, and the revision the person looks at."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Agreement
        fields = WRITTEN
        field_classes = dict.fromkeys(WHOLE, WholeField)
        widgets = {
            "in_force_from": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "note": forms.Textarea(attrs={"rows": 2, "class": "grows"}),
        }

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["model_version"].required = False
        for name in SHARES:
            self.fields[name].label = f"{self.fields[name].label} (%)"

    def clean_in_force_from(self) -> date | None:
        """A version never reaches back; without a date it can be saved, not signed."""
        first: date | None = self.cleaned_data["in_force_from"]
        if first and first < self.today:
            raise forms.ValidationError(_("Enter from which day it is in force, today or later."))
        return first

    def refuse(self, error: DomainError) -> None:
        """What somebody else wrote meanwhile does not take away what was typed here."""
        if error.code == "changed_meanwhile":
            meanwhile = _(
                "Somebody has changed the draft. Read it in another tab; saving again puts yours in its place."
            )
            self.add_error(None, meanwhile)
        else:
            super().refuse(error)

    def parts(self) -> list[tuple[str | Text, list[BoundField]]]:
        """The fields under the headings of the document."""
        return [(title, [self[name] for name in names]) for title, names in PARTS]

    @property
    def terms(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in WRITTEN}


class RevisionForm(forms.Form):
    """Names the revision somebody signs or drops."""

    revision = forms.IntegerField(min_value=1)
