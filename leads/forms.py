"""What people type on the lead pages. A form hands it to an act; what the act refuses is said beside the field."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from leads.chain import Guard
from leads.enums import Authority, Budget, CallOutcome, Direction, Need, Reason, Timing
from leads.fields import MoneyField
from leads.models import Qualification
from leads.qualification import CHECKS, NOTES

MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
LINES = {"rows": 2, "class": "grows"}
NOTE = {**LINES, "placeholder": _("What was said?")}


class Acting(forms.BaseForm):
    """What makes a form's answer an act. Nothing typed is lost when the act refuses."""

    def attempt(self, act: Callable[[dict[str, Any]], object]) -> bool:
        """Calls the act with the clean answers; False when it does not go through, with the reason beside its field."""
        if not self.is_valid():
            return False
        try:
            act(self.cleaned_data)
        except DomainError as error:
            self.refuse(error)
        return not self.errors

    def refuse(self, error: DomainError) -> None:
        visible = {bound.name for bound in self.visible_fields()}
        self.add_error(error.field if error.field in visible else None, str(error))


class ActForm(Acting, forms.Form):
    """A form whose answer is an act."""


class CallForm(ActForm):
    """Two clicks: what came of it is the button."""

    outcome = forms.ChoiceField(label=_("How did it go?"), choices=CallOutcome.choices)
    minutes = forms.IntegerField(
        label=_("Minutes"),
        required=False,
        min_value=0,
        max_value=1440,
        widget=forms.NumberInput(attrs={"placeholder": _("Minutes")}),
    )
    direction = forms.ChoiceField(label=_("Direction"), choices=Direction.choices, required=False)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs=NOTE), max_length=5000)
    callback_at = forms.DateTimeField(label=_("Call back at"), required=False, widget=MOMENT)
    recording_url = forms.CharField(
        label=_("Recording link"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"type": "url", "placeholder": _("Recording link")}),
    )

    def clean(self) -> dict[str, Any]:
        """As `log_call` takes it; the suggested time counts only when a call back was agreed."""
        given = self.cleaned_data
        if given.get("outcome") != CallOutcome.CALLBACK:
            given["callback_at"] = None
            self.errors.pop("callback_at", None)
        given["duration_seconds"] = (given.pop("minutes", None) or 0) * 60
        given["direction"] = given.get("direction") or Direction.OUTBOUND
        return given


class BantForm(ActForm):
    """The three checks, BANT with evidence, and whether the person wants to talk with Sales."""

    right_phone = forms.NullBooleanField(label=_("Right phone"), required=False)
    right_name = forms.NullBooleanField(label=_("Right name"), required=False)
    right_need = forms.NullBooleanField(label=_("Right need"), required=False)
    agreed_to_talk = forms.NullBooleanField(label=_("Agreed to talk with Sales"), required=False)
    icp_fit = forms.NullBooleanField(label=_("Fits the ideal customer"), required=False)
    budget = forms.ChoiceField(label=_("Budget"), choices=Budget.choices, required=False)
    budget_amount = MoneyField(label=_("Budget in VND"), required=False)
    budget_note = forms.CharField(required=False, max_length=5000)
    authority = forms.ChoiceField(label=_("Authority"), choices=Authority.choices, required=False)
    authority_note = forms.CharField(required=False, max_length=5000)
    need = forms.ChoiceField(label=_("Need"), choices=Need.choices, required=False)
    need_note = forms.CharField(required=False, max_length=5000)
    timing = forms.ChoiceField(label=_("Timing"), choices=Timing.choices, required=False)
    timing_note = forms.CharField(required=False, max_length=5000)
    seen = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    @classmethod
    def of(cls, qualification: Qualification | None) -> "BantForm":
        """Filled with what was saved, and with the moment of that, to notice a colleague's later save."""
        if qualification is None:
            return cls()
        names = [name for name in cls.base_fields if name != "seen"]
        saved = {name: getattr(qualification, name) for name in names}
        return cls(initial={**saved, "seen": qualification.saved_at.isoformat()})

    @property
    def answers(self) -> dict[str, Any]:
        """As `save_qualification` takes them: an unanswered question is "unknown"."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        return {k: v if k in {*CHECKS, *NOTES, "budget_amount"} else v or "unknown" for k, v in given.items()}

    def look_again(self, qualification: Qualification | None) -> None:
        """After a conflict: what the person has now been told counts as seen."""
        self.data = {**dict(self.data.items()), "seen": qualification.saved_at.isoformat() if qualification else ""}


class DecisionForm(ActForm):
    """Sales' verdict. Recycle and discard ask why; recycle may say when to wake the lead up."""

    reason = forms.ChoiceField(label=_("Reason"), choices=[("", _("Choose a reason")), *Reason.choices], required=False)
    note = forms.CharField(
        label=_("Note on lead quality"), required=False, widget=forms.Textarea(attrs=LINES), max_length=5000
    )
    wake_on = forms.DateField(
        label=_("Wake up on"),
        required=False,
        help_text=_("Marketing is reminded on that day."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, outcome: str, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if outcome == "accept":
            del self.fields["reason"]
        if outcome != "recycle":
            del self.fields["wake_on"]
        self.today = today

    def clean_wake_on(self) -> date | None:
        day: date | None = self.cleaned_data["wake_on"]
        if day and day <= self.today:
            raise forms.ValidationError(_("Choose a day that lies ahead."), code="past")
        return day


class MoveForm(ActForm):
    """What a status move asks for: nothing, a reason, or the amount of the contract."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs=LINES), max_length=500)
    amount = MoneyField(label=_("Contract amount"), help_text=_("In VND, e.g. 350.000.000 or 1,5 tỷ"))

    def __init__(self, *args: Any, guard: Guard | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if guard not in {Guard.REASON, Guard.MANAGER}:
            del self.fields["reason"]
        if guard != Guard.AMOUNT:
            del self.fields["amount"]


class AssignForm(ActForm):
    owner = forms.TypedChoiceField(label=_("Who takes it?"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = choices  # type: ignore[attr-defined]


class LeadForm(forms.Form):
    """A lead typed in by hand; it passes the same door as all others."""

    name = forms.CharField(
        label=_("Name"), required=False, max_length=200, widget=forms.TextInput(attrs={"autofocus": ""})
    )
    phone = forms.CharField(
        label=_("Phone"), required=False, max_length=60, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.CharField(label=_("E-mail"), required=False, max_length=254)
    company = forms.CharField(label=_("Company"), required=False, max_length=200)
    title = forms.CharField(label=_("Job title"), required=False, max_length=120)
    company_size = forms.CharField(label=_("Number of staff"), required=False, max_length=20)
    city = forms.CharField(label=_("City"), required=False, max_length=120)
    product = forms.CharField(label=_("Product of interest"), required=False, max_length=120)
    source = forms.CharField(
        label=_("Source"), required=False, max_length=120, widget=forms.TextInput(attrs={"list": "sources"})
    )
    campaign = forms.CharField(label=_("Campaign"), required=False, max_length=120)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs=LINES), max_length=5000)

    @property
    def payload(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if value}

    def show(self, problems: Mapping[str, str]) -> None:
        """What the door found wrong, beside its field."""
        for name, message in problems.items():
            self.add_error(name if name in self.fields else None, message)


class TagForm(ActForm):
    tag = forms.CharField(
        label=_("Tag"),
        max_length=60,
        widget=forms.TextInput(attrs={"placeholder": _("Add tag"), "autocomplete": "off"}),
    )
