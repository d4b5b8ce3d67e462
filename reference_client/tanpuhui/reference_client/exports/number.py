"""Numbers as exports write them: full-width digits, separators, commas for points, units, and no number at all."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

from tanpuhui.reference_client.exports.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

Commas = Literal["thousands", "decimal", "unclear"]
MISSING = frozenset({"", "nan", "null", "none", "na", "n/a", "-", "--", "—", "/", "无", "nil", "#n/a"})
_LONGEST_MISSING = max(map(len, MISSING))
_LARGEST = Decimal(10) ** 12
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]{1,3})?")
_WITH_UNIT = re.compile(r"([+-]?[0-9.,' ]*[0-9](?:e[+-]?[0-9]{1,3})?)\s*([^\W\d_]{1,6})")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_CERTAIN_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})*(,[0-9]{3}\.[0-9]+|(,[0-9]{3}){2})")
_CERTAIN_DECIMAL = re.compile(r"[+-]?([0-9]+,([0-9]{1,2}|[0-9]{4,})|0,[0-9]+|[0-9]{1,3}(\.[0-9]{3})+,[0-9]+)")
_LONG_PLAIN = re.compile(r"[+-]?[0-9]{4,}")
_USUAL = re.compile(r"[0-9]{1,11}(\.[0-9]{1,20})?", re.ASCII)
_PLAIN = re.compile(r"[+-]?[0-9]{1,3}")


class Figure(NamedTuple):
    """What a cell says: a number, the unit beside it if there is one, and what had to be repaired."""

    value: Decimal
    unit: str = ""
    repairs: tuple[str, ...] = ()


def plain(text: str) -> str:
    """The text with full-width letters, digits and marks as plain ones."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFKC", text).strip()


def is_missing(text: str) -> bool:
    """Whether a cell says that there is no value."""
    return len(text) <= _LONGEST_MISSING and text.casefold() in MISSING


class CommaEvidence:
    """What the cells of a column show of their commas, one after the other."""

    __slots__ = ("decimal", "large", "small", "thousands")

    def __init__(self) -> None:
        self.decimal = self.thousands = self.small = self.large = False

    def take(self, given: str) -> None:
        """One cell more."""
        if self.small and self.large and "," not in given and given.isascii():
            return
        text = plain(given)
        if "," in text:
            self.decimal = self.decimal or _CERTAIN_DECIMAL.fullmatch(text) is not None
            self.thousands = self.thousands or _CERTAIN_THOUSANDS.fullmatch(text) is not None
        else:
            self.small = self.small or _PLAIN.fullmatch(text) is not None
            self.large = self.large or _LONG_PLAIN.fullmatch(text) is not None

    def meaning(self, *, semicolons: bool = False) -> Commas:
        """Told by values that leave no doubt, else by whole numbers without any."""
        if self.decimal != self.thousands:
            return "decimal" if self.decimal else "thousands"
        if semicolons and not self.thousands:
            return "decimal"
        return "thousands" if self.small and not self.large and not self.decimal else "unclear"


def commas_of(texts: Iterable[str], *, semicolons: bool = False) -> Commas:
    """What commas mean in a column."""
    evidence = CommaEvidence()
    for text in texts:
        evidence.take(text)
    return evidence.meaning(semicolons=semicolons)


def figure(text: str, commas: Commas) -> Figure | None:
    """The number of a cell, exactly; none where the cell says that there is none."""
    if _USUAL.fullmatch(text):
        return Figure(Decimal(text))
    given = plain(text)
    if is_missing(given):
        return None
    repairs = ["full-width"] if given != text.strip() else []
    unit, given = _unit(given)
    if "," in given:
        given, repair = _without_commas(given, commas)
        repairs.append(repair)
    if _NUMBER.fullmatch(given.casefold()) is None:
        raise Refusal("number-invalid")
    value = Decimal(given)
    if abs(value) >= _LARGEST:
        raise Refusal("number-invalid")
    return Figure(value, unit, tuple(repairs))


def _unit(text: str) -> tuple[str, str]:
    found = _WITH_UNIT.fullmatch(text)
    return (found[2], found[1].strip()) if found else ("", text)


def _without_commas(text: str, commas: Commas) -> tuple[str, str]:
    if commas == "decimal":
        return text.replace(".", "").replace(",", "."), "decimal-comma"
    if commas == "unclear":
        raise Refusal("number-unclear")
    if _THOUSANDS.fullmatch(text) is None:
        raise Refusal("number-invalid")
    return text.replace(",", ""), "thousands-separator"
