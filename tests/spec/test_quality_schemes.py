"""QUA-001 in the schemes of travel by rail, bus and car and of the home: good records pass, faults are told."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tanpuhui.spec.business_time import parse_instant
from tanpuhui.spec.indicator import violations
from tanpuhui.spec.quality import check_record

RECEIVED = parse_instant("2026-03-02T00:05:00+08:00")
ENVELOPE: dict[str, Any] = {
    "record_id": "0199c1f0-3a5b-7d10-8c44-5b1f0e9d7a21",
    "methodology": "ILLUSTRATIVE-RAIL-2024",
    "methodology_version": "2024.1",
    "parameter_set": "rail-2024.1-a",
    "link_id": "lnk_4fT9sQ2mXw7LkZp0vBnR1c",
    "district_code": "310115",
    "granularity": "EVENT",
    "business_day": "2026-03-01",
    "activity_start": "2026-03-01T08:00:00+08:00",
    "activity_end": "2026-03-01T08:20:00+08:00",
    "device_id": "dev-01",
    "device_state": "N",
    "data_source": "TRANSACTION",
    "baseline_kg": "0.765000",
    "scenario_kg": "0.255000",
    "reduction_kg": "0.510000",
}
A_DAY = {
    "granularity": "DAY",
    "activity_start": "2026-03-01T00:00:00+08:00",
    "activity_end": "2026-03-02T00:00:00+08:00",
    "data_source": "METERED",
}
A_MONTH = {
    "granularity": "MONTH",
    "business_day": "2026-02-01",
    "activity_start": "2026-02-01T00:00:00+08:00",
    "activity_end": "2026-03-01T00:00:00+08:00",
    "data_source": "METERED",
}


def a_record(scheme: str, **members: Any) -> dict[str, Any]:
    record: dict[str, Any] = copy.deepcopy({**ENVELOPE, "scheme": scheme, **ACTIVITIES[scheme]})
    for name, value in members.items():
        (record if name in record else record["activity"])[name] = value
    return record


ACTIVITIES: dict[str, dict[str, Any]] = {
    "RAIL": {
        "activity": {
            "entry_station": "0111",
            "exit_station": "0234",
            "distance_km": "8.500",
            "duration_s": 1200,
            "ticket_medium": "qr",
        }
    },
    "BUS": {
        "activity": {
            "line_id": "71",
            "board_stop": "S-0107",
            "alight_stop": "S-0112",
            "distance_km": "6.200",
            "duration_s": 1200,
            "distance_method": "ACTUAL_OD",
        }
    },
    "EV": {
        **A_DAY,
        "activity": {
            "odometer_start_km": "12000.000",
            "odometer_end_km": "12032.400",
            "distance_km": "32.400",
            "energy_kwh": "4.860",
            "trips": 3,
        },
    },
    "HOME": {
        **A_MONTH,
        "activity": {
            "peak_kwh": "120.500",
            "valley_kwh": "60.250",
            "total_kwh": "180.750",
            "baseline_kwh": "201.250",
            "tier": 1,
            "has_pv": "no",
        },
    },
}


def hit_by(record: dict[str, Any]) -> list[str]:
    assert violations(record) == []
    return [hit.rule_id for hit in check_record(record, received_at=RECEIVED)]


@pytest.mark.parametrize("scheme", ACTIVITIES)
def test_a_good_record_meets_every_rule(scheme: str) -> None:
    assert hit_by(a_record(scheme)) == []


def test_a_single_tap_is_an_estimate_and_says_so() -> None:
    single = a_record("BUS", distance_method="LINE_AVERAGE")
    del single["activity"]["alight_stop"]
    assert hit_by(single) == ["Q-BUS-006"]
    assert hit_by({**single, "data_source": "ESTIMATED"}) == ["Q-ENV-007"]


@pytest.mark.parametrize(
    ("record", "rule_ids"),
    [
        (a_record("RAIL", distance_km="0"), ["Q-RAIL-001"]),
        (a_record("RAIL", distance_km="8500.000"), ["Q-RAIL-002", "Q-RAIL-005"]),
        (a_record("RAIL", duration_s=20), ["Q-RAIL-003", "Q-RAIL-005", "Q-RAIL-007"]),
        (a_record("RAIL", exit_station="0111"), ["Q-RAIL-006"]),
        (a_record("RAIL", activity_end="2026-03-01T13:20:00+08:00", duration_s=19200), ["Q-RAIL-004"]),
        (a_record("BUS", distance_km="0"), ["Q-BUS-001"]),
        (a_record("BUS", distance_km="60.001"), ["Q-BUS-002", "Q-BUS-004"]),
        (a_record("BUS", data_source="ESTIMATED"), ["Q-ENV-007", "Q-BUS-007"]),
        (a_record("BUS", alight_stop="S-0107"), ["Q-BUS-008"]),
        (a_record("EV", odometer_end_km="11999.999"), ["Q-EV-001", "Q-EV-003"]),
        (a_record("EV", distance_km="0"), ["Q-EV-002", "Q-EV-003"]),
        (a_record("EV", energy_kwh="4860.000"), ["Q-EV-004"]),
        (a_record("EV", energy_kwh="0"), ["Q-EV-004"]),
        (a_record("EV", distance_km="601", energy_kwh="90", odometer_end_km="12601"), ["Q-EV-005"]),
        (a_record("EV", trips=61), ["Q-EV-007"]),
        (a_record("EV", activity_end="2026-03-01T23:00:00+08:00"), ["Q-EV-006"]),
        (a_record("HOME", total_kwh="180.761"), ["Q-HOME-001"]),
        (a_record("HOME", peak_kwh="0", valley_kwh="0", total_kwh="0"), ["Q-HOME-003", "Q-HOME-004"]),
        (a_record("HOME", baseline_kwh="2415.000"), ["Q-HOME-003", "Q-HOME-008"]),
        (a_record("HOME", activity_end="2026-02-28T00:00:00+08:00"), ["Q-HOME-005"]),
        (a_record("HOME", activity_end="2026-02-28T16:00:00Z"), []),
        (a_record("HOME", baseline_kwh="0"), ["Q-HOME-006"]),
        (a_record("HOME", peak_kwh="1", valley_kwh="199", total_kwh="200"), ["Q-HOME-007"]),
    ],
)
def test_one_fault_is_told_by_the_rules_it_offends(record: dict[str, Any], rule_ids: list[str]) -> None:
    assert hit_by(record) == rule_ids


@pytest.mark.parametrize("scheme", ["EV", "HOME"])
def test_a_period_in_another_state_is_written_as_it_is(scheme: str) -> None:
    """DEV-002: such records are due, claim nothing, and are not judged by quantities that may be wrong."""
    zero = dict.fromkeys(("baseline_kg", "scenario_kg", "reduction_kg"), "0")
    faults = {
        "EV": {"odometer_end_km": "3.000", "distance_km": "0", "energy_kwh": "0"},
        "HOME": {"peak_kwh": "0", "valley_kwh": "0", "total_kwh": "0"},
    }
    assert hit_by(a_record(scheme, device_state="D", **zero, **faults[scheme])) == []
