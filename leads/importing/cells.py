"""What stands in one cell: days as they are written here, money with its dots, many ways to say nothing. Pure."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from zoneinfo import ZoneInfo

from leads.fields import read_money

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")  # a moment without offset is company time
_NOTHING = ("", "-", "–", "--", "n/a", "na", "#n/a", "nan", "null", "none", "nil", "select")
NOTHING = frozenset((*_NOTHING, "không có", "(trống)", "#ref!", "#value!"))
LARGEST_AMOUNT = 10**15  # VND
_LOCAL = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_SERIAL = re.compile(r"[1-9]\d{4}(\.\d+)?")  # Excel's own count of days, 1927 to 2173
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_PHONE = re.compile(r"(?=(?:\D*\d){9})[+0][\d .()-]{8,16}")
_EPOCH = datetime(1899, 12, 30, tzinfo=ZONE)


def said(cell: str) -> str:
    """The cell's text, or "" where it only says that nobody answered ("Select", "N/A", "-")."""
    text = cell.strip()
    return "" if len(text) <= 9 and text.casefold() in NOTHING else text


def contact_in(cell: str) -> str:
    """What can be nothing but a person's "phone" or "email"; "" for all else."""
    if _PHONE.fullmatch(cell.strip()):
        return "phone"
    return "email" if "@" in cell and _EMAIL.fullmatch(cell.strip()) else ""


@lru_cache(maxsize=65536)
def read_when(text: str, *, month_first: bool = False) -> datetime | None:
    """A moment in UTC from "23/11/2026 9:30", ISO 8601, or a spreadsheet's serial number; None when it is none.

    Without an offset it is company time; a day alone is its midnight. `month_first` reads 11/23/2026.
    """
    try:
        if local := _LOCAL.fullmatch(text):
            moment = _local(local, month_first=month_first)
        elif _SERIAL.fullmatch(text):
            moment = _EPOCH + timedelta(days=float(text))
        else:
            moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        return None
    if not 1990 <= moment.year <= 2200:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZONE)).astimezone(UTC)


def read_day(text: str, *, month_first: bool = False) -> date | None:
    """The local day of a moment."""
    moment = read_when(text, month_first=month_first)
    return moment.astimezone(ZONE).date() if moment else None


def read_amount(text: str) -> int | None:
    """Whole VND from "350.000.000", "1,5 tỷ" or a spreadsheet's 1500000.4 (rounded); None when it is no amount."""
    amount = read_money(text)
    if amount is None and re.fullmatch(r"\d+[.,]\d+", text):
        try:
            amount = round(Decimal(text.replace(",", ".")))
        except InvalidOperation:
            return None
    return amount if amount is not None and amount <= LARGEST_AMOUNT else None


def month_first(samples: list[str]) -> bool:
    """Whether days are written 11/23/2026: some second number is above 12, and no first one is."""
    found = [match for text in samples if (match := _LOCAL.fullmatch(text))]
    return any(int(m[2]) > 12 for m in found) and not any(int(m[1]) > 12 for m in found)


def _local(found: re.Match[str], *, month_first: bool) -> datetime:
    first, second, year = int(found[1]), int(found[2]), int(found[3])
    day, month = (second, first) if month_first else (first, second)
    hour, minute, seconds = (int(part or 0) for part in found.groups()[3:])
    return datetime(year + 2000 if year < 100 else year, month, day, hour, minute, seconds, tzinfo=ZONE)
