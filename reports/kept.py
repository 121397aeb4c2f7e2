"""Which slices the roll-ups keep, and the shape of what is counted into them."""

from functools import cache
from zlib import crc32

from reports.counting import mask
from reports.measures import ROLLED
from reports.scope import DIMENSIONS

RULES = 1  # of counting; a change here counts every day anew, as a change of the measures does
KEPT: tuple[frozenset[str], ...] = (
    frozenset(),
    *(frozenset({name}) for name in DIMENSIONS),
    frozenset({"team", "owner"}),
    frozenset({"team", "source"}),
    frozenset({"owner", "source"}),
    frozenset({"source", "campaign"}),
)
MASKS = [mask(names) for names in KEPT]
GROUPING_SETS = ", ".join(f"(day, {', '.join(sorted(s))})" if s else "(day)" for s in KEPT)


@cache
def shape() -> str:
    """Of what is counted: a day counted in another shape does not answer today's questions."""
    names = [(r.part, [m.key for m in r.measures], [t.key for t in r.times]) for r in ROLLED.values()]
    return f"{crc32(repr((RULES, names, GROUPING_SETS)).encode()):08x}"
