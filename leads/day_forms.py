"""What a rep types during the day beside calls: appointments, notes, files, care; and the administrator's settings."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import Invalid
from leads.calling import checked_address
from leads.enums import AppointmentOutcome, Reason
from leads.forms import LINES, MOMENT, ActForm
from leads.models import Appointment, Policy


class AppointmentForm(ActForm):
    """A time, and where or by which link. `seen` notices a colleague's later change."""

    starts_at = forms.DateTimeField(label=_("Date and time"), widget=MOMENT)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=1440)
    place = forms.CharField(label=_("Place"), required=False, max_length=200)
    link = forms.CharField(
        label=_("Online link"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"type": "url", "placeholder": "https://"}),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=5000, widget=forms.Textarea(attrs=LINES))
    by_lead = forms.BooleanField(
        label=_("The lead booked it"), required=False, help_text=_("Counts once as “Booked a meeting” for the score.")
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        appointment: Appointment | None = None,
        starts_at: datetime | None = None,
    ) -> None:
        names = ("starts_at", "minutes", "place", "link", "note")
        stored = {name: getattr(appointment, name) for name in names} if appointment else {}
        super().__init__(data, initial=stored or {"starts_at": starts_at, "minutes": 60})
        if appointment:
            del self.fields["by_lead"]


class OutcomeForm(ActForm):
    outcome = forms.ChoiceField(
        label=_("What came of it?"),
        choices=[choice for choice in AppointmentOutcome.choices if choice[0] != AppointmentOutcome.PLANNED],
    )
    result = forms.CharField(
        label=_("In a few words"), required=False, max_length=5000, widget=forms.Textarea(attrs=LINES)
    )


class NoteForm(ActForm):
    text = forms.CharField(
        label=_("Note"),
        max_length=5000,
        widget=forms.Textarea(attrs={**LINES, "placeholder": _("Write a note; @name tells a colleague")}),
    )


class FileForm(ActForm):
    file = forms.FileField(label=_("File"), max_length=200)


class CareForm(ActForm):
    reason = forms.CharField(label=_("Why is it worth going on?"), max_length=500, widget=forms.Textarea(attrs=LINES))


class GiveBackForm(ActForm):
    """An accepted lead goes back to Marketing."""

    reason = forms.ChoiceField(label=_("Reason"), choices=[("", _("Choose a reason")), *Reason.choices])
    note = forms.CharField(label=_("Note"), required=False, max_length=5000, widget=forms.Textarea(attrs=LINES))
    wake_on = forms.DateField(
        label=_("Wake up on"),
        required=False,
        help_text=_("Marketing is reminded on that day."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, today: date) -> None:
        super().__init__(data)
        self.today = today

    def clean_wake_on(self) -> date | None:
        day: date | None = self.cleaned_data["wake_on"]
        if day and day <= self.today:
            raise forms.ValidationError(_("Choose a day that lies ahead."), code="past")
        return day


class WorkForm(forms.ModelForm[Policy]):
    """What the administrator sets for the daily work; the rest is written in the agreement."""

    class Meta:
        model = Policy
        fields = (
            "call_address",
            "reminder_minutes",
            "quiet_days",
            "access_days",
            "correct_days",
            "object_days",
            "erasure_days",
        )

    def clean_call_address(self) -> str:
        try:
            return checked_address(self.cleaned_data["call_address"])
        except Invalid as error:
            raise forms.ValidationError(str(error), code=error.code) from error
