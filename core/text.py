"""What people type, brought to one form: for storage (clean), for search (fold), for faces (initials)."""

import re
import unicodedata

# Controls, lone surrogates (PostgreSQL refuses both) and the invisible marks that hide in pasted names:
# zero-width space, direction overrides, byte-order mark. The joiners inside emoji stay.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
LARGEST = 2**63 - 1
_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
# Only the accents of alphabets: the vowel signs of Thai or Hindi are letters and stay.
_ACCENT = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")


def fold(text: str) -> str:
    """The search form: no accents, no case, đ as d, single spaces, no controls. Idempotent."""
    seen = _UNSEEN.sub("", text)
    if not seen.isascii():
        bare = _ACCENT.sub("", unicodedata.normalize("NFKD", seen)).casefold()
        # Case folding brings back a few composed letters, and a removed mark lets its neighbours reorder.
        bare = _ACCENT.sub("", unicodedata.normalize("NFKD", bare))
        seen = _UNSEEN.sub("", unicodedata.normalize("NFKD", bare)).replace("đ", "d")
    return " ".join(seen.casefold().split())


def clean(text: object, limit: int, *, lines: bool = False) -> str:
    """At most `limit` characters of storable, trimmed NFC text; "" for None.

    Line breaks become spaces, or plain newlines when `lines` are wanted. A whole float (a spreadsheet's phone
    number) loses its ".0".
    """
    if text is None:
        return ""
    if isinstance(text, str) and text.isprintable():  # most texts: no mark or break to take out
        seen = text.strip()
        seen = seen if seen.isascii() else unicodedata.normalize("NFC", seen)
        return seen if len(seen) <= limit else seen[: max(limit, 0)].strip()
    if isinstance(text, float) and text.is_integer():
        text = int(text)
    seen = _BREAK.sub("\n", _UNSEEN.sub("", str(text)))
    if not lines:
        seen = seen.replace("\n", " ").replace("\t", " ")
    return unicodedata.normalize("NFC", seen.strip())[: max(limit, 0)].strip()


def digits(text: str) -> str:
    """The decimal digits of `text` as 0-9, whatever script or width they were typed in."""
    if text.isascii():
        return re.sub(r"\D", "", text)
    return "".join(str(unicodedata.decimal(char)) for char in text if char.isdecimal())


def natural(text: str | None) -> int | None:
    """The number an address carries, as an id does; None for whatever is none, or more than PostgreSQL's bigint."""
    if not text or not (text.isascii() and text.isdigit()) or len(text) > 19:
        return None
    return number if (number := int(text)) <= LARGEST else None


def initials(name: str) -> str:
    """Family name and given name as two capitals: "Nguyễn Thị Ánh Ngọc" gives "NN"; one word gives one."""
    words = re.findall(r"[^\W_]+", clean(name, 200))
    return "".join(word[0].upper()[0] for word in (words[:1] + words[1:][-1:]))
