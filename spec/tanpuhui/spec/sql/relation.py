"""The names under which an engine finds typed records, former records and references while a run lasts."""

from __future__ import annotations

from typing import Final

RECORDS: Final = "tph_records"
HISTORY: Final = "tph_history"
LINKS: Final = "tph_links"
CALIBRATIONS: Final = "tph_calibrations"
REFERENCES: Final = {"links": LINKS, "calibrations": CALIBRATIONS}


def of_scheme(relation: str, scheme: str | None) -> str:
    """The relation with the columns of one scheme; without a scheme, of all records with what they share."""
    return relation if scheme is None else f"{relation}_{scheme.lower()}"
