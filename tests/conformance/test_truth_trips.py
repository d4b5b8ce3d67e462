"""Metro and bus trips at the edges have the fates that they were made for, and exact quantities."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from tanpuhui.conformance.chance import chance
from tanpuhui.conformance.truth.inventors import INVENTORS
from tanpuhui.conformance.truth.record import Horizon, expected_verdict
from tanpuhui.spec.business_time import SHANGHAI
from tanpuhui.spec.methodology import parameter_set

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from tanpuhui.conformance.truth.expected import World

TURN = datetime(2026, 7, 1, tzinfo=SHANGHAI)
HORIZON = Horizon(datetime(2026, 7, 14, 10, 30, tzinfo=SHANGHAI), 25)
SHARED = {
    "starts one second before midnight": "due",
    "goes on over midnight": "due",
    "instants with fractions of a second": "due",
    "just inside the late window": "due",
    "just beyond the late window": "late",
    "not ended yet": "not-ended",
    "the link is suspended": "link",
    "before the link was revoked": "due",
    "after the link was revoked": "link",
    "starts in the second in which the link begins": "due",
    "starts one second before the link begins": "link",
    "a link that the platform does not list": "link",
    "outside the city": "exclusion",
    "Chongming, inside the city": "due",
    "no distance": "rule",
}
OF_RAIL = {
    "exactly 60 seconds": "due",
    "59 seconds": "rule",
    "exactly 80 km/h": "due",
    "just above 80 km/h": "rule",
    "in and out at one station": "rule",
}
OF_BUS = {
    "exactly 60 km/h": "due",
    "just above 60 km/h": "rule",
    "line 71, boarded and never tapped out": "due",
    "boarded before midnight, never tapped out": "due",
}


@pytest.fixture(scope="module", params=["RAIL", "BUS"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def world(scheme: str) -> World:
    return INVENTORS[scheme].edges(chance(9, "tests"), HORIZON, TURN)


def test_every_trip_is_told_apart_by_its_label(world: World) -> None:
    labels = [expected.label.en for expected in world.expected]
    assert len(labels) == len(set(labels)) == len(world.activities)


def test_an_edge_has_its_fate(world: World, scheme: str) -> None:
    fates = {expected.label.en: expected.fate for expected in world.expected}
    for label, fate in (SHARED | {"RAIL": OF_RAIL, "BUS": OF_BUS}[scheme]).items():
        assert (label, fates[label]) == (label, fate)


def test_the_doubtful_ones_are_held(world: World, scheme: str) -> None:
    held = {it.label.en for it in world.due if expected_verdict(it) == "held"}
    assert (
        held
        == {
            "RAIL": {"one metre above 130 km", "a second above four hours"},
            "BUS": {"one metre above 60 km", "a second above three hours"},
        }[scheme]
    )


def test_a_trip_belongs_to_the_day_in_which_it_starts(world: World) -> None:
    records = {it.label.en: it.record for it in world.expected}
    assert records["goes on over midnight"]["business_day"] == "2026-06-30"
    assert records["starts at midnight"]["business_day"] == "2026-07-01"
    sets = {
        records[it]["parameter_set"] for it in ("starts one second before midnight", "starts at midnight")
    }
    assert len(sets) == 2, "parameters change at this midnight"


def test_the_accounts_are_exact_and_cut_at_the_end(world: World, scheme: str) -> None:
    for it in world.expected:
        baseline, own = _by_hand(scheme, it.record)
        for name, value in (
            ("baseline_kg", baseline),
            ("scenario_kg", own),
            ("reduction_kg", baseline - own),
        ):
            micros = int(max(value, Fraction(0)) * 10**6)
            assert it.record[name] == f"{micros // 10**6}.{micros % 10**6:06d}"


def _by_hand(scheme: str, record: Mapping[str, Any]) -> tuple[Fraction, Fraction]:
    figures = {name: Fraction(value) for name, value in parameter_set(record["parameter_set"]).values.items()}
    distance = Fraction(record["activity"]["distance_km"])
    shared = figures.get("share_replaced", Fraction(1))
    own = figures["ef_rail" if scheme == "RAIL" else "ef_bus"]
    return distance * figures["ef_baseline"] * shared, distance * own


def test_a_single_tap_is_the_published_average_of_the_line() -> None:
    world = INVENTORS["BUS"].edges(chance(2, "tests"), HORIZON, TURN)
    single = next(it for it in world.expected if it.label.en == "line B-49, boarded and never tapped out")
    activity = single.record["activity"]
    assert (activity["distance_km"], activity["duration_s"]) == ("4.317", 1087)
    assert activity["distance_method"] == "LINE_AVERAGE"
    assert "alight_stop" not in activity


def test_trips_need_no_registered_device(world: World) -> None:
    assert world.devices == ()
