"""Names that occur more than once, found without keeping any of them: two maps of bits."""

from __future__ import annotations

from zlib import crc32

_BITS = 1 << 27


class Repeats:
    """Knows every name that was taken twice; now and then it takes another for one, never the other way round."""

    __slots__ = ("_once", "_twice")

    def __init__(self) -> None:
        self._once, self._twice = bytearray(_BITS // 8), bytearray(_BITS // 8)

    def take(self, name: str) -> None:
        """One name more."""
        place, bit = _place(name)
        if self._once[place] & bit:
            self._twice[place] |= bit
        else:
            self._once[place] |= bit

    def __contains__(self, name: str) -> bool:
        """Whether the name may have been taken more than once."""
        place, bit = _place(name)
        return bool(self._twice[place] & bit)


def _place(name: str) -> tuple[int, int]:
    number = crc32(name.encode()) % _BITS
    return number >> 3, 1 << (number & 7)
