"""How a check says what it saw: one observation, both languages in one sentence each."""

from __future__ import annotations

from tanpuhui.conformance.verdict import Observation, Text


def saw(expected: str, observed: str, *, ok: bool, at: int | None = None) -> Observation:
    """An observation from two «中文 / English» sentences; `at` is the exchange's number in the transcript."""
    return Observation(ok, Text.both(expected), Text.both(observed), at)
