"""QUA-001, QUA-002: a record is told which rules it offends."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tanpuhui.spec.business_time import parse_instant
from tanpuhui.spec.indicator import violations
from tanpuhui.spec.limits import Times
from tanpuhui.spec.quality import check_record

if TYPE_CHECKING:
    from datetime import datetime

RECEIVED = parse_instant("2026-03-02T00:05:00+08:00")


def a_day(**members: Any) -> dict[str, Any]:
    record = {
        "record_id": "0199c1f0-3a5b-7d10-8c44-5b1f0e9d7a21",
        "scheme": "PV",
        "methodology": "ILLUSTRATIVE-PV-2024",
        "methodology_version": "2024.1",
        "parameter_set": "pv-2024.1-a",
        "link_id": "lnk_4fT9sQ2mXw7LkZp0vBnR1c",
        "district_code": "310115",
        "granularity": "DAY",
        "business_day": "2026-03-01",
        "activity_start": "2026-03-01T00:00:00+08:00",
        "activity_end": "2026-03-02T00:00:00+08:00",
        "device_id": "dev-pv-01",
        "device_state": "N",
        "data_source": "METERED",
        "activity": {
            "capacity_kw": "6.000",
            "grid_connected_on": "2024-05-01",
            "generation_kwh": "23.456",
            "valid_intervals": 96,
            "expected_intervals": 96,
        },
        "baseline_kg": "9.851520",
        "scenario_kg": "0.000000",
        "reduction_kg": "9.851520",
    }
    return _with(record, members)


def a_ride(**members: Any) -> dict[str, Any]:
    ride = {
        "scheme": "BIKE",
        "granularity": "EVENT",
        "data_source": "GNSS",
        "activity_start": "2026-03-01T23:50:00+08:00",
        "activity_end": "2026-03-01T16:05:00Z",
        "baseline_kg": "0.110000",
        "reduction_kg": "0.110000",
    }
    record = {
        **a_day(),
        **ride,
        "activity": {"distance_km": "2.200", "duration_s": 900, "propulsion": "human"},
    }
    return _with(record, members)


def _with(record: dict[str, Any], members: dict[str, Any]) -> dict[str, Any]:
    changed = copy.deepcopy(record)
    for name, value in members.items():
        (changed if name in changed else changed["activity"])[name] = value
    return changed


def hit_by(record: dict[str, Any], received_at: datetime = RECEIVED, times: Times | None = None) -> list[str]:
    assert violations(record) == []
    return [hit.rule_id for hit in check_record(record, received_at=received_at, times=times)]


@pytest.mark.parametrize("record", [a_day(), a_ride()])
def test_a_good_record_meets_every_rule(record: dict[str, Any]) -> None:
    assert hit_by(record) == []


@pytest.mark.parametrize(
    ("record", "rule_ids"),
    [
        (a_day(business_day="2026-02-28"), ["Q-ENV-002"]),
        (a_day(device_state="D"), ["Q-ENV-005"]),
        (a_day(device_state="D", baseline_kg="0", reduction_kg="0"), []),
        (a_day(reduction_kg="9.851521"), ["Q-ENV-006"]),
        (a_day(data_source="ESTIMATED"), ["Q-ENV-007"]),
        (a_day(generation_kwh="48.001"), ["Q-PV-001"]),
        (a_day(generation_kwh="23456.000"), ["Q-PV-001", "Q-PV-009"]),
        (a_day(valid_intervals=97), ["Q-PV-002"]),
        (
            a_day(activity_start="2026-03-01T00:00:00Z", activity_end="2026-03-02T00:00:00Z"),
            ["Q-ENV-003", "Q-PV-003"],
        ),
        (a_day(valid_intervals=87), []),
        (a_day(valid_intervals=86), ["Q-PV-005"]),
        (a_day(grid_connected_on="2026-03-02"), ["Q-PV-008"]),
        (a_ride(duration_s=59), ["Q-BIKE-001", "Q-BIKE-004", "Q-BIKE-005"]),
        (a_ride(distance_km="0.000"), ["Q-BIKE-002"]),
        (a_ride(distance_km="0.099"), ["Q-BIKE-003"]),
        (a_ride(distance_km="7.501"), ["Q-BIKE-004"]),
        (a_ride(duration_s=15), ["Q-BIKE-001", "Q-BIKE-004", "Q-BIKE-005"]),
        (a_ride(propulsion="assist", energy_kwh="10"), ["Q-BIKE-007"]),
        (a_ride(business_day="2026-03-02"), ["Q-ENV-002"]),
    ],
)
def test_one_fault_is_told_by_the_rules_it_offends(record: dict[str, Any], rule_ids: list[str]) -> None:
    assert hit_by(record) == rule_ids


def test_a_record_is_neither_early_nor_late_inside_its_window() -> None:
    ended, window = parse_instant("2026-03-02T00:00:00+08:00"), timedelta(days=30)
    moment = timedelta(microseconds=1)
    assert hit_by(a_day(), ended) == []
    assert hit_by(a_day(), ended - moment) == ["Q-ENV-003"]
    assert hit_by(a_day(), ended + window) == []
    assert hit_by(a_day(), ended + window + moment) == ["Q-ENV-004"]


def test_the_late_window_is_the_one_advertised() -> None:
    times = Times.from_mapping({"late_window_days": 0.5})
    assert hit_by(a_day(), RECEIVED + timedelta(hours=12), times) == ["Q-ENV-004"]
    (hit,) = check_record(a_day(), received_at=RECEIVED + timedelta(days=1), times=times)
    assert (hit.severity, hit.reason, hit.clause) == ("reject", "record-late", "WRT-008")
    assert "0.5 日" in hit.zh
