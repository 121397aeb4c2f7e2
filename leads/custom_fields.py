"""Which custom fields there are, and how an administrator defines them."""

import re
from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.errors import Conflict, Invalid
from core.hints import wake
from core.text import clean, fold
from leads.custom import read_custom
from leads.custom_indexes import TASK as INDEX_FIELDS
from leads.enquiry import Enquiry
from leads.enums import FieldKind
from leads.models import CustomField

MOST_FIELDS = 100
MOST_CHOICES = 100
LISTS = frozenset({FieldKind.CHOICE, FieldKind.CHOICES})


def fields_in_use() -> dict[str, CustomField]:
    """The fields by key, in the order of the page. One query."""
    return {known.key: known for known in CustomField.objects.filter(is_active=True)}


def settle_custom(enquiries: Iterable[Enquiry]) -> None:
    """Brings the `custom` of what came in to the fields' own kinds; warnings go to the enquiry. At most one query."""
    carrying = [enquiry for enquiry in enquiries if enquiry.custom]
    fields = fields_in_use() if carrying else {}
    for enquiry in carrying:
        reading = read_custom(enquiry.custom, fields)
        enquiry.custom = reading.values
        enquiry.warnings += reading.warnings


def define_field(
    *, label: str, kind: str, choices: Sequence[str] = (), key: str = "", position: int = 100
) -> CustomField:
    """Adds a field; without `key` it is made from the label. Raises Invalid, or Conflict when the key is taken."""
    label, key = clean(label, 80), clean(key, 40) or key_from(label)
    if kind not in FieldKind.values:
        raise Invalid(_("Choose what the field holds."), code="invalid_choice", field="kind")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", key):
        message = _("Use small letters, digits and underscores, beginning with a letter.")
        raise Invalid(message, code="invalid", field="key")
    if CustomField.objects.count() >= MOST_FIELDS:
        raise Invalid(_("There can be at most %(most)s fields.") % {"most": MOST_FIELDS}, code="too_many")
    made = CustomField(
        key=key, label=_label(label), kind=kind, choices=_listed(kind, choices), position=_place(position)
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        message = _("There is a field with the key “%(key)s” already; it may be retired.") % {"key": key}
        raise Conflict(message, code="already_taken", field="key") from error
    wake(INDEX_FIELDS)
    return made


def change_field(
    known: CustomField, *, label: str, choices: Sequence[str] = (), position: int, is_active: bool
) -> CustomField:
    """Changes what may change: words, list, place, and whether it is in use. Values on leads stay as they are."""
    known.label, known.choices = _label(clean(label, 80)), _listed(known.kind, choices)
    known.position, known.is_active = _place(position), is_active
    known.save(update_fields=["label", "choices", "position", "is_active"])
    wake(INDEX_FIELDS)
    return known


def key_from(label: str) -> str:
    """A key out of the words: "Ngân sách năm" gives "ngan_sach_nam"."""
    return re.sub(r"[^a-z0-9]+", "_", fold(label)).strip("_").lstrip("0123456789_")[:40].rstrip("_")


def _label(label: str) -> str:
    if not label:
        raise Invalid(_("Give the field a name."), code="required", field="label")
    return label


def _place(position: int) -> int:
    return max(0, min(position, 32_000))


def _listed(kind: str, choices: Sequence[str]) -> list[str]:
    """The choices cleaned, each once; `;` and `|` part choices in files, so no choice may hold one."""
    if kind not in LISTS:
        return []
    listed = list({fold(word): word for choice in choices if (word := clean(choice, 80))}.values())
    if not listed:
        raise Invalid(_("List at least one choice."), code="required", field="choices")
    if len(listed) > MOST_CHOICES:
        raise Invalid(_("List at most %(most)s choices.") % {"most": MOST_CHOICES}, code="too_many", field="choices")
    if any(mark in choice for choice in listed for mark in ";|"):
        raise Invalid(_("A choice can't hold “;” or “|”."), code="invalid", field="choices")
    return listed
