"""What a list can be narrowed down to. All of it stands in the address; what can't be read narrows nothing down."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.text import fold


class ListFilter(forms.Form):
    """The bar above a list, drawn by components/list_filters.html."""

    @cached_property
    def said(self) -> dict[str, Any]:
        """What the address says that can be read; nothing for what it leaves open."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def says(self, text: str) -> bool:
        """Whether all words that are searched for are in the text, with or without accents. For short lists."""
        return all(word in fold(text) for word in fold(self.said.get("q", "")).split())

    def narrow(self, conditions: Mapping[str, Q], name: str) -> Q:
        """The condition the named choice stands for; all rows where nothing is chosen."""
        return conditions.get(self.said.get(name, ""), Q())


def search_field(placeholder: Any) -> forms.CharField:
    field = forms.CharField(label=_("Search"), required=False, max_length=200)
    field.widget = forms.TextInput(attrs={"type": "search", "placeholder": placeholder})
    return field


def choice_field(label: Any, empty: Any, choices: Mapping[Any, Any]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", empty), *choices.items()])
