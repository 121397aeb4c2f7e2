"""What a file really is, whatever its name says: told by its first bytes, and refused before anything is loaded."""

import codecs
import csv
import re
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Invalid

LARGEST_TEXT = 400 * 1024 * 1024
LARGEST_WORKBOOK = 80 * 1024 * 1024
LARGEST_INFLATED = 1024 * 1024 * 1024
LARGEST_RATIO = 120  # a real sheet packs 5 to 40 to 1
MOST_PARTS = 2000
LOOK = 256 * 1024
PIECE = 1024 * 1024
DELIMITERS = (",", ";", "\t", "|")
_SAID = re.compile(r"\ufeff?sep=([,;\t|])\s*$", re.IGNORECASE | re.MULTILINE)
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
DAMAGED = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError)

# What people send by mistake, by the bytes it begins with.
FOREIGN: tuple[tuple[bytes, str | Promise], ...] = (
    (b"%PDF", gettext_lazy("This is a PDF, not a table.")),
    (b"\xd0\xcf\x11\xe0", gettext_lazy("This is an old .xls workbook. Save it as .xlsx or CSV and try again.")),
    (b"\x89PNG", gettext_lazy("This is a picture, not a table.")),
    (b"\xff\xd8\xff", gettext_lazy("This is a picture, not a table.")),
    (b"GIF8", gettext_lazy("This is a picture, not a table.")),
    (b"\x1f\x8b", gettext_lazy("This file is packed. Unpack it and send the table itself.")),
    (b"Rar!", gettext_lazy("This file is packed. Unpack it and send the table itself.")),
    (b"7z\xbc\xaf", gettext_lazy("This file is packed. Unpack it and send the table itself.")),
    (b"{\\rtf", gettext_lazy("This is a text document, not a table.")),
)
# The same for text, behind blanks and in small letters. Many programs call a web page "something.xls".
_WEB_PAGE = gettext_lazy("This is a web page, even if it is called .xls. Open it in Excel and save it as .xlsx.")
_XML = gettext_lazy("This is an XML file, not a table. Open it in Excel and save it as .xlsx.")
_JSON = gettext_lazy("This is JSON, not a table. Send it through the API, or as CSV.")
FOREIGN_TEXT: tuple[tuple[bytes, str | Promise], ...] = (
    (b"<html", _WEB_PAGE),
    (b"<!doctype html", _WEB_PAGE),
    (b"<table", _WEB_PAGE),
    (b"<?xml", _XML),
    (b"{", _JSON),
    (b"[{", _JSON),
)
# What else is a packed folder, by a part it has.
FOREIGN_PARTS: tuple[tuple[str, str | Promise], ...] = (
    ("word/document.xml", gettext_lazy("This is a text document, not a table.")),
    ("ppt/presentation.xml", gettext_lazy("These are slides, not a table.")),
    ("content.xml", gettext_lazy("This is an OpenDocument file. Save it as .xlsx or CSV and try again.")),
)


@dataclass(frozen=True, slots=True)
class Format:
    """How to read a file. `encoding` and `delimiter` are for text only."""

    kind: str  # xlsx or csv
    encoding: str = ""
    delimiter: str = ""

    def __str__(self) -> str:
        if self.kind == "xlsx":
            return "XLSX"
        mark = {"\t": "tab"}.get(self.delimiter, f"“{self.delimiter}”")
        return f"CSV · {self.encoding.removesuffix('-sig').upper()} · {mark}"


def recognise(path: Path) -> Format:
    """The format of the file. Raises Invalid, in words, for one that is no table, too large, or a trap."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(LOOK)
    if not head.strip(b"\x00 \t\r\n"):
        raise _refused(_("This file is empty."), "empty")
    for magic, words in FOREIGN:
        if head.startswith(magic):
            raise _refused(words, "wrong_format")
    text = head[:200].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    for start, words in FOREIGN_TEXT:
        if text.startswith(start):
            raise _refused(words, "wrong_format")
    if head.startswith(b"PK"):
        _check_workbook(path, size)
        return Format("xlsx")
    if size > LARGEST_TEXT:
        raise _too_large(LARGEST_TEXT)
    encoding = _encoding(head, whole=size <= LOOK)
    return Format("csv", encoding, _delimiter(_decoded(head, encoding)))


def _refused(message: str | Promise, code: str) -> Invalid:
    return Invalid(message, code=code, field="file")


def _too_large(limit: int) -> Invalid:
    message = _("This file is too large: at most %(most)s MB. Split it into several.") % {"most": limit // 1024**2}
    return _refused(message, "too_large")


def _check_workbook(path: Path, size: int) -> None:
    """Refuses what is no workbook, and what would swell beyond reason: it is unpacked once, nowhere, and counted."""
    if size > LARGEST_WORKBOOK:
        raise _too_large(LARGEST_WORKBOOK)
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
            names = {part.filename for part in parts}
            if "xl/workbook.xml" not in names and not any(name.startswith("xl/") for name in names):
                packed_up: str | Promise = _("This file is packed. Unpack it and send the table itself.")
                raise _refused(next((w for part, w in FOREIGN_PARTS if part in names), packed_up), "wrong_format")
            swollen = len(parts) > MOST_PARTS or _inflated(packed, parts) > min(LARGEST_INFLATED, size * LARGEST_RATIO)
    except DAMAGED as error:
        message = _("This workbook is damaged or locked by a password. Save it again and retry.")
        raise _refused(message, "damaged") from error
    if swollen:
        raise _refused(_("This workbook would swell beyond any real table. It was not opened."), "zip_bomb")


def _inflated(packed: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> int:
    """How large it is unpacked, told by unpacking, not by what its headers say; counting stops at the limit."""
    total = 0
    for part in parts:
        with packed.open(part) as content:
            while piece := content.read(PIECE):
                total += len(piece)
                if total > LARGEST_INFLATED:
                    return total
    return total


def _encoding(head: bytes, *, whole: bool) -> str:
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if head.startswith(mark):
            return name
    if name := _without_mark(head):
        return name
    if head.count(0) > max(3, len(head) // 100):
        raise _refused(_("This is not a table: send CSV or XLSX."), "wrong_format")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=whole)
    except UnicodeDecodeError:
        return "cp1258"
    return "utf-8"


def _without_mark(head: bytes) -> str:
    """UTF-16 without its mark: every other byte of a table's first line is zero."""
    line = head[:200]
    if len(line) >= 8 and line[1::2].count(0) > len(line) // 3:
        return "utf-16-le"
    return "utf-16-be" if len(line) >= 8 and line[0::2].count(0) > len(line) // 3 else ""


def _decoded(head: bytes, encoding: str) -> str:
    text = head.decode(encoding, errors="replace")
    if encoding == "cp1258":
        text = unicodedata.normalize("NFC", text)
    shown = sum(1 for char in text[:4000] if char.isprintable() or char in "\r\n\t")
    if shown < len(text[:4000]) * 0.9:
        raise _refused(_("This is not a table: send CSV or XLSX."), "wrong_format")
    return text


def _delimiter(text: str) -> str:
    """The mark that parts the first lines into the most, and equally many, cells; Excel's "sep=;" says it itself."""
    if said := _SAID.match(text):
        return said[1]
    lines = [line for line in re.split(r"\r\n|\n|\r", text)[:50] if line.strip()]
    best, most = ",", 1.0
    for mark in DELIMITERS:
        widths = [len(row) for row in csv.reader(lines[:20], delimiter=mark)]
        if not widths:
            continue
        alike = widths.count(widths[0]) / len(widths)
        if widths[0] * alike > most:
            best, most = mark, widths[0] * alike
    return best
