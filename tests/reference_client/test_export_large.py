"""What keeps a large file small: runs of lines, ids that come again, rows gathered by device."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from zlib import crc32

import pytest
from click.testing import CliRunner

from tanpuhui.reference_client.cli import scenario
from tanpuhui.reference_client.exports.export import Export, Source, read_export
from tanpuhui.reference_client.exports.lines import Lines
from tanpuhui.reference_client.exports.repeats import Repeats
from tanpuhui.reference_client.exports.sampling import Sampling
from tanpuhui.reference_client.exports.sheet import Terms

if TYPE_CHECKING:
    from pathlib import Path

LINK = "lnk_" + "a" * 22
RIDES = "trip_id,bike_id,link_id,district,start,end,distance_m"
MANY = 11_000
TRIPS = "device_id,link_id,district,start,end,odometer_start,odometer_end,energy_kwh"


@pytest.mark.parametrize("seed", range(5))
def test_lines_that_come_in_any_order_are_the_same_runs(seed: int) -> None:
    numbers = [number for number in range(2, 400) if number % 7 and number % 11]
    mixed = sorted([*numbers, *numbers[::3]], key=lambda number: crc32(f"{seed} {number}".encode()))
    assert list(Lines(mixed).runs()) == list(Lines(numbers).runs())
    assert len(Lines(mixed)) == len(numbers)


def test_a_million_neighbours_are_one_run() -> None:
    lines = Lines()
    lines.update([(2, 1_000_001)])
    assert (list(lines.runs()), len(lines)) == ([(2, 1_000_001)], 1_000_000)


def test_no_id_that_comes_again_is_missed() -> None:
    repeats = Repeats()
    for number in [*range(1000), *range(0, 1000, 10)]:
        repeats.take(f"rail-{number}")
    assert all(f"rail-{number}" in repeats for number in range(0, 1000, 10))
    assert sum(f"rail-{number}" in repeats for number in range(1000)) < 150


def test_samples_are_spread_over_everything() -> None:
    sampling: Sampling[int] = Sampling(100)
    for number in range(10_000):
        sampling.take(number)
    assert 50 <= len(sampling.kept) <= 100
    assert max(sampling.kept) > 9_800


def test_trips_of_many_cars_in_any_order_come_together_by_car_and_day(tmp_path: Path) -> None:
    lines = [
        f"ev-{car:05d},{LINK},310115,2026-03-0{day}T{hour:02d}:00:00+08:00,2026-03-0{day}T{hour:02d}:30:00+08:00,"
        f"{1000 + 100 * day + hour},{1000 + 100 * day + hour + 1},0.2"
        for car in range(20)
        for day in (1, 2, 3)
        for hour in (7, 12, 18)
    ]
    in_order = read(tmp_path, TRIPS, lines)
    mixed = read(tmp_path, TRIPS, sorted(lines, key=lambda line: crc32(line.encode())))
    assert mixed.activities == in_order.activities
    assert (len(mixed.activities), mixed.warts) == (60, ())


def test_rows_that_come_again_far_apart_are_found(tmp_path: Path) -> None:
    lines = [ride(number) for number in range(5000)]
    export = read(tmp_path, RIDES, [*lines, ride(7), ride(9, metres=901)])
    assert [wart.lines for wart in export.wart("row-repeated")] == [(5002,)]
    assert [wart.lines for wart in export.wart("id-conflict")] == [(11, 5003)]
    assert (len(export.activities), export.refused) == (4999, 2)


def test_records_of_a_large_file_are_compared_with_one_another(tmp_path: Path) -> None:
    again = ride(0).replace("0,bike-0,", f"{MANY},bike-0,").replace("00:00:00Z", "00:30:00Z", 1)
    file, told = tmp_path / "rides.csv", tmp_path / "told.json"
    file.write_text("\n".join([RIDES, *map(ride, range(MANY)), again]), encoding="utf-8")
    done = CliRunner().invoke(scenario, ["report", str(file), "--dry-run", "--json", str(told)])
    assert done.exit_code == 0, done.output
    found = {wart["kind"]: wart for wart in json.loads(told.read_bytes())["warts"]}
    assert (found["Q-SET-007"]["count"], found["Q-SET-007"]["lines"]) == (1, [MANY + 2])


def ride(number: int, metres: int = 900) -> str:
    hour, minute = divmod(number % 1380, 60)
    day = f"2026-03-{number // 1380 % 8 + 1:02d}"
    start, end = f"{day}T{hour:02d}:{minute:02d}:00Z", f"{day}T{hour + 1:02d}:{minute:02d}:00Z"
    return f"{number},bike-{number},{LINK},310115,{start},{end},{metres * 4}"


def read(folder: Path, header: str, lines: list[str]) -> Export:
    (folder / "rows.csv").write_text("\n".join([header, *lines]), encoding="utf-8")
    return read_export(Source(folder / "rows.csv"), Terms())
