"""The chapters of the law as headings of a report."""

from __future__ import annotations

from functools import cache

from tanpuhui.conformance.verdict import Text
from tanpuhui.spec.law import law_files


@cache
def chapter_title(number: str) -> Text:
    """A chapter's heading in both languages, by the number with which its file's name begins."""
    return Text(_heading("zh", number), _heading("en", number))


def _heading(language: str, number: str) -> str:
    start = f"text/{language}/{number}-"
    text = next((data.decode() for name, data in law_files() if name.startswith(start)), number)
    return text.partition("\n")[0].lstrip("# ").strip()
