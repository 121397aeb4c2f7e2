"""Several values in one parameter of an address: comma separated, a value with a comma in double quotes."""

import re
from collections.abc import Iterable

MOST = 100
QUOTE = '"'
PART = re.compile(r'\s*(?:"((?:[^"]|"")+)"\s*(?=,|$)|([^,]+))')


def several(value: str) -> list[str]:
    """The values, without blanks; at most 100. What stands in double quotes may hold commas."""
    found = [quoted.replace(QUOTE * 2, QUOTE) or bare.strip() for quoted, bare in PART.findall(value)]
    return [part for part in found if part][:MOST]


def joined(values: Iterable[str]) -> str:
    """The values as `several` reads them."""
    return ",".join(_quoted(value) for value in values)


def _quoted(value: str) -> str:
    plain = not {",", QUOTE} & set(value) and value == value.strip()
    return value if plain else f"{QUOTE}{value.replace(QUOTE, QUOTE * 2)}{QUOTE}"
