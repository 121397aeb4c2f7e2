"""What the administrator says of what a person asks, and how it is answered."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.enums import ErasureGround, Objected, RequestChannel, RequestKind
from leads.forms import ActForm
from leads.models import PersonRequest
from leads.requests.registering import LONGEST_NOTE, Asked

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
ERASE = "erase"  # the button that erases; the other one keeps the request


class LookUpForm(forms.Form):
    q = forms.CharField(
        label=_("Who?"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Phone, e-mail, name or number of the lead")}),
    )


class RequestForm(ActForm):
    """`ground` counts for an erasure, `objects_to` for an objection."""

    kind = forms.ChoiceField(label=_("What is asked for"), choices=RequestKind.choices)
    ground = forms.ChoiceField(label=_("Why"), choices=ErasureGround.choices, required=False)
    objects_to = forms.MultipleChoiceField(
        label=_("Objects to"), choices=Objected.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    channel = forms.ChoiceField(label=_("How it came"), choices=RequestChannel.choices)
    asked_by = forms.CharField(
        label=_("Who asked"), required=False, max_length=120, help_text=_("Empty: the person; else who acts for them.")
    )
    asked_on = forms.DateField(label=_("Asked on"), widget=DAY)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3, "class": "grows", "placeholder": _("In the person's own words")}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, today: date, kind: str = "") -> None:
        kind = kind if kind in RequestKind.values else RequestKind.ACCESS
        super().__init__(data, initial={"kind": kind, "channel": RequestChannel.EMAIL, "asked_on": today})

    @property
    def asked(self) -> Asked:
        return Asked(**self.cleaned_data)


class ErasureForm(ActForm):
    """`sure` is asked for when the person is to be erased now, not when the request is only kept."""

    ground = forms.ChoiceField(label=_("Why"), choices=ErasureGround.choices)
    asked_on = forms.DateField(label=_("Asked on"), widget=DAY)
    sure = forms.BooleanField(
        label=_("I have made sure that it is this very person; nothing of it can be brought back"), required=False
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, known: PersonRequest | None = None, today: date
    ) -> None:
        self.known = known
        said = {"ground": known.ground, "asked_on": known.asked_on} if known else {"asked_on": today}
        super().__init__(data, initial=said)

    @property
    def is_now(self) -> bool:
        """Whether the button was the one that erases."""
        return self.data.get("act") == ERASE

    @property
    def asked(self) -> Asked:
        """Who asked and how it came stay as they were registered."""
        given, known = self.cleaned_data, self.known
        return Asked(
            kind=RequestKind.DELETE,
            ground=given["ground"],
            asked_on=given["asked_on"],
            channel=known.channel if known else RequestChannel.OTHER,
            asked_by=known.asked_by if known else "",
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.is_now and not given.get("sure"):
            self.add_error("sure", _("Tick this to go on: what is erased can't be brought back."))
        return given


class AnswerForm(ActForm):
    """The buttons of a request; only a refusal takes words."""

    act = forms.ChoiceField(
        choices=[(name, name) for name in ("done", "refuse", "prepare", "back")], widget=forms.HiddenInput
    )
    reason = forms.CharField(
        label=_("Reason of the refusal"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "class": "grows", "placeholder": _("The person is told this")}),
    )
