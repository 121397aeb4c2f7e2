"""What the administrator says of a person's request to be erased."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.enums import ErasureGround
from leads.forms import ActForm
from leads.models import Erasure

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
ERASE = "erase"  # the button that erases; the other one keeps the request


class LookUpForm(forms.Form):
    q = forms.CharField(
        label=_("Who?"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Phone, e-mail, name or number of the lead")}),
    )


class ErasureForm(ActForm):
    """`sure` is asked for when the person is to be erased now, not when the request is only kept."""

    ground = forms.ChoiceField(label=_("Why"), choices=ErasureGround.choices)
    asked_on = forms.DateField(label=_("Asked on"), widget=DAY)
    sure = forms.BooleanField(
        label=_("I have made sure that it is this very person; nothing of it can be brought back"), required=False
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, known: Erasure | None = None, today: date) -> None:
        said = {"ground": known.ground, "asked_on": known.asked_on} if known else {"asked_on": today}
        super().__init__(data, initial=said)

    @property
    def is_now(self) -> bool:
        """Whether the button was the one that erases."""
        return self.data.get("act") == ERASE

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.is_now and not given.get("sure"):
            self.add_error("sure", _("Tick this to go on: what is erased can't be brought back."))
        return given
