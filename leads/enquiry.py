"""What a sender sends, read into one clean shape. Pure: no database, no clock.

Content is taken as kindly as possible (a bad phone number is a warning, not a refusal); only the shape is strict.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from email_validator import EmailNotValidError, validate_email

from core.text import clean
from leads.kinds import is_reserved
from leads.phones import parse_phone

TEXT_LIMITS = {
    "name": 200, "company": 200, "title": 120, "city": 120, "product": 120, "source": 120, "campaign": 120,
    "external_id": 200, "note": 5000,
}  # fmt: skip
UTM = ("source", "medium", "campaign", "term", "content")
LARGEST_COMPANY = 10_000_000
# What nobody can object to before the @; everything else is for the library to judge.
_PLAIN_ADDRESS = re.compile(r"(?=[^@]{1,64}@)(?P<local>[A-Za-z0-9]+(?:[._+-][A-Za-z0-9]+)*)@(?P<domain>[A-Za-z0-9.-]+)")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a field; the message is in the reader's language."""

    field: str
    code: str
    message: str

    def as_dict(self) -> dict[str, str]:
        return {"field": self.field, "code": self.code, "message": self.message}


@dataclass(frozen=True, slots=True)
class Action:
    """The behaviour that came with the enquiry. `occurred_at` is aware UTC, or None for "now"."""

    kind: str
    occurred_at: datetime | None
    properties: Mapping[str, Any]
    external_id: str | None = None


@dataclass(slots=True)
class Enquiry:
    """One lead as it came in, cleaned. `phone` is E.164; `digest` is the SHA-256 of the content, for replays."""

    payload: Mapping[str, Any]
    digest: str
    name: str = ""
    phone: str | None = None
    email: str | None = None
    company: str = ""
    title: str = ""
    company_size: int | None = None
    city: str = ""
    product: str = ""
    source: str = ""
    campaign: str = ""
    external_id: str = ""
    sender: str = ""  # whose id `external_id` is; an imported file names its system, elsewhere it is the source
    note: str = ""
    utm: dict[str, str] = field(default_factory=dict)
    consent: dict[str, Any] = field(default_factory=dict)
    custom: dict[str, Any] = field(default_factory=dict)
    action: Action | None = None
    warnings: list[str] = field(default_factory=list)
    search: str = ""  # what a lead made of it is found by, where somebody has worked that out already

    @property
    def contactable(self) -> bool:
        return bool(self.phone or self.email)


def read_enquiry(payload: Any, *, default_source: str) -> tuple[Enquiry | None, list[Problem]]:
    """The enquiry, or what is wrong with it. Unknown fields are kept with the raw payload and otherwise ignored."""
    if not isinstance(payload, Mapping):
        return None, [Problem("", "not_an_object", _("A lead is an object with named fields."))]
    problems: list[Problem] = []
    enquiry = Enquiry(payload=payload, digest=digest(payload))
    _read_texts(payload, enquiry, problems)
    _read_contact(payload, enquiry)
    _read_size(payload, enquiry)
    _read_objects(payload, enquiry, problems)
    enquiry.source = enquiry.source or clean(enquiry.utm.get("source"), 120) or default_source
    enquiry.sender = enquiry.source
    enquiry.campaign = enquiry.campaign or clean(enquiry.utm.get("campaign"), 120)
    if not (problems or enquiry.contactable or enquiry.external_id):
        problems.append(
            Problem("", "no_identity", _("Send at least one of phone, e-mail, or source with external_id."))
        )
    return (None, problems) if problems else (enquiry, [])


def digest(payload: Mapping[str, Any]) -> str:
    """SHA-256 of the content, the same whatever the order of its fields."""
    return hashlib.sha256(orjson.dumps(payload, option=orjson.OPT_SORT_KEYS, default=str)).hexdigest()


