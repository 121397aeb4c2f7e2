"""The draft of the agreement as the managers edit it."""

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise as Text
from django.utils.translation import gettext_lazy as _

from sla.models import Agreement
from sla.terms import DEFINITIONS, OF_MARKETING, OF_SALES, WRITTEN

PARTS: tuple[tuple[str | Text, tuple[str, ...]], ...] = (
    (_("In force"), ("in_force_from", "note")),
    (_("Definitions"), DEFINITIONS),
    (_("Marketing promises"), OF_MARKETING),
    (_("Both sides"), ("kept_rate",)),
    (_("Sales promises"), OF_SALES),
)


class DraftForm(forms.ModelForm[Agreement]):
    """All terms, and the revision the person looks at."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Agreement
        fields = WRITTEN
        widgets = {
            "in_force_from": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "note": forms.Textarea(attrs={"rows": 2, "class": "grows"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["revision"] = self.instance.revision
        self.fields["model_version"].required = False

    def parts(self) -> list[tuple[str | Text, list[BoundField]]]:
        """The fields under the headings of the document."""
        return [(title, [self[name] for name in names]) for title, names in PARTS]

    @property
    def terms(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in WRITTEN}


class RevisionForm(forms.Form):
    """Names the revision somebody signs or drops."""

    revision = forms.IntegerField(min_value=1)
