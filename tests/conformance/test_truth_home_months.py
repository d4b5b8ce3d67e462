"""Households over two months: each month by the parameters, the certificate and the meter of its own begin."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from tanpuhui.conformance.chance import chance
from tanpuhui.conformance.truth.home_months import households_over
from tanpuhui.conformance.truth.record import Horizon
from tanpuhui.conformance.truth.turns import latest_turn
from tanpuhui.conformance.truth.world import world_of
from tanpuhui.spec.business_time import SHANGHAI, business_day
from tanpuhui.spec.methodology import named

if TYPE_CHECKING:
    from tanpuhui.conformance.truth.expected import World

HORIZON = Horizon(datetime(2026, 8, 5, 10, tzinfo=SHANGHAI), 60)


@pytest.fixture(scope="module")
def world() -> World:
    turn = business_day(latest_turn(("HOME",)))
    return world_of(households_over(chance(3, "tests"), HORIZON, turn), HORIZON)


def test_the_two_months_have_parameters_of_their_own(world: World) -> None:
    sets = {it.label.en: it.record["parameter_set"] for it in world.expected}
    assert sets["the month before the change"] != sets["the month after the change"]


def test_one_meter_goes_on_from_where_it_was(world: World) -> None:
    readings = world.activities[0]["readings"]
    assert [it["peak_wh"] for it in readings] == sorted(it["peak_wh"] for it in readings)
    assert len(world.activities[0]["months"]) == 2


def test_a_certificate_counts_for_the_months_that_begin_inside_it(world: World) -> None:
    fates = [(it.label.en.split()[2], it.fate) for it in world.expected if "the month" in it.label.en]
    assert fates == [
        ("before", "due"), ("after", "due"),
        ("before", "due"), ("after", "device"),
        ("before", "device"), ("after", "due"),
    ]  # fmt: skip


def test_the_exacting_month_has_just_a_five_in_the_seventh_place(world: World) -> None:
    (exacting,) = (it.record for it in world.expected if "seventh place" in it.label.en)
    _, parameters = named(
        *(exacting[name] for name in ("methodology", "methodology_version", "parameter_set"))
    )
    told = exacting["activity"]
    saved = Decimal(told["baseline_kwh"]) - Decimal(told["total_kwh"])
    exact = Fraction(saved) * Fraction(parameters.values["ef_grid"])
    assert exact * 10**6 % 1 == Fraction(1, 2)
    assert Fraction(exacting["reduction_kg"]) == Fraction(int(exact * 10**6), 10**6)


def test_the_successor_takes_over_at_the_turn(world: World) -> None:
    (successor,) = (device for device in world.devices if device["replaces"] is not None)
    assert successor["replaces"] in {device["device_id"] for device in world.devices}
