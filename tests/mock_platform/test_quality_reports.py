"""QUA-003: the report of a day or month tells what each rule found, and grades it, the same on both databases."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from tanpuhui.mock_platform.quality.period import InvalidPeriod, Period
from tanpuhui.spec.business_time import parse_instant
from tanpuhui.spec.limits import Times, default_times

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Actor

DAY, DUE = "2026-03-01", "2026-03-02T12:00:00+08:00"


def move_to(actor: Actor, at: str) -> None:
    """The clock moved, and with it the life of the token behind it."""
    actor.conduct("POST", "/clock", set=at)
    actor._token = ""


def rules_of(report: dict[str, Any], scheme: str) -> dict[str, dict[str, Any]]:
    part = next(part for part in report["schemes"] if part["scheme"] == scheme)
    return {rule["rule"]: rule for rule in part["rules"]}


def test_a_report_is_made_when_its_hour_has_come(actor: Actor, pv_day: Callable[..., Any]) -> None:
    actor.verdicts(pv_day())
    assert actor.get(f"/v1/quality-reports/{DAY}").status_code == 404
    move_to(actor, DUE)
    first = actor.get(f"/v1/quality-reports/{DAY}")
    assert first.status_code == 200
    report = first.json()
    assert (report["period"], report["kind"]) == (DAY, "day")
    assert [(part["scheme"], part["records"]) for part in report["schemes"]] == [("PV", 1)]
    assert all(rule["violations"] == 0 for rule in rules_of(report, "PV").values())
    move_to(actor, "2026-03-02T13:00:00+08:00")
    actor.verdicts(pv_day())
    assert actor.get(f"/v1/quality-reports/{DAY}").json() == report


def test_what_a_rule_found_is_told_with_samples(
    actor: Actor, pv_day: Callable[..., Any], ride: Callable[..., Any]
) -> None:
    good, wrong, held = ride(), _too_short(ride()), pv_day(generation_kwh="48.001")
    actor.verdicts(good, wrong, held)
    report = actor.conduct("POST", "/quality-runs", period=DAY)
    rides = rules_of(report, "BIKE")
    assert rides["Q-BIKE-005"] == {
        "rule": "Q-BIKE-005",
        "applicable": 2,
        "violations": 1,
        "samples": [wrong["record_id"]],
    }
    assert rules_of(report, "PV")["Q-PV-001"]["samples"] == [held["record_id"]]
    assert {"Q-SET-009", "Q-SET-010", "Q-SET-015"} <= rules_of(report, "PV").keys()


def test_rules_over_sets_see_links_devices_and_one_another(
    actor: Actor, pv_day: Callable[..., Any], ride: Callable[..., Any], link: Callable[..., Any]
) -> None:
    first, same_day_again, covered = pv_day(), pv_day(), ride()
    actor.verdicts(first, same_day_again, covered)
    moved = {**link(), "valid_from": "2026-03-01T20:00:00+08:00"}
    actor.conduct("PUT", "/links", links=[moved])
    report = actor.conduct("POST", "/quality-runs", period=DAY)
    found = rules_of(report, "PV")
    assert found["Q-SET-004"]["samples"] == [same_day_again["record_id"]]
    assert found["Q-SET-009"]["violations"] == 2
    assert found["Q-SET-010"]["violations"] == 0


def test_a_month_is_the_sum_of_its_days(
    actor: Actor, pv_day: Callable[..., Any], ride: Callable[..., Any]
) -> None:
    move_to(actor, "2026-03-20T00:00:00+08:00")
    days = ["2026-03-01", "2026-03-03"]
    records = [_on(ride(), days[0]), _on(_too_short(ride()), days[1])]
    actor.verdicts(*records)
    assert actor.get("/v1/quality-reports/2026-03").status_code == 404
    move_to(actor, "2026-04-01T12:00:00+08:00")
    month = actor.get("/v1/quality-reports/2026-03").json()
    assert (month["kind"], month["schemes"][0]["records"]) == ("month", 2)
    daily = [rules_of(actor.get(f"/v1/quality-reports/{day}").json(), "BIKE") for day in days]
    for rule, told in rules_of(month, "BIKE").items():
        assert told["violations"] == sum(day[rule]["violations"] for day in daily if rule in day)
        assert told["samples"] == [one for day in daily if rule in day for one in day[rule]["samples"]][:5]


def _too_short(record: dict[str, Any]) -> dict[str, Any]:
    return {**record, "activity": {**record["activity"], "duration_s": 15}}


def _on(record: dict[str, Any], day: str) -> dict[str, Any]:
    moved = {name: record[name].replace("2026-03-01", day) for name in ("activity_start", "activity_end")}
    return {**record, **moved, "business_day": day}


def test_one_scheme_may_be_asked_for(
    actor: Actor, pv_day: Callable[..., Any], ride: Callable[..., Any]
) -> None:
    actor.verdicts(pv_day(), ride())
    actor.conduct("POST", "/quality-runs", period=DAY)
    chosen = actor.get(f"/v1/quality-reports/{DAY}?scheme=BIKE").json()
    assert [part["scheme"] for part in chosen["schemes"]] == ["BIKE"]


def test_a_period_without_records_has_an_empty_report(actor: Actor) -> None:
    for period in ("2026-02-01", "2026-02"):
        assert actor.get(f"/v1/quality-reports/{period}").json()["schemes"] == []


@pytest.mark.parametrize("period", ["2026-02-30", "2026-13", "0000-01"])
def test_what_is_no_period_is_refused(actor: Actor, period: str) -> None:
    assert actor.get(f"/v1/quality-reports/{period}").status_code == 400
    told = actor.control.post(f"/tenants/{actor.tenant}/quality-runs", json={"period": period})
    assert told.status_code == 422


def test_a_period_ends_and_falls_due_in_shanghai() -> None:
    month = Period.of("2028-02")
    assert (month.first, month.last) == (date(2028, 2, 1), date(2028, 2, 29))
    assert month.due_at(default_times()) == parse_instant("2028-03-01T12:00:00+08:00")
    early = Times.from_mapping({"quality_report_hour": 0.5})
    assert Period.of("2026-12-31").due_at(early) == parse_instant("2027-01-01T00:30:00+08:00")
    with pytest.raises(InvalidPeriod):
        Period.of("2026-3-1")
