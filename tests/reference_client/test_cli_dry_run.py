"""What a person sees of a file before anything is sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from tanpuhui.reference_client.cli import scenario
from tanpuhui.spec.indicator import violations

if TYPE_CHECKING:
    from pathlib import Path

LINK = "lnk_" + "a" * 22
PV = ("--scheme", "PV", "--capacity-kw", "6.000", "--grid-connected-on", "2024-05-01")
RIDES = """trip_id,bike_id,start_time,stop_time,distance_km
1,bike-1,2026-03-09 08:00:00,2026-03-09 08:15:00,2.2
2,bike-2,2026-03-09 08:00:00,2026-03-09 08:00:30,0.1
3,bike-1,2026-03-09 08:10:00,2026-03-09 08:20:00,1.9
4,,2026-03-09 08:00:00,2026-03-09 08:15:00,2.2
5,bike-5,2026-03-10 09:00:00,2026-03-10 09:15:00,2.5
"""


@pytest.fixture
def days(tmp_path: Path) -> Path:
    """Three days of readings."""
    lines = ["measured_on,ac_power"]
    for day in (8, 9, 10):
        lines += [f"2026-03-{day:02d} {n // 4:02d}:{n % 4 * 15:02d}:00+08:00,{1000 + n}.5" for n in range(96)]
    (tmp_path / "plant.csv").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path / "plant.csv"


@pytest.fixture
def rides(tmp_path: Path) -> Path:
    (tmp_path / "rides.csv").write_text(RIDES, encoding="utf-8")
    return tmp_path / "rides.csv"


def look(*arguments: object) -> Result:
    done = CliRunner().invoke(scenario, ["report", "--dry-run", *(str(argument) for argument in arguments)])
    assert "Traceback" not in done.output
    return done


def test_a_dry_run_needs_no_platform(days: Path) -> None:
    done = look(days, *PV, "--as-of", "2026-03-10T12:00:00+08:00")
    assert done.exit_code == 1, done.output
    assert "3 条记录" in done.output
    assert "50.304 kWh" in done.output
    assert "21.127680 kg" in done.output
    assert "1 × 活动尚未结束" in done.output
    assert "可报送 / due        2" in done.output


def test_without_a_time_it_looks_from_the_newest_end_and_says_so(days: Path) -> None:
    done = look(days, *PV)
    assert done.exit_code == 0, done.output
    assert "2026-03-11T00:00:00+08:00（文件中最晚的结束时刻" in done.output


def test_what_ends_in_the_future_is_not_due(days: Path) -> None:
    done = look(days, *PV, "--shift-days", 365 * 10)
    assert (done.exit_code, "3 × 活动尚未结束" in done.output) == (1, True)


def test_each_line_is_due_withheld_or_refused_with_its_reason(rides: Path) -> None:
    done = look(rides)
    assert done.exit_code == 1, done.output
    assert "由列名判断" in done.output
    assert "可报送 / due        3" in done.output
    assert "1 × Q-BIKE-001" in done.output
    assert "1 × 缺少设备号" in done.output
    assert done.output.count("行 / lines 5\n") == 1
    assert "--device" in done.output


def test_what_the_platform_would_hold_is_told_beforehand(rides: Path) -> None:
    assert "1 × Q-SET-007" in look(rides).output


def test_trips_of_one_user_are_compared_only_where_the_users_are_known(rides: Path) -> None:
    assert "Q-SET-006" not in look(rides).output
    assert "Q-SET-006" in look(rides, "--link", LINK).output


def test_machines_read_the_same(rides: Path, tmp_path: Path) -> None:
    look(rides, "--json", tmp_path / "summary.json", "--records", tmp_path / "due.ndjson")
    found: dict[str, Any] = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert (found["scheme"], found["rows"], found["refused_rows"]) == ("BIKE", 5, 1)
    assert found["records"] == {"ready": 3, "withheld": 1}
    assert [(day["business_day"], day["records"]) for day in found["days"]] == [
        ("2026-03-09", 2),
        ("2026-03-10", 1),
    ]
    by_kind = {wart["kind"]: wart for wart in found["warts"]}
    assert (by_kind["Q-BIKE-001"]["treatment"], by_kind["Q-BIKE-001"]["lines"]) == ("withheld", [3])
    assert (by_kind["device-missing"]["treatment"], by_kind["device-missing"]["count"]) == ("refused", 1)


def test_the_records_are_those_that_would_be_sent(rides: Path, tmp_path: Path) -> None:
    look(rides, "--records", tmp_path / "due.ndjson")
    records = [json.loads(line) for line in (tmp_path / "due.ndjson").read_bytes().splitlines()]
    assert [violations(record) for record in records] == [[], [], []]
    assert sum(float(record["activity"]["distance_km"]) for record in records) == pytest.approx(6.6)


def test_devices_are_in_order_unless_a_ledger_says_otherwise(days: Path, tmp_path: Path) -> None:
    ledger = tmp_path / "devices.json"
    ledger.write_text(json.dumps({"devices": [an_inverter("2026-03-10T16:00:00Z")]}), encoding="utf-8")
    done = look(days, *PV, "--devices", ledger)
    assert done.exit_code == 0, done.output
    ledger.write_text(json.dumps({"devices": [an_inverter("2026-03-09T00:00:00Z")]}), encoding="utf-8")
    lapsed = look(days, *PV, "--devices", ledger)
    assert (lapsed.exit_code, "DEV-00" in lapsed.output) == (1, True), lapsed.output
    ledger.write_text('{"devices": [{}]}', encoding="utf-8")
    assert (look(days, *PV, "--devices", ledger).exit_code, look(days, *PV, "--devices", "x").exit_code) == (
        2,
        2,
    )


def an_inverter(valid_to: str) -> dict[str, Any]:
    certificate = {"certificate_no": "C-1", "issuer": "SIMT", "standard": "JJG 596"}
    return {
        "device_id": "pv-plant",
        "scheme": "PV",
        "kind": "inverter",
        "model": "INV-6",
        "installed_at": "2024-05-01T00:00:00Z",
        "replaces": None,
        "calibrations": [certificate | {"valid_from": "2025-03-01T00:00:00Z", "valid_to": valid_to}],
        "states": [],
    }


def test_another_encoding_is_seen_and_said(tmp_path: Path) -> None:
    file = tmp_path / "gbk.csv"
    file.write_text(
        "时刻,功率\n2026-03-09 10:00:00+08:00,1000\n2026-03-09 10:15:00+08:00,2000\n", encoding="gbk"
    )
    seen = look(file, *PV)
    assert "gb18030" in seen.output
    assert "gb18030" not in look(file, *PV, "--encoding", "gbk").output
    assert look(file, *PV, "--encoding", "ascii").exit_code == 2


WRONG = {
    "offset": (["--offset", "8"], "+08:00"),
    "time": (["--as-of", "yesterday"], "RFC 3339"),
    "encoding": (["--encoding", "klingon"], "klingon"),
    "column": (["--power-column", "volts"], "volts"),
    "column without its name": (["--column", "volts"], "distance="),
    "capacity": (["--capacity-kw", "lots"], "--capacity-kw"),
    "no capacity": (["--capacity-kw", "0"], "--capacity-kw"),
    "district": (["--district", "浦东"], "310115"),
    "unit": (["--unit", "furlong"], "km"),
    "scheme": (["--scheme", "SHIP"], "RAIL"),
    "place": (["--json", "/no/such/place.json"], "--json"),
}


@pytest.mark.parametrize(("options", "told"), WRONG.values(), ids=WRONG)
def test_a_wrong_option_is_told_in_words(days: Path, options: list[str], told: str) -> None:
    done = look(days, *PV, *options)
    assert done.exit_code == 2, done.output
    assert told in done.output


def test_without_a_platform_or_a_user_only_looking_is_possible(days: Path, tmp_path: Path) -> None:
    def report(*options: str) -> Result:
        arguments = ["report", str(days), *PV, "--db", str(tmp_path / "x.db"), *options]
        return CliRunner().invoke(scenario, arguments)

    without = {"--discovery-url": report("--link", LINK), "缺少连通号": report()}
    for told, done in without.items():
        assert (done.exit_code, told in done.output) == (2, True), done.output
