"""A unit is changed where the file itself proves it, and only doubted where it does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tanpuhui.reference_client.calling.errors import InvalidInput
from tanpuhui.reference_client.exports.export import Export, Source, read_export
from tanpuhui.reference_client.exports.sheet import Terms

if TYPE_CHECKING:
    from pathlib import Path

LINK = "lnk_" + "a" * 22
SECONDS = (600, 725, 480, 1310, 902)
Read = Callable[..., Export]


@pytest.fixture
def rides(tmp_path: Path) -> Read:
    """Rides of about 3 m/s: distances and durations as told by the test, times to the second."""

    def read(distance: str, duration: str, told: Callable[[int], tuple[Any, Any]], **terms: Any) -> Export:
        lines = [f"trip_id,bike_id,operator,start,end,{distance},{duration}"]
        for number, seconds in enumerate(SECONDS):
            start = datetime.fromisoformat("2026-03-09T08:00:10+08:00") + timedelta(hours=number)
            metres, length = told(seconds)
            end = start + timedelta(seconds=seconds)
            lines.append(f"{number},bike-{number},op,{start},{end},{metres},{length}")
        (tmp_path / "rides.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return read_export(Source(tmp_path / "rides.csv"), Terms(link_id=LINK, **terms))

    return read


def found(export: Export) -> dict[str, tuple[str, int]]:
    return {wart.kind.id: (wart.detail, wart.count) for wart in export.warts}


@pytest.mark.parametrize(
    ("heading", "told", "unit"),
    [
        ("duration", lambda seconds: seconds * 1000 + 37, "ms"),
        ("duration_s", lambda seconds: round(seconds / 60, 2), "min"),
        ("时长（分钟）", lambda seconds: seconds, "s"),
        ("duration", lambda seconds: round(seconds / 3600, 4), "h"),
    ],
)
def test_a_duration_that_is_a_constant_factor_off_is_in_another_unit(
    rides: Read, heading: str, told: Callable[[int], Any], unit: str
) -> None:
    export = rides("distance_m", heading, lambda seconds: (seconds * 3, told(seconds)))
    assert found(export)["duration-unit"] == (f"op {heading}={unit}", 5)
    assert "duration-disagrees" not in found(export)


def test_a_duration_in_its_own_unit_is_left_alone(rides: Read) -> None:
    export = rides("distance_m", "时长(秒)", lambda seconds: (seconds * 3, seconds))
    assert not {"duration-unit", "duration-disagrees"} & set(found(export))


def test_a_single_duration_that_disagrees_is_flagged_and_the_times_hold(rides: Read) -> None:
    export = rides(
        "distance_m", "duration", lambda seconds: (seconds * 3, 555 if seconds == 480 else seconds)
    )
    assert [wart.lines for wart in export.wart("duration-disagrees")] == [(4,)]
    assert len(export.activities) == 5


def test_a_ride_that_is_short_by_its_own_clock_is_no_trip(rides: Read) -> None:
    export = rides("distance_m", "duration", lambda seconds: (seconds * 3, 48 if seconds == 480 else seconds))
    assert [(wart.detail, wart.lines) for wart in export.wart("duration-short")] == [("60", (4,))]
    assert len(export.activities) == 4


@pytest.mark.parametrize(
    ("metres", "unit"), [(lambda seconds: seconds * 3, "m"), (lambda seconds: seconds * 3 / 1000, "km")]
)
def test_a_distance_without_a_unit_has_the_only_one_that_is_possible(
    rides: Read, metres: Callable[[int], Any], unit: str
) -> None:
    export = rides("里程", "duration", lambda seconds: (metres(seconds), seconds))
    assert export.activities[0]["distance_m"] == 1800
    assert found(export)["unit-inferred"] == (f"op 里程={unit}", 5)


def test_a_distance_that_no_unit_suits_needs_its_unit_named(rides: Read) -> None:
    def told(seconds: int) -> tuple[Any, Any]:
        return seconds * 60, seconds

    with pytest.raises(InvalidInput, match="--unit distance="):
        rides("里程", "duration", told)
    assert rides("里程", "duration", told, units={"distance": "m"}).activities[0]["distance_m"] == 36_000


def test_a_stated_distance_that_looks_wrong_is_doubted_and_not_changed(rides: Read) -> None:
    export = rides("distance_km", "duration", lambda seconds: (seconds * 3, seconds))
    assert found(export)["unit-doubtful"] == ("op distance_km=m", 5)
    assert export.activities[0]["distance_m"] == 1_800_000
    named = rides("distance_km", "duration", lambda s: (s * 3, s), units={"distance": "m"})
    assert (named.activities[0]["distance_m"], "unit-doubtful" in found(named)) == (1800, False)


def test_a_unit_that_measures_something_else_is_no_unit(rides: Read) -> None:
    with pytest.raises(InvalidInput, match="IND-002"):
        rides("distance_km", "duration", lambda s: (s * 3, s), units={"distance": "kWh"})


def test_units_inside_cells_go_before_those_of_the_column(rides: Read) -> None:
    export = rides("distance_km", "duration", lambda seconds: (f"{seconds * 3}米", seconds))
    assert export.activities[0]["distance_m"] == 1800
    assert found(export)["unit-in-cell"] == ("distance_km", 5)


def test_groups_are_judged_by_themselves(tmp_path: Path) -> None:
    lines = ["trip_id,bike_id,city,start,end,distance_m,duration"]
    for number in range(8):
        city, start = ("aa", "08:00:30") if number % 2 else ("bb", "08:00:00")
        end, told = ("08:10:45", 615) if number % 2 else ("08:10:00", 612_345)
        lines.append(f"{number},bike-{number},{city},2026-03-09 {start},2026-03-09 {end},1800,{told}")
    (tmp_path / "rides.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    export = read_export(Source(tmp_path / "rides.csv"), Terms(link_id=LINK))
    assert [(wart.detail, wart.lines) for wart in export.wart("duration-unit")] == [
        ("bb duration=ms", (2, 4, 6, 8))
    ]
    assert [(wart.detail, wart.count) for wart in export.wart("minute-resolution")] == [("bb", 4)]
