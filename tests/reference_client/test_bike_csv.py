from __future__ import annotations

from datetime import timedelta, timezone

import pytest

from tanpuhui.reference_client.errors import InvalidInput
from tanpuhui.reference_client.recipes.bike_csv import BikeFile, BikeLayout, read_bike_csv
from tanpuhui.reference_client.shape import faults

LINK = "lnk_" + "a" * 22
SHANGHAI = timezone(timedelta(hours=8))
HEADER = "trip_id,bike_id,start_time,stop_time,distance_km,energy_wh"
LINE = "7,bike-7,2026-03-09 23:50:00,2026-03-10 00:05:00,2.2,"


def a_file(*lines: str, header: str = HEADER, **how: object) -> BikeFile:
    return read_bike_csv([header, *lines], BikeLayout(**{"link_id": LINK, "zone": SHANGHAI, **how}))  # type: ignore[arg-type]


def test_a_line_becomes_one_sound_ride() -> None:
    (ride,) = a_file(LINE).rides
    assert faults("testbed", "Activity", ride) == ()
    assert (ride["activity_id"], ride["start"], ride["distance_m"]) == (
        "bike-7",
        "2026-03-09T15:50:00Z",
        2200,
    )
    assert (ride["propulsion"], ride["energy_wh"]) == ("human", None)


def test_electricity_makes_an_assisted_ride() -> None:
    (ride,) = a_file(LINE + "12").rides
    assert (ride["propulsion"], ride["energy_wh"]) == ("assist", 12)


def test_a_file_may_name_its_links_and_count_in_metres() -> None:
    header = "activity_id,device_id,start,end,distance_m,link_id"
    line = f"7,bike-7,2026-03-09T15:50:00Z,2026-03-09T16:05:00Z,2200,{LINK}"
    assert a_file(line, header=header, link_id=None, zone=None).rides == a_file(LINE).rides


@pytest.mark.parametrize(
    "line",
    [
        LINE.replace("bike-7", ""),
        LINE.replace("2.2", "-2.2"),
        LINE.replace("2.2", ""),
        LINE.replace("23:50", "25:50"),
        LINE.replace("7,", ",", 1),
    ],
    ids=["no vehicle", "negative", "no distance", "no time", "no id"],
)
def test_a_line_that_is_no_ride_is_named(line: str) -> None:
    with pytest.raises(InvalidInput, match="line 3:"):
        a_file(LINE, line)
    assert len(a_file(LINE, line, skip_bad_lines=True).skipped) == 1


def test_a_ride_without_a_user_is_not_reported() -> None:
    with pytest.raises(InvalidInput, match="--link"):
        a_file(LINE, link_id=None)
