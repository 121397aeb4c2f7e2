"""Who the lead is, as people type it: the whole profile, or one field of it in its place; and new fields for it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from leads.custom import BETWEEN, PREFIX, as_typed
from leads.enums import FieldKind
from leads.forms import ActForm
from leads.models import CustomField, Lead

BLANK = ("", "–")
LINES = {"rows": 4, "class": "grows"}


class ProfileForm(ActForm):
    """The profile, or only one field of it; `fields` are the custom fields in use.

    Beside each field travels what the person saw, so that a colleague's change is noticed.
    """

    name = forms.CharField(label=_("Name"), required=False, max_length=200)
    phone = forms.CharField(
        label=_("Phone"), required=False, max_length=60, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.CharField(label=_("E-mail"), required=False, max_length=254)
    company = forms.CharField(label=_("Company"), required=False, max_length=200)
    title = forms.CharField(label=_("Job title"), required=False, max_length=120)
    company_size = forms.CharField(label=_("Number of staff"), required=False, max_length=20)
    city = forms.CharField(label=_("City"), required=False, max_length=120)
    product = forms.CharField(label=_("Product of interest"), required=False, max_length=120)
    campaign = forms.CharField(label=_("Campaign"), required=False, max_length=120)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        lead: Lead,
        fields: Mapping[str, CustomField],
        only: str = "",
    ) -> None:
        super().__init__(data)
        self.lead, self.custom = lead, fields
        for key, known in fields.items():
            self.fields[f"{PREFIX}{key}"] = form_field(known, lead.custom.get(key))
        if only:
            self.fields = {only: self.fields[only]}
        self.stands = profile(lead, fields)
        self.initial = {name: self._initial(name) for name in self.fields}

    @property
    def changes(self) -> dict[str, str]:
        """Only what the person changed: two colleagues may work on different fields of one lead."""
        typed = {name: _as_text(value) for name, value in self.cleaned_data.items()}
        return {name: value for name, value in typed.items() if value != self.seen[name]}

    @property
    def seen(self) -> dict[str, str]:
        """What stood in the fields when the page was made."""
        return {name: self.data.get(f"was_{name}", self.stands[name]) for name in self.fields}

    @property
    def was(self) -> dict[str, str]:
        """For the hidden fields of the next attempt: after a conflict the person has been told."""
        return {f"was_{name}": self.stands[name] for name in self.fields}

    def refuse(self, error: DomainError) -> None:
        """Several fields may have changed meanwhile; each says what stands there now."""
        for name, message in error.extra.get("fields", {error.field: str(error)}).items():
            self.add_error(name if name in self.fields else None, message)

    def _initial(self, name: str) -> Any:
        multiple = isinstance(self.fields[name], forms.MultipleChoiceField)
        return self.lead.custom.get(name.removeprefix(PREFIX), []) if multiple else self.stands[name]


def profile(lead: Lead, fields: Mapping[str, CustomField]) -> dict[str, str]:
    """A lead's profile as the form shows it."""
    plain = {name: str(value) if (value := getattr(lead, name)) is not None else "" for name in ProfileForm.base_fields}
    return plain | {f"{PREFIX}{key}": as_typed(lead.custom.get(key)) for key in fields}


def form_field(known: CustomField, value: Any = None) -> forms.Field:
    """The form field of a custom field. A stored choice that has left the list can still be kept."""
    if known.kind == FieldKind.CHOICES:
        listed = (
            [*known.choices, *(v for v in value if v not in known.choices)]
            if isinstance(value, list)
            else known.choices
        )
        return forms.MultipleChoiceField(
            label=known.label, required=False, choices=[(v, v) for v in listed], widget=forms.CheckboxSelectMultiple
        )
    if known.kind == FieldKind.CHOICE:
        listed = [*known.choices, *([value] if isinstance(value, str) and value not in known.choices else [])]
        return forms.ChoiceField(label=known.label, required=False, choices=[BLANK, *((v, v) for v in listed)])
    if known.kind == FieldKind.BOOLEAN:
        choices = [BLANK, ("true", _("Yes")), ("false", _("No"))]
        return forms.ChoiceField(label=known.label, required=False, choices=choices)
    widgets = {
        FieldKind.NUMBER: forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        FieldKind.DATE: forms.TextInput(attrs={"type": "date"}),
    }
    return forms.CharField(
        label=known.label, required=False, max_length=500, widget=widgets.get(FieldKind(known.kind), forms.TextInput())
    )


def _as_text(value: Any) -> str:
    return BETWEEN.join(value) if isinstance(value, list) else str(value or "")


class CustomFieldForm(ActForm):
    """A field of the administrator's own making. Key and kind are chosen once."""

    label = forms.CharField(label=_("Name of the field"), max_length=80)
    kind = forms.ChoiceField(label=_("What it holds"), choices=FieldKind.choices)
    key = forms.CharField(
        label=_("Key for API and files"),
        required=False,
        max_length=40,
        help_text=_("Left empty it is made from the name. It never changes afterwards."),
    )
    choices = forms.CharField(
        label=_("Choices, one a line"), required=False, max_length=10_000, widget=forms.Textarea(attrs=LINES)
    )
    position = forms.IntegerField(
        label=_("Place in the list"), min_value=0, max_value=32_000, help_text=_("Small numbers come first.")
    )
    is_active = forms.BooleanField(
        label=_("In use"),
        required=False,
        help_text=_("A retired field is no longer asked for; what leads already say stays."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, known: CustomField | None = None) -> None:
        given = {"label": known.label, "choices": "\n".join(known.choices), "position": known.position} if known else {}
        active = {"is_active": known.is_active} if known else {}
        super().__init__(data, initial={"position": 100} | given | active)
        for name in ("kind", "key") if known else ("is_active",):
            del self.fields[name]
        if known and not known.choices:
            del self.fields["choices"]

    @property
    def given(self) -> dict[str, Any]:
        """As the acts take it: the lines are the choices."""
        listed = self.cleaned_data.get("choices", "").splitlines()
        return {**self.cleaned_data, "choices": listed}
