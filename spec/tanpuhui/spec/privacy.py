"""Finds and masks personal data (PRV-001): no report, log or answer carries what shall not be sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tanpuhui.spec.law import law_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_IDENTITY_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_IDENTITY_CHECKS = "10X98765432"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of personal data and how the law recognises it."""

    name: str
    zh: str
    en: str
    pattern: re.Pattern[str]
    check: Callable[[str], bool]
    matches: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Where personal data stand in a text; never the data themselves."""

    kind: str
    start: int
    end: int


@cache
def kinds() -> Mapping[str, Kind]:
    """The kinds by name, in the order in which they win over one another."""
    entries = law_yaml("privacy.yaml")["kinds"].items()
    return MappingProxyType({name: _kind(name, entry) for name, entry in entries})


def find_personal_data(text: str) -> list[Finding]:
    """Every place that holds personal data, in order and without overlaps."""
    if not any(kind.pattern.search(text) for kind in kinds().values()):
        return []
    taken = bytearray(len(text))
    found: list[Finding] = []
    for kind in kinds().values():
        for hit in kind.pattern.finditer(text):
            start, end = hit.span()
            if taken.find(1, start, end) < 0 and kind.check(hit.group()):
                taken[start:end] = b"\1" * (end - start)
                found.append(Finding(kind.name, start, end))
    return sorted(found, key=lambda finding: finding.start)


def mask_personal_data(text: str) -> str:
    """The text with the kind in the place of the data."""
    pieces: list[str] = []
    position = 0
    for finding in find_personal_data(text):
        pieces += (text[position : finding.start], f"[已屏蔽:{finding.kind}]")
        position = finding.end
    return "".join((*pieces, text[position:]))


def _kind(name: str, entry: Mapping[str, Any]) -> Kind:
    return Kind(
        name=name,
        zh=entry["zh"],
        en=entry["en"],
        pattern=re.compile(entry["pattern"]),
        check=_CHECKS[entry.get("check")],
        matches=tuple(entry["matches"]),
        others=tuple(entry["others"]),
    )


def _passes_luhn(text: str) -> bool:
    digits = [int(character) for character in reversed(text) if character.isdigit()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _passes_identity_check(text: str) -> bool:
    total = sum(weight * int(digit) for weight, digit in zip(_IDENTITY_WEIGHTS, text, strict=False))
    return _IDENTITY_CHECKS[total % 11] == text[-1].upper()


def _passes_always(_: str) -> bool:
    return True


_CHECKS: Mapping[str | None, Callable[[str], bool]] = {
    None: _passes_always,
    "luhn": _passes_luhn,
    "identity-card": _passes_identity_check,
}