def read_time(value: Any) -> datetime | None:
    """An ISO 8601 moment in UTC (without offset it counts as UTC), or None when it is not one."""
    if isinstance(value, datetime):
        moment: datetime | None = value
    else:
        try:
            moment = parse_datetime(str(value).strip()) or parse_datetime(f"{str(value).strip()}T00:00:00")
        except ValueError:
            return None
    if moment is None or not 1990 <= moment.year <= 2200:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def read_action(value: Mapping[str, Any], problems: list[Problem], *, prefix: str = "") -> Action | None:
    """The behaviour in `{kind, occurred_at, external_id, properties}`; appends to `problems` what is wrong."""
    kind = clean(value.get("kind"), 60).lower()
    if not re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)*", kind):
        problems.append(Problem(f"{prefix}kind", "invalid", _("An event kind looks like page.viewed.")))
    elif is_reserved(kind):
        problems.append(Problem(f"{prefix}kind", "reserved", _("Only LeadFlow itself records events of this kind.")))
    moment = None
    if value.get("occurred_at") not in (None, ""):
        moment = read_time(value["occurred_at"])
        if moment is None:
            problems.append(
                Problem(f"{prefix}occurred_at", "invalid", _("Write the time as 2026-11-23T09:30:00+07:00."))
            )
    properties = value.get("properties") or {}
    if not isinstance(properties, Mapping):
        problems.append(Problem(f"{prefix}properties", "invalid", _("Properties are an object.")))
        properties = {}
    return Action(kind, moment, storable(properties), clean(value.get("external_id"), 200) or None)


def storable(value: Any, depth: int = 0) -> Any:
    """The same JSON value, with text PostgreSQL can store and nesting cut at six levels."""
    if isinstance(value, str):
        return clean(value, 5000, lines=True)
    if isinstance(value, Mapping):
        return {clean(k, 200): storable(v, depth + 1) for k, v in list(value.items())[:200]} if depth < 6 else {}
    if isinstance(value, list | tuple):
        return [storable(v, depth + 1) for v in value[:500]] if depth < 6 else []
    return value


def _read_texts(payload: Mapping[str, Any], enquiry: Enquiry, problems: list[Problem]) -> None:
    for name, limit in TEXT_LIMITS.items():
        value = payload.get(name)
        if value is None:
            continue
        if _is_nested(value):
            problems.append(Problem(name, "invalid_type", _("This must be text.")))
            continue
        text = clean(value, limit, lines=name == "note")
        if len(str(value).strip()) > limit:
            enquiry.warnings.append(f"{name}_shortened")
        setattr(enquiry, name, text)
    problems += [
        Problem(name, "invalid_type", _("This must be text."))
        for name in ("phone", "email")
        if _is_nested(payload.get(name))
    ]


def _is_nested(value: Any) -> bool:
    return not isinstance(value, str) and isinstance(value, Mapping | list)  # text is told at once


def _read_contact(payload: Mapping[str, Any], enquiry: Enquiry) -> None:
    if typed := clean(payload.get("phone"), 60):
        enquiry.phone, warning = parse_phone(typed)
        enquiry.warnings += [warning] if warning else []
    if typed := clean(payload.get("email"), 254):
        enquiry.email = read_email(typed)
        enquiry.warnings += [] if enquiry.email else ["email_unusable"]


@lru_cache(maxsize=4096)
def read_email(typed: str) -> str | None:
    """The address in lower case, or None when no mail could ever reach it."""
    if plain := _PLAIN_ADDRESS.fullmatch(typed):
        domain = _domain(plain["domain"].lower())
        return f"{plain['local'].lower()}@{domain}" if domain else None
    return _checked(typed)


@lru_cache(maxsize=32768)
def _domain(name: str) -> str:
    """The part behind the @ as the library writes it, "" when mail can't go there: a few names serve most leads."""
    return (_checked(f"a@{name}") or "").partition("@")[2]


def _checked(typed: str) -> str | None:
    try:
        return validate_email(typed, check_deliverability=False, allow_display_name=True).normalized.lower()
    except EmailNotValidError:
        return None


def _read_size(payload: Mapping[str, Any], enquiry: Enquiry) -> None:
    """Head count: 120, "120", "100+", "51-200" (the lower end counts)."""
    value = payload.get("company_size")
    if value in (None, "") or isinstance(value, Mapping | list | bool):
        return
    found = re.search(r"\d+", clean(value, 40).replace(".", "").replace(",", ""))
    size = int(found.group()) if found else None
    if size is None or size > LARGEST_COMPANY:
        enquiry.warnings.append("company_size_unusable")
    else:
        enquiry.company_size = size


def _read_objects(payload: Mapping[str, Any], enquiry: Enquiry, problems: list[Problem]) -> None:
    for name in ("utm", "consent", "custom", "event"):
        value = payload.get(name)
        if not value:
            continue
        if not isinstance(value, Mapping):
            problems.append(Problem(name, "invalid_type", _("This must be an object.")))
        elif name == "utm":
            enquiry.utm = {key: clean(value[key], 200) for key in UTM if value.get(key)}
        elif name == "event":
            enquiry.action = read_action(value, problems, prefix="event.")
        else:
            setattr(enquiry, name, storable(value))
