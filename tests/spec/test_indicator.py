"""IND-001: a record matches the schema that follows from the indicators, and a refusal says where and why."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tanpuhui.spec.element_schema import element_schema
from tanpuhui.spec.indicator import (
    Element,
    InvalidIndicator,
    envelope,
    expectation,
    record_schema,
    record_validator,
    schemes,
    violations,
)


def a_pv_record(**members: Any) -> dict[str, Any]:
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
        "activity_end": "2026-03-01T16:00:00Z",
        "device_id": "dev-pv-01",
        "device_state": "N",
        "data_source": "METERED",
        "activity": an_activity(),
        "baseline_kg": "9.851520",
        "scenario_kg": "0.000000",
        "reduction_kg": "9.851520",
    }
    return {**record, **members}


def an_activity(**members: Any) -> dict[str, Any]:
    plant = {"capacity_kw": "6.000", "grid_connected_on": "2024-05-01", "generation_kwh": "23.456"}
    return {**plant, "valid_intervals": 96, "expected_intervals": 96, **members}


def a_ride(**activity: Any) -> dict[str, Any]:
    ride = {"distance_km": "2.200", "duration_s": 900, "propulsion": "human", **activity}
    return a_pv_record(scheme="BIKE", granularity="EVENT", data_source="GNSS", activity=ride)


def a_rail_trip(**activity: Any) -> dict[str, Any]:
    trip: dict[str, Any] = {"entry_station": "SH-0247", "exit_station": "SH-0113", "distance_km": "8.500"}
    trip |= {"duration_s": 1500, "ticket_medium": "qr", **activity}
    return a_pv_record(scheme="RAIL", granularity="EVENT", data_source="TRANSACTION", activity=trip)


def a_bus_trip(**activity: Any) -> dict[str, Any]:
    trip: dict[str, Any] = {
        "line_id": "L0071",
        "board_stop": "S1",
        "alight_stop": "S2",
        "distance_km": "6.200",
    }
    trip |= {"duration_s": 1260, "distance_method": "ACTUAL_OD", **activity}
    return a_pv_record(scheme="BUS", granularity="EVENT", data_source="TRANSACTION", activity=trip)


def a_single_tap() -> dict[str, Any]:
    record = a_bus_trip(distance_method="LINE_AVERAGE")
    del record["activity"]["alight_stop"]
    return record | {"data_source": "ESTIMATED"}


def an_ev_day(**activity: Any) -> dict[str, Any]:
    day = {"odometer_start_km": "18230.500", "odometer_end_km": "18262.900", "distance_km": "32.400"}
    return a_pv_record(scheme="EV", activity={**day, "energy_kwh": "4.860", "trips": 2, **activity})


def a_home(**activity: Any) -> dict[str, Any]:
    month = {"peak_kwh": "112.000", "valley_kwh": "48.000", "total_kwh": "160.000", "baseline_kwh": "180.500"}
    return a_pv_record(
        scheme="HOME", granularity="MONTH", activity={**month, "tier": 1, "has_pv": "no", **activity}
    )


def an_element(**members: Any) -> Element:
    words = dict.fromkeys(
        ("name_zh", "name_en", "definition_zh", "definition_en", "source_zh", "source_en"), "x"
    )
    kind: dict[str, Any] = {"id": "x", "type": "decimal", "obligation": "mandatory", "privacy": "none"}
    return Element(**{**words, **kind, **members})


@pytest.mark.parametrize(
    "record",
    [
        a_pv_record(),
        a_ride(),
        a_ride(propulsion="assist", energy_kwh="0.010"),
        a_rail_trip(),
        a_bus_trip(),
        a_single_tap(),
        an_ev_day(),
        a_home(),
    ],
)
def test_a_sound_record_matches_its_schema_by_two_validators(record: dict[str, Any]) -> None:
    assert record_validator().is_valid(record)
    assert Draft202012Validator(record_schema()).is_valid(record)
    assert violations(record) == []


@pytest.mark.parametrize(
    ("record", "pointer", "code"),
    [
        (a_pv_record(activity=an_activity(generation_kwh=23.456)), "/activity/generation_kwh", "type"),
        (a_pv_record(activity=an_activity(generation_kwh="23.4567")), "/activity/generation_kwh", "form"),
        (a_pv_record(activity=an_activity(generation_kwh="-0.001")), "/activity/generation_kwh", "form"),
        (a_pv_record(activity=an_activity(generation_kwh="1e3")), "/activity/generation_kwh", "form"),
        (a_pv_record(activity=an_activity(generation_kwh="２３.456")), "/activity/generation_kwh", "form"),
        (a_pv_record(activity=an_activity(generation_kwh="23.456\n")), "/activity/generation_kwh", "form"),
        (a_pv_record(activity=an_activity(capacity_kw="1000000")), "/activity/capacity_kw", "form"),
        (a_pv_record(activity=an_activity(valid_intervals=-1)), "/activity/valid_intervals", "range"),
        (
            a_pv_record(activity=an_activity(valid_intervals=Decimal("96.0"))),
            "/activity/valid_intervals",
            "type",
        ),
        (a_pv_record(activity=an_activity(valid_intervals=True)), "/activity/valid_intervals", "type"),
        (
            a_pv_record(activity=an_activity(grid_connected_on="2024-02-30")),
            "/activity/grid_connected_on",
            "form",
        ),
        (a_pv_record(record_id="0199c1f0-3a5b-7d10-8c44-5b1f0e9d7a21\n"), "/record_id", "form"),
        (a_pv_record(activity_start="2026-03-01T00:00:00"), "/activity_start", "form"),
        (a_pv_record(activity_start="2026-03-01 00:00:00+08:00"), "/activity_start", "form"),
        (a_pv_record(activity_start="2026-03-01T23:59:60+08:00"), "/activity_start", "form"),
        (a_pv_record(activity_start="2026-03-01T24:00:00+08:00"), "/activity_start", "form"),
        (a_pv_record(device_state="X"), "/device_state", "value"),
        (a_pv_record(granularity="EVENT"), "/granularity", "value"),
        (a_pv_record(data_source="GNSS"), "/data_source", "value"),
        (a_pv_record(activity={}), "/activity/capacity_kw", "missing"),
        (a_pv_record(revision=2), "/revision", "unknown"),
        (a_pv_record(activity=an_activity(lon="121.47")), "/activity/lon", "unknown"),
        (a_pv_record(scheme="WALK"), "/scheme", "value"),
        (a_pv_record(district_code="31011"), "/district_code", "form"),
        (a_bus_trip(distance_method="LINE_AVERAGE"), "/activity/alight_stop", "unexpected"),
        (a_bus_trip(alight_stop=None), "/activity/alight_stop", "type"),
        (a_home(tier=4), "/activity/tier", "range"),
        (a_home(has_pv=False), "/activity/has_pv", "value"),
        (a_ride(propulsion="assist"), "/activity/energy_kwh", "missing"),
        (a_ride(energy_kwh="0.010"), "/activity/energy_kwh", "unexpected"),
        ([], "", "type"),
    ],
)
def test_a_departure_is_refused_and_named_by_its_place(record: Any, pointer: str, code: str) -> None:
    assert not record_validator().is_valid(record)
    assert (pointer, code) in {(found.pointer, found.code) for found in violations(record)}


def test_a_missing_member_is_told_with_what_belongs_there() -> None:
    record = a_pv_record()
    del record["link_id"]
    (found,) = violations(record)
    assert found.pointer == "/link_id"
    assert found.zh.startswith("缺少；应符合")
    assert found.en.startswith("missing; shall match")


def test_an_explanation_repeats_nothing_of_what_was_received() -> None:
    mobile = "13800138000"
    record = a_pv_record(device_id=f"{mobile}!", **{mobile: mobile}, activity=an_activity(capacity_kw=mobile))
    found = violations(record)
    assert len(found) == 3
    assert mobile not in repr(found)


def test_an_open_schema_lets_a_reader_ignore_unknown_members() -> None:
    record = a_pv_record(later="x", activity=an_activity(later="x"))
    assert Draft202012Validator(record_schema(closed=False)).is_valid(record)


def test_every_element_of_the_law_can_be_put_into_words_and_schema() -> None:
    elements = [*envelope(), *(element for scheme in schemes().values() for element in scheme.elements)]
    for element in elements:
        assert expectation(element).zh
        assert element_schema(element)["description"].startswith(element.name_zh)
    assert {element.privacy for element in elements} == {"none", "pseudonym", "behaviour"}


def test_every_scheme_says_what_its_device_is_and_what_has_to_be_on_file() -> None:
    duties = {code: scheme.device for code, scheme in schemes().items()}
    assert {code for code, duty in duties.items() if duty.registered} == {"EV", "HOME", "PV"}
    assert {code for code, duty in duties.items() if duty.calibrated} == {"HOME", "PV"}
    assert {duty.kind for duty in duties.values()} == {
        "gate", "terminal", "lock", "telematics", "meter", "inverter",
    }  # fmt: skip


def test_a_decimal_whose_bound_its_digits_cannot_express_is_refused() -> None:
    with pytest.raises(InvalidIndicator, match="all nines"):
        element_schema(an_element(unit="kW", precision=3, maximum="1000.000"))
