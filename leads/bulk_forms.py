"""What is asked before many leads are changed or taken away."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from leads.columns import columns
from leads.enums import Reason, Status
from leads.forms import LINES, ActForm
from leads.queries import loads
from leads.values import several

SYSTEM_ONLY = frozenset({Status.WON})  # a contract is won one by one


class BulkForm(ActForm):
    """`params` are what the job is to know; `words` say in its title what was chosen."""

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        self.user = user
        self.prepare()

    def prepare(self) -> None:
        """What the person can choose from."""

    @property
    def params(self) -> dict[str, Any]:
        return dict(self.cleaned_data)

    @property
    def words(self) -> str:
        return ""


class GiveForm(BulkForm):
    owner = forms.TypedChoiceField(label=_("Who takes them?"), coerce=int, widget=forms.RadioSelect)

    def prepare(self) -> None:
        self.people = loads(self.user)
        self.names: Mapping[int, str] = {load.user.pk: load.user.full_name for load in self.people}
        self.fields["owner"].choices = list(self.names.items())  # type: ignore[attr-defined]

    @property
    def words(self) -> str:
        return self.names[self.cleaned_data["owner"]]


class TagsForm(BulkForm):
    add = forms.CharField(label=_("Add"), required=False, max_length=500, help_text=_("Several with commas between"))
    remove = forms.CharField(label=_("Take off"), required=False, max_length=500)

    def clean(self) -> dict[str, Any]:
        given = {name: several(self.cleaned_data.get(name, "")) for name in ("add", "remove")}
        if not any(given.values()):
            self.add_error("add", _("Write at least one tag."))
        return given

    @property
    def words(self) -> str:
        signed = [f"+{tag}" for tag in self.cleaned_data["add"]] + [f"−{tag}" for tag in self.cleaned_data["remove"]]
        return ", ".join(signed)


class StatusForm(BulkForm):
    to = forms.ChoiceField(
        label=_("New status"), choices=[choice for choice in Status.choices if choice[0] not in SYSTEM_ONLY]
    )
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=500, widget=forms.Textarea(attrs=LINES),
        help_text=_("Leads whose move asks for a reason stay without one."),
    )  # fmt: skip

    @property
    def words(self) -> str:
        return str(Status(self.cleaned_data["to"]).label)


class GiveBackForm(BulkForm):
    reason = forms.ChoiceField(label=_("Reason"), choices=[("", _("Choose a reason")), *Reason.choices])
    note = forms.CharField(
        label=_("Note on lead quality"), required=False, max_length=5000, widget=forms.Textarea(attrs=LINES)
    )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("reason") == Reason.OTHER and not given.get("note", "").strip():
            self.add_error("note", _("Write the reason in the note."))
        return given

    @property
    def words(self) -> str:
        return str(Reason(self.cleaned_data["reason"]).label)


class ExportForm(ActForm):
    """Which columns, in which kind of file."""

    which = forms.ChoiceField(
        label=_("Columns"),
        choices=[("shown", _("The columns of the list")), ("all", _("All columns"))],
        widget=forms.RadioSelect,
    )
    shape = forms.ChoiceField(
        label=_("File"), choices=[("csv", "CSV"), ("xlsx", "Excel (XLSX)")], widget=forms.RadioSelect
    )

    def keys(self, shown: list[str]) -> list[str]:
        """The keys of the chosen columns."""
        return list(columns()) if self.cleaned_data["which"] == "all" else shown
