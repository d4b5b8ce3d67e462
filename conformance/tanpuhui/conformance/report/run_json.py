"""The result as a JSON document, read back by its own schema before anyone is given it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.conformance.result import RunResult

if TYPE_CHECKING:
    from tanpuhui.conformance.report.source import ReportSource


def run_json(source: ReportSource) -> str:
    """The document; one that its schema refuses is a defect of the kit and raises."""
    text = source.result.to_json()
    RunResult.from_json(text)
    return text + "\n"
