"""Rides at the edges have the fates that they were made for, and exact quantities."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from tanpuhui.conformance.chance import chance
from tanpuhui.conformance.truth.bike_cases import edge_rides
from tanpuhui.conformance.truth.devices import utc_text
from tanpuhui.conformance.truth.record import Horizon, expected_verdict, thousandths
from tanpuhui.conformance.truth.world import world_of
from tanpuhui.spec.business_time import SHANGHAI
from tanpuhui.spec.methodology import parameter_set

if TYPE_CHECKING:
    from tanpuhui.conformance.truth.expected import World

TURN = datetime(2026, 7, 1, tzinfo=SHANGHAI)
HORIZON = Horizon(datetime(2026, 7, 14, 10, 30, tzinfo=SHANGHAI), 25)


@pytest.fixture(scope="module")
def world() -> World:
    return world_of(edge_rides(chance(9, "tests"), HORIZON, TURN), HORIZON)


def test_every_ride_is_told_apart_by_its_label(world: World) -> None:
    labels = [expected.label.en for expected in world.expected]
    assert len(labels) == len(set(labels)) == len(world.activities)


@pytest.mark.parametrize(
    ("label", "fate"),
    [
        ("starts one second before midnight", "due"),
        ("goes on over midnight", "due"),
        ("exactly 60 seconds", "due"),
        ("59 seconds", "rule"),
        ("no distance", "rule"),
        ("exactly 30 km/h", "due"),
        ("just above 30 km/h", "rule"),
        ("just inside the late window", "due"),
        ("just beyond the late window", "late"),
        ("not ended yet", "not-ended"),
        ("the link is suspended", "link"),
        ("before the link was revoked", "due"),
        ("after the link was revoked", "link"),
        ("starts in the second in which the link begins", "due"),
        ("starts one second before the link begins", "link"),
        ("a link that the platform does not list", "link"),
    ],
)
def test_an_edge_has_its_fate(world: World, label: str, fate: str) -> None:
    assert next(it for it in world.expected if it.label.en == label).fate == fate


def test_a_ride_belongs_to_the_shanghai_day_in_which_it_starts(world: World) -> None:
    days = {it.label.en: it.record["business_day"] for it in world.expected}
    assert days["starts one second before midnight"] == days["goes on over midnight"] == "2026-06-30"
    assert days["starts at midnight"] == days["early morning, still the day before in UTC"] == "2026-07-01"


def test_the_doubtful_ones_are_held(world: World) -> None:
    held = {it.label.en for it in world.due if expected_verdict(it) == "held"}
    assert held == {"99 metres, to be held", "beyond 30 km, to be held", "assisted, no reduction left"}


def test_the_accounts_are_exact_and_cut_at_the_end(world: World) -> None:
    for it in world.expected:
        figures = parameter_set(it.record["parameter_set"]).values
        activity = it.record["activity"]
        baseline = Fraction(activity["distance_km"]) * Fraction(figures["ef_replaced"])
        own = Fraction(activity.get("energy_kwh", 0)) * Fraction(figures["ef_grid"])
        reduction = max(baseline - own, Fraction(0))
        for name, value in (("baseline_kg", baseline), ("scenario_kg", own), ("reduction_kg", reduction)):
            assert it.record[name] == f"{int(value * 10**6) // 10**6}.{int(value * 10**6) % 10**6:06d}"


def test_one_bicycle_rides_twice_a_day_and_both_rides_count(world: World) -> None:
    by_device: dict[str, int] = {}
    for it in world.due:
        by_device[it.record["device_id"]] = by_device.get(it.record["device_id"], 0) + 1
    assert max(by_device.values()) == 2


def test_only_links_that_the_platform_knows_are_listed(world: World) -> None:
    listed = {link["link_id"] for link in world.links}
    unknown = next(it for it in world.expected if it.label.en == "a link that the platform does not list")
    assert unknown.record["link_id"] not in listed
    assert {it.record["link_id"] for it in world.due} <= listed


@pytest.mark.parametrize(("metres", "text"), [(0, "0.000"), (5, "0.005"), (999, "0.999"), (31007, "31.007")])
def test_metres_become_kilometres_exactly(metres: int, text: str) -> None:
    assert thousandths(metres) == text


def test_the_business_system_writes_utc() -> None:
    assert utc_text(TURN) == "2026-06-30T16:00:00Z"
