"""QUA-003: the reports stand when their hour has come, whether anybody reads them or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mock_platform.conftest import Actor

DAY, DUE = "2026-03-01", "2026-03-02T12:00:00+08:00"


def move_to(actor: Actor, at: str, **change: Any) -> None:
    """The clock moved, and with it the life of the token behind it."""
    actor.conduct("POST", "/clock", set=at, **change)
    actor._token = ""


def made(actor: Actor, period: str) -> None:
    """Wait until the platform has made that report by itself."""
    actor.await_entry(lambda entry: entry.get("what") == "quality_report" and entry["period"] == period)


def periods(actor: Actor) -> list[str]:
    return [entry["period"] for entry in actor.journal() if entry.get("what") == "quality_report"]


def counted(actor: Actor, period: str) -> list[tuple[str, int]]:
    report = actor.get(f"/v1/quality-reports/{period}").json()
    return [(part["scheme"], part["records"]) for part in report["schemes"]]


def on(record: dict[str, Any], day: str) -> dict[str, Any]:
    moved = {name: record[name].replace(DAY, day) for name in ("activity_start", "activity_end")}
    return {**record, **moved, "business_day": day}


def test_a_report_is_made_when_the_clock_passes_its_hour(
    actor: Actor, ride: Callable[..., Any], pv_day: Callable[..., Any]
) -> None:
    actor.verdicts(ride(), pv_day())
    move_to(actor, "2026-03-02T11:59:59+08:00", freeze=True)
    assert actor.get(f"/v1/quality-reports/{DAY}").status_code == 404
    move_to(actor, DUE)
    made(actor, DAY)
    actor.verdicts(ride())
    assert counted(actor, DAY) == [("BIKE", 1), ("PV", 1)]
    assert actor.get(f"/v1/quality-reports/{DAY}").json()["generated_at"] == DUE


def test_a_report_is_made_when_time_passes_by_itself(actor: Actor, ride: Callable[..., Any]) -> None:
    actor.verdicts(ride())
    move_to(actor, "2026-03-02T11:59:50+08:00", scale=50)
    made(actor, DAY)
    assert periods(actor) == [DAY]


def test_missed_days_with_records_are_made_up_and_the_months_after_them(
    actor: Actor, ride: Callable[..., Any]
) -> None:
    days = ["2026-02-26", "2026-02-28", DAY]
    actor.verdicts(*(on(ride(), day) for day in days))
    move_to(actor, "2026-03-20T00:00:00+08:00")
    made(actor, "2026-02")
    assert periods(actor) == [*days, "2026-02"]
    move_to(actor, "2026-04-01T12:00:00+08:00")
    made(actor, "2026-03")
    assert periods(actor) == [*days, "2026-02", "2026-03"]
    assert counted(actor, "2026-02") == [("BIKE", 2)]


def test_a_month_counts_what_came_after_the_report_of_the_day(actor: Actor, ride: Callable[..., Any]) -> None:
    actor.verdicts(ride())
    move_to(actor, DUE)
    made(actor, DAY)
    actor.verdicts(ride())
    move_to(actor, "2026-04-01T12:00:00+08:00")
    made(actor, "2026-03")
    assert counted(actor, DAY) == [("BIKE", 1)]
    assert counted(actor, "2026-03") == [("BIKE", 2)]


def test_the_round_leaves_alone_what_was_ordered_before(actor: Actor, ride: Callable[..., Any]) -> None:
    actor.verdicts(ride())
    ordered = actor.conduct("POST", "/quality-runs", period=DAY)
    actor.verdicts(ride(), on(ride(), "2026-02-28"))
    move_to(actor, DUE)
    made(actor, "2026-02")
    assert periods(actor) == ["2026-02-28", "2026-02"]
    assert actor.get(f"/v1/quality-reports/{DAY}").json() == ordered
