"""What people fill in to import a file: the file, what its columns mean, and what holds for every line."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.custom_fields import fields_in_use
from leads.enums import ImportKind
from leads.forms import ActForm
from leads.importing.columns import targets_for
from leads.importing.formats import LARGEST_TEXT
from leads.kinds import CATALOGUE, is_reserved
from leads.models import Import

SHOWN = 3  # values of a column shown beside its heading


class UploadForm(ActForm):
    """A file, whatever its name ends in."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV or XLSX, up to 1 million rows. The columns are matched on the next page."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm", "class": "form-control"}),
        allow_empty_file=True,
    )

    def clean_file(self) -> "UploadedFile[Any]":
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_TEXT:
            message = _("This file is too large: at most %(most)s MB. Split it into several.")
            raise forms.ValidationError(message % {"most": LARGEST_TEXT // 1024**2}, code="too_large")
        return file


class MappingForm(ActForm):
    """One choice per column, and what holds for all lines; only what the kind of file can use."""

    kind = forms.ChoiceField(choices=ImportKind.choices, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        found: Import,
        kind: str,
        mapping: Mapping[str, str],
        options: Mapping[str, Any],
    ) -> None:
        super().__init__(data, initial={"kind": kind, **options})
        self.found = found
        choices = _choices(kind)
        for column, name in enumerate(found.header):
            self.fields[f"column_{column}"] = forms.ChoiceField(
                label=name, choices=choices, required=False, initial=mapping.get(str(column), "")
            )
        self.fields |= _options(kind)

    @property
    def mapping(self) -> dict[str, str]:
        """Column to target, as the import keeps it."""
        columns = range(len(self.found.header))
        return {str(c): target for c in columns if (target := self.cleaned_data.get(f"column_{c}"))}

    @property
    def chosen(self) -> dict[str, Any]:
        """The options that were given."""
        names = _options(self.cleaned_data["kind"])
        return {name: value for name in names if (value := self.cleaned_data.get(name)) not in ("", None)}

    def columns(self) -> Iterator[tuple[BoundField, list[str]]]:
        """Each column with a few of its values."""
        for column in range(len(self.found.header)):
            values = dict.fromkeys(cells[column] for _number, cells in self.found.sample if cells[column])
            yield self[f"column_{column}"], list(values)[:SHOWN]

    def extras(self) -> list[BoundField]:
        return [self[name] for name in _options(str(self["kind"].value()))]


def _choices(kind: str) -> list[tuple[str, Any]]:
    known = [(target.name, target.label) for target in targets_for(kind)]
    own = [(f"custom.{field.key}", field.label) for field in fields_in_use().values()] if kind != "spend" else []
    return [("", _("– left out –")), *known, *own]


def _options(kind: str) -> dict[str, forms.Field]:
    found: dict[str, forms.Field] = {
        "source": forms.CharField(
            label=_("Source, where a line names none"), required=False, max_length=120, help_text=_("Otherwise: import")
        ),
        "campaign": forms.CharField(label=_("Campaign, where a line names none"), required=False, max_length=120),
    }
    if kind != ImportKind.SPEND:
        found["tag"] = forms.CharField(label=_("Tag for every lead of this file"), required=False, max_length=60)
        found["system"] = forms.CharField(
            label=_("System the ids come from"),
            required=False,
            max_length=120,
            help_text=_("Files of one system must name it alike: their ids are then the same leads."),
        )
    if kind == ImportKind.LEADS:
        behaviour = [
            (k.name, k.label) for k in CATALOGUE.values() if k.group == "behaviour" and not is_reserved(k.name)
        ]
        found["action"] = forms.ChoiceField(
            label=_("What these people did"),
            choices=[("", _("Nothing that counts")), *behaviour],
            required=False,
            help_text=_("Counts like any other action: points, MQL, hand-off."),
        )
    found["month_first"] = forms.BooleanField(label=_("Days are written month first (11/23/2026)"), required=False)
    return found
