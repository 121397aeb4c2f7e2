"""Click-to-call: the address a phone number opens, by the administrator's template (a softphone, a VoIP page)."""

import re
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext as _

from core.errors import Invalid
from core.text import clean

DEFAULT = "tel:{phone}"
SCHEMES = frozenset({"tel", "sip", "sips", "callto", "https"})
PLACES = ("{phone}", "{local}", "{plain}")


def call_address(template: str, e164: str | None) -> str:
    """The address that calls this number, "" without one.

    {phone} becomes +84912345678 (escaped in a web address), {local} 0912345678, {plain} 84912345678.
    """
    if not e164:
        return ""
    plain = re.sub(r"\D", "", e164)
    local = f"0{plain.removeprefix('84')}" if e164.startswith("+84") else plain
    phone = e164 if scheme_of(template) != "https" else quote(e164, safe="")
    return template.replace("{phone}", phone).replace("{local}", local).replace("{plain}", plain)


def checked_address(typed: str) -> str:
    """The template as it is stored. Raises Invalid for one that is unsafe or holds no number."""
    template = clean(typed, 300) or DEFAULT
    if not any(place in template for place in PLACES):
        raise Invalid(_("The address must hold {phone}, {local} or {plain}."), code="invalid", field="call_address")
    scheme = scheme_of(template)
    if scheme not in SCHEMES or (scheme == "https" and not _fixed_host(template)) or re.search(r"[\s\"'<>]", template):
        message = _("The address begins with one of %(schemes)s.") % {
            "schemes": ", ".join(f"{s}:" for s in sorted(SCHEMES))
        }
        raise Invalid(message, code="invalid", field="call_address")
    return template


def scheme_of(template: str) -> str:
    found = re.match(r"([a-z][a-z0-9+.-]*):", template, re.IGNORECASE)
    return found[1].lower() if found else ""


def _fixed_host(template: str) -> bool:
    """Whether the number can't change whose site is called."""
    try:
        host = urlsplit(template).hostname
    except ValueError:
        return False
    return bool(host) and "{" not in str(host)
