from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tanpuhui.reference_client.calling.errors import InvalidInput
from tanpuhui.reference_client.exports.export import Export, Source, read_export
from tanpuhui.reference_client.exports.sheet import Terms
from tanpuhui.reference_client.recipes.pv import PvRecipe
from tanpuhui.reference_client.shape import activity_faults

if TYPE_CHECKING:
    from pathlib import Path

PLANT = {
    "link_id": "lnk_" + "a" * 22,
    "device_id": "dev-pv-1",
    "capacity_kw": "6.000",
    "grid_connected_on": "2024-05-01",
}
Read = Callable[..., Export]


@pytest.fixture
def a_file(tmp_path: Path) -> Read:
    def read(*lines: str, header: str = "measured_on,ac_power", **terms: Any) -> Export:
        file = tmp_path / "plant.csv"
        file.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        return read_export(Source(file, "PV"), Terms(**{**PLANT, **terms}))

    return read


def a_day(value: str = "{n}.25") -> list[str]:
    return [f"2026-03-09 {n // 4:02d}:{n % 4 * 15:02d}:00+08:00,{value.format(n=n)}" for n in range(96)]


def readings(export: Export) -> list[dict[str, Any]]:
    return [reading for activity in export.activities for reading in activity["readings"]]


def lines_of(export: Export, kind: str) -> tuple[int, ...]:
    return tuple(line for wart in export.wart(kind) for line in wart.lines)


def test_a_day_of_lines_becomes_one_sound_activity(a_file: Read) -> None:
    (activity,) = a_file(*a_day()).activities
    assert activity_faults(activity) == ()
    assert activity["interval_seconds"] == 900
    assert activity["readings"][1] == {"start": "2026-03-08T16:15:00Z", "power_w": "1.250000", "state": "N"}


def test_lines_with_another_offset_fall_on_shanghai_days(a_file: Read) -> None:
    lines = [f"2026-03-09 {hour:02d}:00:00-07:00,10" for hour in range(24)]
    days = [activity["activity_id"] for activity in a_file(*lines).activities]
    assert days == ["pv-dev-pv-1-2026-03-09", "pv-dev-pv-1-2026-03-10"]


def test_reading_a_file_again_makes_the_same_activities(a_file: Read) -> None:
    assert a_file(*a_day()).activities == a_file(*a_day()).activities


@pytest.mark.parametrize("text", ["", "nan", "NULL", " ", "--"])
def test_an_empty_value_is_a_missing_reading(a_file: Read, text: str) -> None:
    export = a_file(*a_day()[:5], f"2026-03-09 10:00:00+08:00,{text}")
    assert readings(export)[-1]["power_w"] is None
    assert lines_of(export, "power-missing") == (7,)


def test_warts_are_left_to_the_day_rules_and_told(a_file: Read) -> None:
    lines = a_day()
    lines[0] = lines[0].replace(",0.25", ",-3.5")
    lines[4:16] = [line.rsplit(",", 1)[0] + ",500.0" for line in lines[4:16]]
    lines.append(lines[20].replace("20.25", "99999"))
    del lines[30]
    export = a_file(*lines)
    (activity,) = export.activities
    recipe = PvRecipe()
    (part,) = recipe.parts(activity)
    day = recipe.summary(activity, part)
    assert (day.valid_intervals, day.expected_intervals, day.device_state) == (83, 96, "D")
    assert lines_of(export, "power-negative") == (2,)
    assert lines_of(export, "power-stale") == tuple(range(6, 18))
    assert lines_of(export, "reading-repeated") == (97,)


def test_kilowatts_and_scientific_numbers_are_exact(a_file: Read) -> None:
    lines = ("2026-03-09 10:00:00+08:00,1.66E-03", "2026-03-09 10:15:00+08:00,2")
    export = a_file(*lines, units={"power": "kW"})
    assert [reading["power_w"] for reading in readings(export)] == ["1.660000", "2000.000000"]


@pytest.mark.parametrize(
    "header",
    ["timestamp,value", "TIMESTAMP,Value", ",ac_power", "measured_on,ac_power__752", "采集时间,功率（W）"],
)
def test_loggers_name_their_columns_in_many_ways(a_file: Read, header: str) -> None:
    assert len(readings(a_file(*a_day()[:3], header=header))) == 3


def test_a_named_column_goes_before_the_guess(a_file: Read) -> None:
    lines = ["2026-03-09 10:00:00+08:00,1,2", "2026-03-09 10:15:00+08:00,3,4"]
    export = a_file(*lines, header="time,ac_power,inverter", columns={"power": "inverter"})
    assert [reading["power_w"] for reading in readings(export)] == ["2.000000", "4.000000"]


def test_flags_of_the_logger_are_taken_over(a_file: Read) -> None:
    lines = ["2026-03-09 10:00:00+08:00,1,M", "2026-03-09 10:15:00+08:00,3,"]
    export = a_file(*lines, header="time,power,state")
    assert [reading["state"] for reading in readings(export)] == ["M", "N"]
    assert lines_of(export, "state-abnormal") == (2,)


def test_lines_that_cannot_be_read_are_named_without_their_content(a_file: Read) -> None:
    lines = ["yesterday,5", "2026-03-09 11:00:00+08:00,much"]
    export = a_file(*a_day()[:4], *lines)
    assert (lines_of(export, "time-invalid"), lines_of(export, "number-invalid")) == ((6,), (7,))
    assert "much" not in str(export.warts)


@pytest.mark.parametrize(
    ("header", "lines", "told"),
    [
        ("", [], "是空的"),
        ("time,time", [], "列名重复"),
        ("time,voltage", ["2026-03-09 10:00:00+08:00,1"], "功率"),
        ("when,power", ["2026-03-09 10:00:00+08:00,1"], "时刻"),
        ("time,power", [], "没有活动"),
        ("time,power", ["2026-03-09 10:00:00+08:00,1"], "间隔"),
        ("time,power", ["2026-03-09 10:00:00+08:00,1", "2026-03-09 10:00:07+08:00,1"], "间隔"),
    ],
)
def test_a_file_that_is_no_series_is_told_in_words(
    a_file: Read, header: str, lines: list[str], told: str
) -> None:
    with pytest.raises(InvalidInput, match=told):
        a_file(*lines, header=header)


def test_a_plant_is_told_by_the_file_or_by_the_user(a_file: Read) -> None:
    lines = [
        "2026-03-09 10:00:00+08:00,1,inv-07,6.6,2023-02-01",
        "2026-03-09 10:15:00+08:00,1,inv-07,6.6,2023-02-01",
    ]
    header = "time,power,inverter_id,装机容量(kW),并网日期"
    nothing = dict.fromkeys(("device_id", "capacity_kw", "grid_connected_on"))
    (activity,) = a_file(*lines, header=header, **nothing).activities
    assert [activity[name] for name in ("device_id", "capacity_kw", "grid_connected_on")] == [
        "inv-07",
        "6.600",
        "2023-02-01",
    ]
    with pytest.raises(InvalidInput, match="--capacity-kw"):
        a_file(*a_day(), capacity_kw=None)


def test_old_data_can_be_moved_for_trying_out(a_file: Read) -> None:
    export = a_file(*a_day(), shift_days=366)
    assert export.activities[0]["activity_id"] == "pv-dev-pv-1-2027-03-10"
