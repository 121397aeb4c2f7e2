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
from leads.enquiry import LARGEST_COMPANY, TEXT_LIMITS, read_email, storable
from leads.events import Fact, record
from leads.kinds import LEAD_UPDATED
from leads.models import Lead
from leads.phones import parse_phone
from leads.search import search_text
from leads.standing import lock

TEXTS = ("name", "company", "title", "city", "product", "campaign")
EDITABLE = (*TEXTS, "phone", "email", "company_size", "custom")


def update_profile(
    lead_id: int,
    *,
    by: User | None,
    at: datetime,
    changes: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
) -> Lead:
    """Writes the given fields and records old and new. Fields not given stay; an empty value clears.

    `seen` is what stood in the fields when the person began to type. Raises Invalid for a value that can't be,
    Conflict when phone or e-mail belongs to another lead, or when a field is not what was seen.
    """
    values = {name: _checked(name, value) for name, value in changes.items()}
    with lock([lead_id]) as rows:
        lead = Lead.objects.select_for_update().get(pk=lead_id)
        _compare(lead, values, seen or {})
        changed = {name: [getattr(lead, name), value] for name, value in values.items() if getattr(lead, name) != value}
        if not changed:
            return lead
        for name, (_old, new) in changed.items():
            setattr(lead, name, new)
        _save(lead, at=at)
        profile = {name: new for name, (_old, new) in changed.items() if name in PROFILE}
        properties = {"changed": changed, "profile": profile}
        record([Fact(lead_id, LEAD_UPDATED, at, by.pk if by else None, properties=properties)], at=at, rows=rows)
    return lead


def _compare(lead: Lead, values: Mapping[str, Any], seen: Mapping[str, Any]) -> None:
    """The later of two people is told what the earlier one wrote. Two who write the same do not disagree."""
    moved = {
        name: _("Somebody changed this to “%(now)s” meanwhile. Save again to keep yours.")
        % {"now": getattr(lead, name) or _("empty")}
        for name, value in values.items()
        if name in seen and getattr(lead, name) not in (value, _as_seen(name, seen[name]))
    }
    if moved:
        field, message = next(iter(moved.items()))
        raise Conflict(message, code="changed_meanwhile", field=field, extra={"fields": moved})


def _as_seen(name: str, value: Any) -> Any:
    """What was on the page, as it is stored; what cannot be stored was never there."""
    try:
        return _checked(name, value)
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


def _checked(name: str, value: Any) -> Any:
    if name not in EDITABLE:
        raise Invalid(_("This field can't be changed here."), code="read_only", field=name)
    if name == "custom":
        if not isinstance(value, Mapping):
            raise Invalid(_("This must be an object."), code="invalid_type", field=name)
        return storable(value)
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
