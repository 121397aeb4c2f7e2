"""What the administrator types to make a key."""

from datetime import datetime, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from api.enums import Scope

LIFETIMES = ((0, _("No expiry")), (30, _("30 days")), (90, _("90 days")), (365, _("One year")))


class KeyForm(forms.Form):
    name = forms.CharField(label=_("Key name"), max_length=80, help_text=_("Who will use it, e.g. “Website form”."))
    scopes = forms.MultipleChoiceField(
        label=_("What may it do?"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    days = forms.TypedChoiceField(label=_("Expires after"), choices=LIFETIMES, coerce=int)

    def expires_at(self, *, at: datetime) -> datetime | None:
        days: int = self.cleaned_data["days"]
        return at + timedelta(days=days) if days else None
