from __future__ import annotations

from datetime import timedelta, timezone
from decimal import Decimal

import pytest

from tanpuhui.reference_client.errors import InvalidInput
from tanpuhui.reference_client.recipes.pv import PvRecipe
from tanpuhui.reference_client.recipes.pv_csv import Plant, PvFile, PvLayout, read_pv_csv
from tanpuhui.reference_client.shape import faults

PLANT = Plant("dev-pv-1", "lnk_" + "a" * 22, "6.000", "2024-05-01")
SHANGHAI = timezone(timedelta(hours=8))


def a_file(*lines: str, header: str = "measured_on,ac_power", **how: object) -> PvFile:
    return read_pv_csv([header, *lines], PvLayout(**how))  # type: ignore[arg-type]


def a_day(value: str = "{n}.25") -> list[str]:
    return [f"2026-03-09 {n // 4:02d}:{n % 4 * 15:02d}:00+08:00,{value.format(n=n)}" for n in range(96)]


def test_a_day_of_lines_becomes_one_sound_activity() -> None:
    file = a_file(*a_day())
    (activity,) = file.activities(PLANT)
    assert file.interval_seconds == 900
    assert faults("testbed", "Activity", activity) == ()
    assert activity["readings"][1] == {"start": "2026-03-08T16:15:00Z", "power_w": "1.250000", "state": "N"}


def test_lines_with_another_offset_fall_on_shanghai_days() -> None:
    lines = [f"2026-03-09 {hour:02d}:00:00-07:00,10" for hour in range(24)]
    days = [activity["activity_id"] for activity in a_file(*lines).activities(PLANT)]
    assert days == ["pv-dev-pv-1-2026-03-09", "pv-dev-pv-1-2026-03-10"]


def test_reading_a_file_again_makes_the_same_activities() -> None:
    assert a_file(*a_day()).activities(PLANT) == a_file(*a_day()).activities(PLANT)


@pytest.mark.parametrize("text", ["", "nan", "NULL", " "])
def test_an_empty_value_is_a_missing_reading(text: str) -> None:
    lines = [*a_day()[:5], f"2026-03-09 10:00:00+08:00,{text}"]
    assert a_file(*lines).samples[-1].power_w is None


def test_warts_are_left_to_the_day_rules() -> None:
    lines = a_day()
    lines[0] = lines[0].replace(",0.25", ",-3.5")
    lines[4:16] = [line.rsplit(",", 1)[0] + ",500.0" for line in lines[4:16]]
    lines.append(lines[20].replace("20.25", "99999"))
    del lines[30]
    (activity,) = a_file(*lines).activities(PLANT)
    recipe = PvRecipe()
    (part,) = recipe.parts(activity)
    day = recipe.summary(activity, part)
    assert (day.valid_intervals, day.expected_intervals, day.device_state) == (83, 96, "D")


def test_kilowatts_and_scientific_numbers_are_exact() -> None:
    file = a_file("2026-03-09 10:00:00+08:00,1.66E-03", "2026-03-09 10:15:00+08:00,2", unit="kW")
    assert [sample.power_w for sample in file.samples] == [Decimal("1.66"), Decimal(2000)]


@pytest.mark.parametrize(
    "header", ["timestamp,value", "TIMESTAMP,Value", ",ac_power", "measured_on,ac_power__752", "time,power"]
)
def test_loggers_name_their_columns_in_many_ways(header: str) -> None:
    assert len(a_file(*a_day()[:3], header=header).samples) == 3


def test_a_named_column_goes_before_the_guess() -> None:
    lines = ["2026-03-09 10:00:00+08:00,1,2", "2026-03-09 10:15:00+08:00,3,4"]
    file = a_file(*lines, header="time,ac_power,inverter", power_column="inverter")
    assert [sample.power_w for sample in file.samples] == [2, 4]


def test_flags_of_the_logger_are_taken_over() -> None:
    lines = ["2026-03-09 10:00:00+08:00,1,M", "2026-03-09 10:15:00+08:00,3,"]
    file = a_file(*lines, header="time,power,state")
    assert [sample.state for sample in file.samples] == ["M", "N"]


def test_wall_clock_time_needs_a_zone() -> None:
    lines = ["2026-03-09 10:00:00,1", "2026-03-09 10:15:00,2"]
    with pytest.raises(InvalidInput, match="--offset"):
        a_file(*lines)
    assert a_file(*lines, zone=SHANGHAI).samples[0].start.isoformat() == "2026-03-09T02:00:00+00:00"


def test_lines_that_cannot_be_read_are_named() -> None:
    lines = [*a_day()[:4], "yesterday,5", "2026-03-09 11:00:00+08:00,much", "2026-03-09 11:15:00+08:00"]
    with pytest.raises(InvalidInput) as error:
        a_file(*lines)
    assert [f"line {n}:" in str(error.value) for n in (5, 6, 7, 8)] == [False, True, True, True]
    assert "much" not in str(error.value)


def test_lines_that_cannot_be_read_may_be_left_out_on_purpose() -> None:
    file = a_file(*a_day(), "yesterday,5", skip_bad_lines=True)
    assert (len(file.samples), [fault.line for fault in file.skipped]) == (96, [98])


@pytest.mark.parametrize(
    ("header", "lines", "told"),
    [
        ("", [], "标题行"),
        ("time,time", [], "标题行"),
        ("time,voltage", ["2026-03-09 10:00:00+08:00,1"], "功率"),
        ("when,power", ["2026-03-09 10:00:00+08:00,1"], "时刻"),
        ("time,power", [], "没有读数"),
        ("time,power", ["2026-03-09 10:00:00+08:00,1"], "间隔"),
        ("time,power", ["2026-03-09 10:00:00+08:00,1", "2026-03-09 10:00:07+08:00,1"], "间隔"),
    ],
)
def test_a_file_that_is_no_series_is_told_in_words(header: str, lines: list[str], told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        a_file(*lines, header=header)


def test_old_data_can_be_moved_for_trying_out() -> None:
    file = a_file(*a_day(), shift_days=366)
    assert file.activities(PLANT)[0]["activity_id"] == "pv-dev-pv-1-2027-03-10"
