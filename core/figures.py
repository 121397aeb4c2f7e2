"""Numbers, money and spans of time as a person reads them, in the active language. Pure: no clock, no database.

A missing value reads as an en dash. Spaces inside a figure do not break.
"""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

import phonenumbers
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext, pgettext

Number = int | float | Decimal
NOTHING = "–"
SPACE = "\u00a0"
MINUS = "\u2212"
MINUTE, HOUR, DAY = 60, 3600, 86_400
LARGE_UNITS = (("day", DAY), ("hour", HOUR), ("minute", MINUTE))
RELATIVE_DAYS = 30  # beyond this a date says more than a count of days


def number(value: Number | None, decimals: int = 0) -> str:
    """1.234.567 in Vietnamese, 1,234,567 in English; rounded half up; trailing zeros are left out."""
    if value is None:
        return NOTHING
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    whole = rounded == rounded.to_integral_value()
    text = number_format(abs(rounded.to_integral_value() if whole else rounded.normalize()), force_grouping=True)
    return f"{MINUS}{text}" if rounded < 0 else text


def percent(ratio: Number | None, decimals: int = 1) -> str:
    """A share of 1 as a percentage: 0.236 is 23,6 %."""
    if ratio is None:
        return NOTHING
    return pgettext("percentage", "{number}%").format(number=number(Decimal(str(ratio)) * 100, decimals))


def money_full(dong: Number | None) -> str:
    """4.820.000.000 ₫."""
    return NOTHING if dong is None else f"{number(dong)}{SPACE}₫"


def money(dong: Number | None) -> str:
    """4,82 tỷ ₫, 350 tr ₫; amounts under a million stand in full."""
    if dong is None:
        return NOTHING
    amount = Decimal(str(dong))
    millions = (amount / 10**6).quantize(Decimal(1), ROUND_HALF_UP)
    if abs(millions) >= 1000:
        return pgettext("money", "{number}B ₫").format(number=number(amount / 10**9, 2))
    if abs(amount) >= 10**6:
        return pgettext("money", "{number}M ₫").format(number=number(amount / 10**6, 0 if abs(millions) >= 100 else 1))
    return money_full(amount)


def points(value: int | None) -> str:
    """+15, −15, 0."""
    if value is None:
        return NOTHING
    return f"+{number(value)}" if value > 0 else number(value)


def duration(seconds: Number | timedelta | None) -> str:
    """The two largest units of a span: 2 giờ 5 phút, 3 ngày 4 giờ, 45 giây."""
    if seconds is None:
        return NOTHING
    total = int(seconds.total_seconds() if isinstance(seconds, timedelta) else seconds)
    left = abs(total)
    if left < MINUTE:
        parts = [_unit("second", left)]
    elif left < HOUR:
        parts = [_unit("minute", left // MINUTE)]
    elif left < DAY:
        parts = [_unit("hour", left // HOUR), _unit("minute", left % HOUR // MINUTE)]
    else:
        parts = [_unit("day", left // DAY), _unit("hour", left % DAY // HOUR)]
    text = " ".join(part for part in parts if part)
    return f"{MINUS}{text}" if total < 0 else text


def _unit(name: str, amount: int) -> str:
    """One unit with its amount; nothing for a zero of anything but seconds."""
    return _unit_in(name, amount, get_language()) if amount or name == "second" else ""


@lru_cache(maxsize=4096)  # a page says "3 giờ" again and again
def _unit_in(name: str, amount: int, language: str | None) -> str:
    return _words(language)[name].format(number=number(amount))


def unit_words() -> dict[str, str]:
    """The units of time in the active language; the page's own clocks use the same words."""
    return {
        "second": gettext("{number} s"),
        "minute": gettext("{number} min"),
        "hour": gettext("{number} h"),
        "day": gettext("{number} d"),
    }


def relative_words() -> dict[str, str]:
    return {
        "now": gettext("just now"),
        "past": gettext("{span} ago"),
        "future": gettext("in {span}"),
        "left": gettext("{span} left"),
        "late": gettext("{span} late"),
    }


@lru_cache(maxsize=16)  # a page of fifty moments would translate the same words fifty times
def _words(_language: str | None) -> dict[str, str]:
    return {**unit_words(), **relative_words()}


def ago(moment: datetime, *, at: datetime) -> str:
    """How long before (or after) `at`, in one unit; a local date once that is more than 30 days."""
    seconds = int((at - moment).total_seconds())
    span = abs(seconds)
    if span >= RELATIVE_DAYS * DAY:
        return day(timezone.localtime(moment).date())
    if span < MINUTE:
        return _words(get_language())["now"]
    name, size = next((name, size) for name, size in LARGE_UNITS if span >= size)
    return _relative("past" if seconds > 0 else "future", name, span // size, get_language())


@lru_cache(maxsize=4096)
def _relative(when: str, name: str, amount: int, language: str | None) -> str:
    return _words(language)[when].format(span=_unit_in(name, amount, language))


def countdown(seconds: Number) -> str:
    """còn 12 phút, or quá 5 phút."""
    words = _words(get_language())["left" if seconds >= 0 else "late"]
    return words.format(span=duration(-seconds if seconds < 0 else seconds))


def day(value: date) -> str:
    """23/11/2026, or 23 Nov 2026."""
    return _day(value, get_language())


@lru_cache(maxsize=4096)
def _day(value: date, _language: str | None) -> str:
    return date_format(value, "DATE_FORMAT")


def exact(moment: datetime) -> str:
    """The local date and time to the minute, with the weekday: for a title."""
    local = timezone.localtime(moment)
    return _exact(local.replace(second=0, microsecond=0), get_language())


@lru_cache(maxsize=8192)  # lists show the same moments again and again, and spelling one out takes long
def _exact(local: datetime, _language: str | None) -> str:
    return date_format(local, "DATETIME_FORMAT")


def short(moment: datetime) -> str:
    """The local date and time to the minute: 14:05 23/11/2026."""
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")


def business(span: str) -> str:
    """A span that was counted in business time says so."""
    return gettext("{span} of working time").format(span=span)


def phone(e164: str) -> str:
    """+84912345678 as people write it, 0912 345 678; what cannot be read stays as it is."""
    try:
        parsed = phonenumbers.parse(e164, "VN")
    except phonenumbers.NumberParseException:
        return e164
    home = parsed.country_code == phonenumbers.country_code_for_region("VN")
    style = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, style).replace(" ", SPACE)
