"""Devices of invented plants: what is calibrated when the activity starts counts, and nothing else."""

from __future__ import annotations

from datetime import datetime

import pytest

from tanpuhui.conformance.chance import chance
from tanpuhui.conformance.truth.expected import World, joined
from tanpuhui.conformance.truth.inventors import INVENTORS
from tanpuhui.conformance.truth.record import Horizon
from tanpuhui.spec.business_time import SHANGHAI
from tanpuhui.spec.element import schemes

TURN = datetime(2026, 7, 1, tzinfo=SHANGHAI)
HORIZON = Horizon(datetime(2026, 7, 14, 10, 30, tzinfo=SHANGHAI), 25)


@pytest.fixture(scope="module")
def world() -> World:
    return INVENTORS["PV"].edges(chance(5, "tests"), HORIZON, TURN)


@pytest.mark.parametrize(
    ("what", "fates"),
    [
        ("the calibration ends", ["due", "due", "device"]),
        ("the calibration begins", ["device", "device", "due"]),
        ("a new certificate follows at once", ["due", "due", "due"]),
        ("a day between two certificates", ["due", "due", "device"]),
        ("no certificate at all", ["device"] * 3),
        ("a device that the ledger does not have", ["device"] * 3),
    ],
)
def test_validity_is_asked_at_the_start_of_each_day(world: World, what: str, fates: list[str]) -> None:
    labels = [f"{what}, {place}" for place in ("the day before", "the same day", "the day after")]
    assert [it.fate for label in labels for it in world.expected if it.label.en == label] == fates


def test_the_successor_names_the_device_that_it_replaces(world: World) -> None:
    (old,) = {_device(world, "the device that was replaced")}
    ledger = {device["device_id"]: device for device in world.devices}
    assert ledger[_device(world, "the device that replaces it")]["replaces"] == old
    assert ledger[old]["replaces"] is None


def test_the_ledger_has_no_device_that_it_does_not_know(world: World) -> None:
    unknown = _device(world, "a device that the ledger does not have, the same day")
    assert unknown not in {device["device_id"] for device in world.devices}


def test_a_fault_stands_in_the_ledger_as_in_the_readings(world: World) -> None:
    faulty = next(it for it in world.expected if it.label.en == "a faulty device all day")
    ledger = {device["device_id"]: device for device in world.devices}
    assert faulty.record["device_state"] == "D"
    assert [one["state"] for one in ledger[faulty.record["device_id"]]["states"]] == ["D"]


def test_worlds_carry_the_ledger_through_a_transcript(world: World) -> None:
    assert World.from_mapping(world.as_mapping()).devices == world.devices


def test_every_scheme_that_the_law_knows_is_invented() -> None:
    assert set(INVENTORS) == set(schemes())
    both = joined(one.edges(chance(1, "tests"), HORIZON, TURN) for one in INVENTORS.values())
    assert {it.record["scheme"] for it in both.expected} == set(schemes())


def _device(world: World, label: str) -> str:
    return str(next(it for it in world.expected if it.label.en == label).record["device_id"])
