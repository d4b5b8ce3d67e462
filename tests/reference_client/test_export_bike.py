from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from tanpuhui.reference_client.calling.errors import InvalidInput
from tanpuhui.reference_client.exports.export import Export, Source, read_export
from tanpuhui.reference_client.exports.sheet import Terms
from tanpuhui.reference_client.shape import activity_faults

if TYPE_CHECKING:
    from pathlib import Path

LINK = "lnk_" + "a" * 22
HEADER = "trip_id,bike_id,start_time,stop_time,distance_km,energy_wh"
LINE = "7,bike-7,2026-03-09 23:50:00,2026-03-10 00:05:00,2.2,"
PLACES = "trip_id,bike_id,start_time,stop_time,start_lon,start_lat,end_lon,end_lat"
BETWEEN = "2026-03-09 08:00:00,2026-03-09 08:10:00"
Read = Callable[..., Export]


@pytest.fixture
def a_file(tmp_path: Path) -> Read:
    def read(*lines: str, header: str = HEADER, **terms: Any) -> Export:
        file = tmp_path / "rides.csv"
        file.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        return read_export(Source(file, "BIKE"), Terms(**{"link_id": LINK, **terms}))

    return read


def counted(export: Export) -> dict[str, tuple[int, tuple[int, ...]]]:
    return {wart.kind.id: (wart.count, wart.lines) for wart in export.warts}


def test_a_line_becomes_one_sound_ride(a_file: Read) -> None:
    (ride,) = a_file(LINE).activities
    assert activity_faults(ride) == ()
    assert (ride["activity_id"], ride["start"], ride["distance_m"]) == (
        "bike-7",
        "2026-03-09T15:50:00Z",
        2200,
    )
    assert (ride["propulsion"], ride["energy_wh"]) == ("human", None)


def test_electricity_makes_an_assisted_ride(a_file: Read) -> None:
    (ride,) = a_file(LINE + "12").activities
    assert (ride["propulsion"], ride["energy_wh"]) == ("assist", 12)


def test_a_file_may_name_its_links_and_districts_and_count_in_metres(a_file: Read) -> None:
    header = "activity_id,device_id,start,end,distance_m,link_id,行政区划代码"
    line = f"7,bike-7,2026-03-09T15:50:00Z,2026-03-09T16:05:00Z,2200,{LINK},310115"
    (ride,) = a_file(line, header=header, link_id=None).activities
    (other,) = a_file(LINE).activities
    assert ride == other | {"district_code": "310115"}


REFUSED = {
    "device-missing": LINE.replace("bike-7", ""),
    "value-negative": LINE.replace("2.2", "-2.2"),
    "value-missing": LINE.replace("2.2", ""),
    "time-invalid": LINE.replace("2026-03-10", "9999-12-31"),
    "time-missing": LINE.replace("2026-03-10 00:05:00", ""),
    "id-missing": LINE.replace("7,", ",", 1),
    "ends-before-start": LINE.replace("2026-03-10", "2026-03-08"),
    "number-invalid": LINE.replace("2.2", "far"),
    "malformed": LINE.replace("bike-7", "B7"),
    "row-shape": LINE + ",,surplus",
}


@pytest.mark.parametrize(("kind", "line"), REFUSED.items(), ids=REFUSED)
def test_a_line_that_is_no_ride_is_named_and_left_out(a_file: Read, kind: str, line: str) -> None:
    export = a_file(LINE.replace("7", "8"), line)
    assert (len(export.activities), export.refused) == (1, 1)
    assert counted(export)[kind] == (1, (3,))


def test_a_ride_without_a_user_is_not_reported(a_file: Read) -> None:
    assert counted(a_file(LINE, link_id=None))["link-missing"] == (1, (2,))


def test_wall_clock_time_is_taken_as_shanghai_and_said_so(a_file: Read) -> None:
    assert counted(a_file(LINE))["time-no-offset"] == (1, (2,))
    named = a_file(LINE, zone=timezone(timedelta(hours=9)))
    assert "time-no-offset" not in counted(named)
    assert named.activities[0]["start"] == "2026-03-09T14:50:00Z"


def test_a_fleet_may_have_one_registered_device(a_file: Read) -> None:
    export = a_file(LINE.replace("bike-7", ""), device_id="fleet-1")
    assert export.activities[0]["device_id"] == "fleet-1"
    assert counted(export)["device-given"] == (1, (2,))


def test_a_prefix_makes_registered_ids_of_short_ones(a_file: Read) -> None:
    export = a_file(LINE.replace("bike-7", "7"), device_prefix="bike-")
    assert export.activities[0]["device_id"] == "bike-7"


def test_the_same_ride_again_is_taken_once_and_another_under_its_id_not_at_all(a_file: Read) -> None:
    other = LINE.replace("7,", "8,", 1)
    export = a_file(LINE, LINE, other, other.replace("2.2", "2.3"))
    assert [ride["activity_id"] for ride in export.activities] == ["bike-7"]
    assert counted(export)["row-repeated"] == (1, (3,))
    assert counted(export)["id-conflict"] == (2, (4, 5))


def test_trips_over_midnight_month_and_year_are_kept_and_counted(a_file: Read) -> None:
    ends = (("2026-03-09", "2026-03-10"), ("2026-03-31", "2026-04-01"), ("2025-12-31", "2026-01-01"))
    lines = [f"{n},bike-7,{one} 23:50:00,{other} 00:05:00,2.2," for n, (one, other) in enumerate(ends)]
    export = a_file(*lines)
    assert len(export.activities) == 3
    found = counted(export)
    assert found["crosses-midnight"] == (3, (2, 3, 4))
    assert found["crosses-month"] == (2, (3, 4))
    assert found["crosses-year"] == (1, (4,))


def test_without_a_distance_the_straight_line_is_an_estimate_from_below(a_file: Read) -> None:
    line = f"1,bike-1,{BETWEEN},121.4737,31.2304,121.4980,31.2397"
    export = a_file(line, header=PLACES)
    (ride,) = export.activities
    assert ride["data_source"] == "ESTIMATED"
    assert 2450 < ride["distance_m"] < 2535  # the geodesic is 2 535 m
    assert counted(export)["distance-estimated"] == (1, (2,))


def test_coordinates_go_no_further_than_the_estimate(a_file: Read) -> None:
    export = a_file(f"1,bike-1,{BETWEEN},121.4737,31.2304,121.4980,31.2397", header=PLACES)
    assert not {"121.4737", "31.2304"} & {str(value) for value in export.activities[0].values()}
    assert counted(export)["positions-left-out"] == (1, (2,))


def test_a_round_trip_has_no_distance_to_claim(a_file: Read) -> None:
    export = a_file(f"1,bike-1,{BETWEEN},121.4737,31.2304,121.4737,31.2304", header=PLACES)
    assert export.activities[0]["distance_m"] == 0
    assert counted(export)["round-trip"] == (1, (2,))


def test_a_file_with_neither_distance_nor_places_is_refused_as_a_whole(a_file: Read) -> None:
    with pytest.raises(InvalidInput, match="里程"):
        a_file(f"1,bike-1,{BETWEEN}", header="trip_id,bike_id,start_time,stop_time")
