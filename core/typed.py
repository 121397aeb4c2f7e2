"""Form fields for what people really type: 1.200 is twelve hundred, and a name has something to see in it."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import get_format

from core.text import clean

GROUPED = re.compile(r"[-−+]?\d{1,3}(?:\.\d{3})+|[-−+]?\d{1,3}(?:,\d{3})+")
MARKS = re.compile(r"[.,]")


def ungrouped(text: str) -> str:
    """The number without the marks between its thousands, in either language; a decimal mark stays.

    "1.200" and "1,200" are 1200 in both: nobody means one and a fifth by them, but many mean twelve hundred.
    """
    bare = re.sub(r"\s", "", text).replace("−", "-")
    return MARKS.sub("", bare) if GROUPED.fullmatch(bare) else bare


class WholeField(forms.IntegerField):
    """A whole number. Django's own takes "500.000" for 500, and a browser's number box hands it over so."""

    widget = forms.TextInput

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "inputmode": "numeric", "autocomplete": "off"}

    def to_python(self, value: Any) -> int | None:
        typed = ungrouped(value) if isinstance(value, str) else value
        if isinstance(typed, str) and MARKS.search(typed):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(typed)


class ShareField(forms.DecimalField):
    """Percent with either decimal mark: 1,5 and 1.5. A browser's number box would make 15 of the first."""

    widget = forms.TextInput

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "inputmode": "decimal", "autocomplete": "off"}

    def to_python(self, value: Any) -> Any:
        return super().to_python(ungrouped(value).replace(",", ".") if isinstance(value, str) else value)

    def prepare_value(self, value: Any) -> Any:
        return str(value).replace(".", get_format("DECIMAL_SEPARATOR")) if isinstance(value, Decimal) else value


class NameField(forms.CharField):
    """One line as it will be seen: of invisible marks alone there is no name, and none turns the page around."""

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value) or ""
        return clean(typed, len(typed))
