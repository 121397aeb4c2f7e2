"""What is asked of a saved view."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.enums import Share
from leads.forms import ActForm
from leads.models import SavedView


class ViewForm(ActForm):
    """A name, and who may use it: as widely as this person may share."""

    name = forms.CharField(label=_("Name"), max_length=60, widget=forms.TextInput(attrs={"autofocus": ""}))
    share = forms.ChoiceField(label=_("Who may use it?"), widget=forms.RadioSelect)

    def __init__(self, data: Any, *, shares: list[tuple[str, str]], view: SavedView | None) -> None:
        initial = {"name": view.name, "share": view.share} if view else {"share": Share.MINE}
        super().__init__(data, initial=initial)
        self.fields["share"].choices = shares  # type: ignore[attr-defined]
