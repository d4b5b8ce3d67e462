"""Why a row cannot be read: a kind of the registry with the column or value class concerned, never the value."""

from __future__ import annotations


class Refusal(ValueError):
    """该行不能成为记录 / A row that cannot become a record."""

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(f"{kind} {detail}".strip())
        self.kind = kind
        self.detail = detail
