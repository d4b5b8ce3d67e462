"""A measured series is brought to the time of the run by whole days, and a useless file says why it is useless."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tanpuhui.conformance.chance import chance
from tanpuhui.conformance.truth.measured import MeasuredSeries, UnusableSeries, measured_plant
from tanpuhui.conformance.truth.pv import shanghai_days
from tanpuhui.conformance.truth.record import Horizon
from tanpuhui.conformance.truth.world import world_of
from tanpuhui.spec.business_time import SHANGHAI

if TYPE_CHECKING:
    from pathlib import Path

HORIZON = Horizon(datetime(2026, 9, 14, 10, 30, tzinfo=SHANGHAI), 30)
BEGIN = datetime.fromisoformat("2016-07-01T00:00:00")  # as the file has it, without an offset


def _series(
    path: Path, *, days: int = 40, header: str = "time,power", cell: str = "12.3456789", **more: str
) -> MeasuredSeries:
    rows = (
        f"{BEGIN + timedelta(hours=hour)},{cell if hour % 24 > 6 else '-0.5'}" for hour in range(24 * days)
    )
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return MeasuredSeries(path, "6.000", "2010-01-01", 3600, **more)


def test_ten_days_end_the_day_before_today(tmp_path: Path) -> None:
    plant = measured_plant(_series(tmp_path / "a.csv"), chance(3, "tests"), HORIZON)
    days = shanghai_days(plant.readings)
    assert len(days) == 10
    assert days[-1].isoformat() == "2026-09-13"
    assert len(plant.readings) == 240


def test_the_time_of_day_stays(tmp_path: Path) -> None:
    readings = measured_plant(_series(tmp_path / "a.csv"), chance(3, "tests"), HORIZON).readings
    assert {it.power_w for it in readings if it.start.astimezone(SHANGHAI).hour <= 6} == {"-0.5"}


def test_the_seed_chooses_the_days(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = (f"{BEGIN + timedelta(hours=hour)},{hour}" for hour in range(24 * 60))
    path.write_text("\n".join(["time,power", *rows]), encoding="utf-8")
    series = MeasuredSeries(path, "6.000", "2010-01-01", 3600)
    one, same, other = (measured_plant(series, chance(seed, "tests"), HORIZON).readings for seed in (1, 1, 2))
    assert [it.power_w for it in one] == [it.power_w for it in same]
    assert [it.power_w for it in one] != [it.power_w for it in other]


@pytest.mark.parametrize(
    ("cell", "unit", "power"),
    [
        ("12.3456789", "1", "12.345678"),
        ("1.5", "1000", "1500"),
        ("", "1", None),
        ("NaN", "1", None),
        ("2e3", "1", "2000"),
    ],
)
def test_a_cell_becomes_watts_with_at_most_six_places(
    tmp_path: Path, cell: str, unit: str, power: str | None
) -> None:
    plant = measured_plant(
        _series(tmp_path / "a.csv", cell=cell, watts_per_unit=unit), chance(3, "tests"), HORIZON
    )
    assert {it.power_w for it in plant.readings if it.start.astimezone(SHANGHAI).hour > 6} == {power}


def test_the_days_are_due_and_computed(tmp_path: Path) -> None:
    world = world_of([measured_plant(_series(tmp_path / "a.csv"), chance(3, "tests"), HORIZON)], HORIZON)
    assert [expected.fate for expected in world.expected] == ["due"] * 10
    assert {expected.record["device_state"] for expected in world.expected} == {"D"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("time,power\n2016-07-01 00:00,1\n", "不少于"),
        ("time,power\nyesterday,1\n", "第 2 行"),
        ("time,power\n2016-07-01 00:00,much\n", "第 2 行"),
        ("", "没有列"),
    ],
)
def test_a_useless_file_says_why(tmp_path: Path, content: str, reason: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UnusableSeries, match=reason):
        measured_plant(MeasuredSeries(path, "6.000", "2010-01-01", 3600), chance(1, "tests"), HORIZON)


def test_a_missing_file_and_a_missing_column_say_so(tmp_path: Path) -> None:
    with pytest.raises(UnusableSeries, match="无法读取"):
        measured_plant(
            MeasuredSeries(tmp_path / "none.csv", "6.000", "2010-01-01", 3600), chance(1, "tests"), HORIZON
        )
    with pytest.raises(UnusableSeries, match="没有列 'ac_power'"):
        measured_plant(_series(tmp_path / "a.csv", power_column="ac_power"), chance(1, "tests"), HORIZON)
