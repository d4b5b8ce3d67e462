"""The report of a day at several workers is one report, whoever makes or reads it (QUA-003)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from platform_crowd import everywhere

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mock_platform.conftest import Actor

DAY, DUE = "2026-03-01", "2026-03-02T12:00:00+08:00"


def test_a_report_is_made_once(shared: Actor, ride: Callable[..., Any]) -> None:
    shared.verdicts(ride())
    shared.conduct("POST", "/clock", set=DUE)
    shared._token = ""
    shared.await_entry(lambda entry: entry.get("what") == "quality_report" and entry["period"] == DAY)
    read = everywhere(shared, lambda one: one.get(f"/v1/quality-reports/{DAY}").json())
    assert all(report == read[0] for report in read)
    assert [part["records"] for part in read[0]["schemes"]] == [1]
    notes = [entry["period"] for entry in shared.journal() if entry.get("what") == "quality_report"]
    assert notes.count(DAY) == 1
