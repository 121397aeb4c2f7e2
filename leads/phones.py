"""Phone numbers: from any spelling to E.164, to search text, and to the carrier or province behind them."""

import re
import unicodedata
from typing import NamedTuple

import phonenumbers
from phonenumbers.phonemetadata import PhoneMetadata

from core.text import digits
from leads.numbering import CARRIER_OF, OLD_MOBILE, REGION_OF

UNVERIFIED = "phone_unverified"
UNUSABLE = "phone_unusable"

_OLD = re.compile(rf"({'|'.join(OLD_MOBILE)})\d{{7}}")
_OLD_START = re.compile(rf"(0|84)({'|'.join(OLD_MOBILE)})(\d{{1,7}})")
_PLUS = re.compile(r"\D*\+")
_RUN = re.compile(r"[+( ]*\d[\d().\-\u2010-\u2015_ \t]*")
_ROUNDED = re.compile(r"\s*(\d)[.,](\d+)[eE]\+?(\d{1,2})\s*")
_NUMBER_PART = re.compile(r"[\d\s+().,/\-\u2010-\u2015_]+")


class Phone(NamedTuple):
    e164: str | None
    warning: str  # "", UNVERIFIED (kept as typed) or UNUSABLE (e164 is None)


# The library's own rule, so the fast path cannot disagree with it.
_PLAN = PhoneMetadata.metadata_for_region("VN")
_MOBILE = re.compile((_PLAN and _PLAN.mobile and _PLAN.mobile.national_number_pattern) or "")


def parse_phone(raw: str, *, region: str = "VN") -> Phone:
    """The number in E.164; old Vietnamese mobiles are converted. Never raises.

    A plausible number (8-15 digits) the numbering plans do not know is kept, with the warning UNVERIFIED.
    Without a country code it is a number of `region`. Of several numbers in one field the first counts.
    """
    if raw[:1] == "0" and raw.isascii() and _MOBILE.fullmatch(raw, 1):
        return Phone(f"+84{raw[1:]}", "")  # as most people write theirs
    if rounded := _ROUNDED.fullmatch(raw):
        raw = _spelled_out(*rounded.groups())
    typed = _first_number(raw)
    number = digits(typed)
    if not 8 <= len(number) <= 17:
        return Phone(None, UNUSABLE)
    full, guessed = _with_country(number, plus=_PLUS.match(typed) is not None, region=region)
    if not 8 <= len(full) <= 15 or full[0] == "0":
        return Phone(None, UNUSABLE)
    return _verified(full, guessed=guessed)


def _spelled_out(first: str, rest: str, power: str) -> str:
    """A spreadsheet's 9.12345678E+08 as its digits; "" where it has rounded some away: it would be somebody else's."""
    return f"{first}{rest}" if len(rest) == int(power) else ""


def _first_number(raw: str) -> str:
    """The first of "0912… / 0987…", without words or extensions; the whole text if no piece is a number."""
    text = unicodedata.normalize("NFKC", raw[:200])
    for run in _RUN.findall(text):
        for piece in (run.split(" - ")[0], run):
            if len(digits(piece)) >= 8:
                return str(piece)
    return text


def _with_country(number: str, *, plus: bool, region: str) -> tuple[str, bool]:
    """Digits with the country code in front, and whether that country was only guessed."""
    if number.startswith("00"):
        plus, number = True, number[2:]
    if plus and number[:1] != "0":
        return _vietnam_renewed(number), False
    if region != "VN":
        return _as_dialled_in(number, region)
    if number.startswith("0") or _OLD.fullmatch(number) or _is_valid(f"84{number}"):
        return _vietnam_renewed(f"84{number}"), False
    return _vietnam_renewed(number), not (number.startswith("84") and len(number) >= 11)


def _as_dialled_in(number: str, region: str) -> tuple[str, bool]:
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return number, True
    return f"{parsed.country_code}{phonenumbers.national_significant_number(parsed)}", False


def _vietnam_renewed(full: str) -> str:
    """A Vietnamese number without a stray 0 after 84, and with today's mobile prefix; others untouched."""
    if not full.startswith("84"):
        return full
    national = full[2:].lstrip("0")
    if _OLD.fullmatch(national):
        national = OLD_MOBILE[national[:3]] + national[3:]
    return f"84{national}"


def _is_valid(full: str) -> bool:
    return _library_form(full) is not None


def _library_form(full: str) -> str | None:
    """E.164 when the library calls the number valid; mobiles of Vietnam skip its slow parser."""
    if full.startswith("84") and _MOBILE.fullmatch(full, 2):
        return f"+{full}"
    try:
        number = phonenumbers.parse(f"+{full}")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _verified(full: str, *, guessed: bool) -> Phone:
    e164 = _library_form(full)
    if e164 is None or len(e164) < 9:  # the library may drop a trunk digit and leave too little to read again
        return Phone(f"+{full}", UNVERIFIED)
    return Phone(e164, UNVERIFIED if guessed else "")


def search_forms(e164: str) -> str:
    """What the search column holds for a number: "0912345678 84912345678"; abroad, the digits alone."""
    full = digits(e164)
    return f"0{full[2:]} {full}" if full.startswith("84") else full


def phone_fragment(query: str) -> str:
    """The digits to look for in `search_forms`, for a part of a number in any spelling; "" if it is none.

    An old 11-digit prefix is converted once a further digit follows it: four digits alone ("0168") are more
    often the end of somebody's number.
    """
    query = unicodedata.normalize("NFKC", query)
    part = digits(query)
    if len(part) < 3 or not _NUMBER_PART.fullmatch(query):
        return ""
    abroad = _PLUS.match(query) is not None
    if part.startswith("0084") or (part.startswith("00") and len(part) >= 10):
        abroad, part = True, part[2:]
    if part.startswith("840") and (abroad or len(part) >= 12):
        part = part[2:]
    if _OLD.fullmatch(part) and not abroad:
        part = f"0{part}"
    if old := _OLD_START.fullmatch(part):
        trunk, prefix, rest = old.groups()
        part = trunk + OLD_MOBILE[prefix] + rest
    return part


def carrier(e164: str) -> str:
    """The network that was given this Vietnamese mobile prefix (the owner may have moved on), or "".

    From our table in leads/numbering.py: the lite library ships no carriers.
    """
    return CARRIER_OF.get(e164[3:5], "") if e164.startswith("+84") and len(e164) == 12 else ""


def fixed_line_region(e164: str) -> str:
    """The province a Vietnamese fixed line's area code was given to, or "" (mobile, abroad, unknown)."""
    if not e164.startswith("+84") or len(e164) != 13:
        return ""
    return REGION_OF.get(e164[3:6]) or REGION_OF.get(e164[3:5], "")
