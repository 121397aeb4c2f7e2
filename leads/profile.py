"""Correcting who a lead is. Status, score, stage and owner are not part of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict, Invalid
from core.text import clean
from leads.arrival import PROFILE
from leads.custom import PREFIX, as_words, read_value
from leads.custom_fields import fields_in_use
from leads.enquiry import LARGEST_COMPANY, TEXT_LIMITS, read_email, storable
from leads.events import Fact, record
from leads.kinds import LEAD_UPDATED
from leads.models import CustomField, Lead
from leads.phones import parse_phone
from leads.search import search_text
from leads.standing import lock

TEXTS = ("name", "company", "title", "city", "product", "campaign")
EDITABLE = (*TEXTS, "phone", "email", "company_size", "custom")
MOST_CUSTOM = 200


def update_profile(
    lead_id: int,
    *,
    by: User | None,
    at: datetime,
    changes: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
) -> Lead:
    """Writes the given fields and records old and new. Fields not given stay; an empty value clears.

    Custom fields come as `custom.<key>`, or several in one mapping `custom`. An unknown key is kept as it came.
    `seen` is what stood in the fields when the person began to type. Raises Invalid for a value that can't be,
    Conflict when phone or e-mail belongs to another lead, or when a field is not what was seen.
    """
    spread = _spread(changes)
    fields = fields_in_use() if any(name.startswith(PREFIX) for name in spread) else {}
    values = {name: _checked(name, value, fields) for name, value in spread.items()}
    with lock([lead_id]) as rows:
        lead = Lead.objects.select_for_update().get(pk=lead_id)
        _compare(lead, values, seen or {}, fields)
        changed = {name: [_stands(lead, name), new] for name, new in values.items() if _stands(lead, name) != new}
        if not changed:
            return lead
        for name, (_old, new) in changed.items():
            _set(lead, name, new)
        _save(lead, at=at)
        profile = {name: new for name, (_old, new) in changed.items() if name in PROFILE or name.startswith(PREFIX)}
        properties = {"changed": changed, "profile": profile}
        record([Fact(lead_id, LEAD_UPDATED, at, by.pk if by else None, properties=properties)], at=at, rows=rows)
    return lead


def unknown_custom(changes: Mapping[str, Any]) -> list[str]:
    """A warning for each key of `custom` that no field is defined for; such values are kept all the same."""
    given = changes.get("custom")
    keys = given if isinstance(given, Mapping) else {}
    fields = fields_in_use() if keys else {}
    return [f"custom_unknown:{key}" for key in keys if key not in fields]


def _spread(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The mapping `custom` taken apart, so that each of its fields is compared and recorded by itself."""
    spread = {name: value for name, value in changes.items() if name != "custom"}
    if "custom" in changes:
        given = changes["custom"]
        if not isinstance(given, Mapping):
            raise Invalid(_("This must be an object."), code="invalid_type", field="custom")
        spread |= {f"{PREFIX}{key}": value for key, value in given.items()}
    return spread


def _stands(lead: Lead, name: str) -> Any:
    """What stands there now; None where a custom field is empty."""
    return lead.custom.get(name.removeprefix(PREFIX)) if name.startswith(PREFIX) else getattr(lead, name)


def _set(lead: Lead, name: str, value: Any) -> None:
    if not name.startswith(PREFIX):
        setattr(lead, name, value)
        return
    kept = {key: old for key, old in lead.custom.items() if key != name.removeprefix(PREFIX)}
    lead.custom = kept if value is None else {**kept, name.removeprefix(PREFIX): value}
    if len(lead.custom) > MOST_CUSTOM:
        raise Invalid(
            _("A lead holds at most %(most)s custom values.") % {"most": MOST_CUSTOM}, code="too_many", field="custom"
        )


def _compare(lead: Lead, values: Mapping[str, Any], seen: Mapping[str, Any], fields: Mapping[str, CustomField]) -> None:
    """The later of two people is told what the earlier one wrote. Two who write the same do not disagree."""
    moved = {
        name: _("Somebody changed this to “%(now)s” meanwhile. Save again to keep yours.")
        % {"now": _as_shown(lead, name, fields) or _("empty")}
        for name, value in values.items()
        if name in seen and _stands(lead, name) not in (value, _as_seen(name, seen[name], fields))
    }
    if moved:
        field, message = next(iter(moved.items()))
        raise Conflict(message, code="changed_meanwhile", field=field, extra={"fields": moved})


def _as_shown(lead: Lead, name: str, fields: Mapping[str, CustomField]) -> str:
    value = _stands(lead, name)
    known = fields.get(name.removeprefix(PREFIX)) if name.startswith(PREFIX) else None
    return as_words(known, value) if known and value is not None else str(value if value is not None else "")


def _as_seen(name: str, value: Any, fields: Mapping[str, CustomField]) -> Any:
    """What was on the page, as it is stored; what cannot be stored was never there."""
    try:
        return _checked(name, value, fields)
    except Invalid:
        return value


def _save(lead: Lead, *, at: datetime) -> None:
    lead.contactable = bool(lead.phone or lead.email)
    lead.search = search_text(
        name=lead.name, company=lead.company, email=lead.email, phone=lead.phone, external_id=lead.external_id
    )
    lead.updated_at = at
    try:
        with transaction.atomic():
            lead.save()
    except IntegrityError as error:
        field = "phone" if "lead_phone_once" in str(error) else "email"
        message = _("Another lead already has this phone number or e-mail address.")
        raise Conflict(message, code="already_taken", field=field) from error


def _checked(name: str, value: Any, fields: Mapping[str, CustomField]) -> Any:
    if name.startswith(PREFIX):
        key = clean(name.removeprefix(PREFIX), 200)
        return read_value(fields[key], value) if key in fields else storable(value)
    if name not in EDITABLE:
        raise Invalid(_("This field can't be changed here."), code="read_only", field=name)
    if isinstance(value, Mapping | list):
        raise Invalid(_("This must be text."), code="invalid_type", field=name)
    if name in TEXTS:
        return clean(value, TEXT_LIMITS[name])
    return {"phone": _phone, "email": _email, "company_size": _size}[name](value)


def _phone(value: Any) -> str | None:
    typed = clean(value, 60)
    number = parse_phone(typed).e164 if typed else None
    if typed and number is None:
        raise Invalid(_("This is not a phone number."), code="invalid", field="phone")
    return number


def _email(value: Any) -> str | None:
    typed = clean(value, 254)
    address = read_email(typed) if typed else None
    if typed and address is None:
        raise Invalid(_("This is not an e-mail address."), code="invalid", field="email")
    return address


def _size(value: Any) -> int | None:
    if value in (None, ""):
        return None
    text = clean(value, 20)
    if not text.isdecimal() or int(text) > LARGEST_COMPANY:
        raise Invalid(_("The company size is a whole number."), code="invalid", field="company_size")
    return int(text)
