"""Whom a file has named so far: exact for the first hundreds of thousands, then in memory that grows no further."""

from collections.abc import Iterable

EXACT = 300_000  # keys
BITS = 2**27  # 16 MB
MARKS = 4  # bits of one key: of a million people with two keys each, some five are taken for somebody named before


class Met:
    """Remembers keys of people by their hashes; of this process only."""

    def __init__(self, *, exact: int = EXACT, bits: int = BITS) -> None:
        self._exact, self._last = exact, bits - 1
        self._keys: set[int] = set()
        self._marks = bytearray()

    def meet(self, keys: Iterable[object]) -> bool:
        """Whether somebody with any of these keys came before; from now on all of them have."""
        hashes = [hash(key) for key in keys]
        if self._marks:
            return sum(map(self._mark, hashes)) > 0  # all of them are marked, also behind a known one
        known = not self._keys.isdisjoint(hashes)
        self._keys.update(hashes)
        if len(self._keys) > self._exact:
            self._marks = bytearray((self._last + 1) // 8)
            for number in self._keys:
                self._mark(number)
            self._keys = set()
        return known

    def _mark(self, number: int) -> bool:
        """Sets the key's bits; whether all of them were set."""
        place, stride, known = number, (number >> 32) | 1, True
        for _mark in range(MARKS):
            place = (place + stride) & self._last
            bit = 1 << (place & 7)
            if not self._marks[place >> 3] & bit:
                self._marks[place >> 3] |= bit
                known = False
        return known
