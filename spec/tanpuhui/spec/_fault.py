"""A fault in the law's own text or data, and what the rules that find them are given."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from tanpuhui.spec._clause import EN, ZH, Clause, read_clauses

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Fault:
    """Where the law is at odds with its own form, and why, in both languages."""

    place: str
    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.place}: {self.zh} / {self.en}"


@dataclass(frozen=True)
class LawText:
    """The law's files by name, and the requirements read from them once."""

    files: Mapping[str, str]

    @cached_property
    def chinese(self) -> list[Clause]:
        """The requirements of the normative text."""
        return read_clauses(self.files, ZH)

    @cached_property
    def english(self) -> list[Clause]:
        """The requirements of the translation."""
        return read_clauses(self.files, EN)

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids that the normative text holds."""
        return frozenset(clause.id for clause in self.chinese)
