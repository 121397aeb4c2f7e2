"""CSV and XLSX as a spreadsheet finds them, read without the library that wrote them."""

import csv
import io
import zipfile
from xml.etree import ElementTree as ET

SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def read_xlsx(content: bytes) -> list[list[object]]:
    """The cells as they lie in the file: texts, numbers (days as Excel counts them), booleans; no formulas."""
    book = zipfile.ZipFile(io.BytesIO(content))
    sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert not list(sheet.iter(f"{SPREADSHEET}f"))
    return [[value for cell in row if (value := _value(cell)) is not None] for row in sheet.iter(f"{SPREADSHEET}row")]


def _value(cell: ET.Element) -> object:
    if cell.get("t") == "inlineStr":
        return "".join(part.text or "" for part in cell.iter(f"{SPREADSHEET}t"))
    found = cell.findtext(f"{SPREADSHEET}v")
    if found is None:
        return None
    return found == "1" if cell.get("t") == "b" else float(found)
