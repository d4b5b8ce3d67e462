"""The other schemes' rows, as their law lays them down."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tanpuhui.reference_client.exports.export import DRAFTINGS, Export, Source, read_export
from tanpuhui.reference_client.exports.layout import layouts
from tanpuhui.reference_client.exports.sheet import Terms
from tanpuhui.reference_client.scenario_parts import RECIPES
from tanpuhui.reference_client.shape import activity_faults
from tanpuhui.spec.element import schemes

if TYPE_CHECKING:
    from pathlib import Path

LINK = "lnk_" + "a" * 22
OWN = f"{LINK},310106"
Read = Callable[..., Export]

RAIL = "交易流水号,闸机号,连通号,行政区划代码,进站站点,进站时间,出站站点,出站时间,计费里程（公里）,介质"
BUS = "交易流水号,车载机号,连通号,行政区划代码,线路,上车站,上车时间,下车站,下车时间,里程(km),平均乘距(km),平均乘时(分钟)"
EV = "行程号,车载终端号,连通号,行政区划代码,出发时间,到达时间,起始里程(km),结束里程(km),耗电量(kWh),状态"
HOME = "电表号,连通号,行政区划代码,抄表时间,峰示数(kWh),谷示数(kWh),基准电量(度),档位,光伏"


@pytest.fixture
def a_file(tmp_path: Path) -> Read:
    def read(header: str, *lines: str) -> Export:
        file = tmp_path / "export.csv"
        file.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        export = read_export(Source(file), Terms())
        assert [fault for activity in export.activities for fault in activity_faults(activity)] == []
        return export

    return read


def lines_of(export: Export, kind: str) -> tuple[int, ...]:
    return tuple(line for wart in export.wart(kind) for line in wart.lines)


def test_every_scheme_of_the_law_has_a_recipe_a_layout_and_a_reader() -> None:
    assert set(schemes()) == set(RECIPES) == set(layouts()) == set(DRAFTINGS)


def test_a_row_of_the_gates_is_a_journey(a_file: Read) -> None:
    row = f"17,gate-1,{OWN},0203,2026-03-09 08:00:00,0914,2026-03-09 08:27:30,12.3456,二维码"
    (journey,) = a_file(RAIL, row).activities
    assert (journey["scheme"], journey["distance_m"], journey["ticket_medium"]) == ("RAIL", 12345, "qr")


def test_a_ticket_that_the_law_does_not_know_is_refused(a_file: Read) -> None:
    row = f"17,gate-1,{OWN},0203,2026-03-09 08:00:00,0914,2026-03-09 08:27:30,12.3,月票"
    assert lines_of(a_file(RAIL, row), "code-unknown") == (2,)


def test_a_single_tap_leaves_the_end_to_the_line(a_file: Read) -> None:
    both = f"1,pos-01,{OWN},71,S01,2026-03-09 08:00:00,S09,2026-03-09 08:24:00,6.8,5.1,21"
    single = f"2,pos-01,{OWN},71,S01,2026-03-09 09:00:00,,,,5.1,21"
    known, unknown = a_file(BUS, both, single).activities
    assert (known["distance_m"], known["alight"]) == (6800, "2026-03-09T00:24:00Z")
    assert [unknown[name] for name in ("alight_stop", "alight", "distance_m")] == [None] * 3
    assert (unknown["line_average_m"], unknown["line_average_s"]) == (5100, 1260)


def test_the_trips_of_a_car_and_day_come_together(a_file: Read) -> None:
    rows = [
        f"2,tbox-1,{OWN},2026-03-09 18:00:00,2026-03-09 18:20:00,1012.4,1020.4,1.2,N",
        f"1,tbox-1,{OWN},2026-03-09 08:00:00,2026-03-09 08:20:00,1000,1012.4,1.8,N",
        f"3,tbox-1,{OWN},2026-03-09 23:50:00,2026-03-10 00:20:00,1020.4,1035,2.2,D",
        f"4,tbox-1,{OWN},2026-03-10 08:00:00,2026-03-10 08:20:00,1030,1040,1.5,N",
    ]
    export = a_file(EV, *rows)
    first, second = export.activities
    assert [trip["odometer_start_m"] for trip in first["trips"]] == [1_000_000, 1_012_400, 1_020_400]
    assert (first["activity_id"], len(second["trips"])) == ("ev-tbox-1-2026-03-09", 1)
    assert export.lines[first["activity_id"]] == (2, 3, 4)
    assert lines_of(export, "crosses-midnight") == (4,)
    assert lines_of(export, "state-abnormal") == (4,)
    assert lines_of(export, "odometer-behind") == (5,)


def test_an_odometer_that_falls_during_a_trip_is_refused(a_file: Read) -> None:
    row = f"1,tbox-1,{OWN},2026-03-09 08:00:00,2026-03-09 08:20:00,1012.4,1000,1.8,N"
    assert lines_of(a_file(EV, row), "odometer-fell") == (2,)


def test_registers_come_together_by_month_with_both_ends(a_file: Read) -> None:
    rows = [
        f'meter-1,{OWN},2026-02-01,"5,210.25",2440.5,240,1,无',
        f"meter-1,{OWN},2026-02-15 09:00:00,5260,2470,240,1,无",
        f"meter-1,{OWN},2026-03-01,5311.5,2500.5,230,2,有",
        f"meter-1,{OWN},2026-04-01,5400,2550.5,230,2,有",
    ]
    export = a_file(HOME, *rows)
    february, march = export.activities
    assert february["months"] == [{"month": "2026-02", "baseline_wh": 240_000, "tier": 1, "has_pv": False}]
    assert [reading["peak_wh"] for reading in february["readings"]] == [5_210_250, 5_260_000, 5_311_500]
    assert march["months"][0] == {"month": "2026-03", "baseline_wh": 230_000, "tier": 2, "has_pv": True}
    assert not export.wart("month-open")


def test_registers_that_fall_or_stand_still_and_open_months_are_told(a_file: Read) -> None:
    rows = [
        f"meter-1,{OWN},2026-02-01,5210,2440,240,1,无",
        f"meter-1,{OWN},2026-02-10,5210,2440,240,1,无",
        f"meter-1,{OWN},2026-02-20,5100,2450,240,1,无",
    ]
    export = a_file(HOME, *rows)
    assert lines_of(export, "register-stale") == (3,)
    assert lines_of(export, "register-fell") == (4,)
    assert [(wart.detail, wart.lines) for wart in export.wart("month-open")] == [("2026-02", (2, 3, 4))]


def test_a_tier_is_a_whole_number(a_file: Read) -> None:
    row = f"meter-1,{OWN},2026-02-01,5210,2440,240,1.5,无"
    assert lines_of(a_file(HOME, row, row.replace("1.5", "1")), "number-invalid") == (2,)
