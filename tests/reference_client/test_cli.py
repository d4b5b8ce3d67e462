"""The commands as a person types them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from tanpuhui.reference_client.cli import scenario

if TYPE_CHECKING:
    from pathlib import Path

Build = Callable[..., Any]
LINK = "lnk_" + "a" * 22
PV = ("--scheme", "PV", "--capacity-kw", "6.000", "--grid-connected-on", "2024-05-01")


@pytest.fixture
def days(tmp_path: Path) -> Path:
    """Three days of readings; noon of the third is the present."""
    lines = ["measured_on,ac_power"]
    for day in (8, 9, 10):
        lines += [f"2026-03-{day:02d} {n // 4:02d}:{n % 4 * 15:02d}:00+08:00,{1000 + n}.5" for n in range(96)]
    (tmp_path / "plant.csv").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path / "plant.csv"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(scenario, [str(argument) for argument in arguments])


def test_a_dry_run_needs_no_platform(days: Path) -> None:
    done = run("report", days, *PV, "--dry-run", "--as-of", "2026-03-10T12:00:00+08:00")
    assert done.exit_code == 0, done.output
    assert "3 条记录" in done.output
    assert "50.304 kWh" in done.output
    assert "21.127680 kg" in done.output
    assert "1 × 活动尚未结束" in done.output
    assert "可报送 / due        2" in done.output


@pytest.fixture
def connection(tenant: Any, tmp_path: Path) -> list[object]:
    """A tenant that knows the key that a person just made."""
    made = run("key", tmp_path / "key.json")
    tenant.conduct("PATCH", "/scenario", jwks=json.loads(made.output))
    named = {"--discovery-url": tenant.discovery_url, "--client-id": "cli-1", "--scenario-id": "scn-1"}
    named |= {"--key": tmp_path / "key.json", "--db": tmp_path / "outbox.db", "--link": LINK}
    return [part for pair in named.items() for part in pair]


def test_a_file_is_reported_once_however_often_it_is_sent(
    tenant: Any, days: Path, connection: list[object]
) -> None:
    for _ in range(2):
        done = run("report", days, *PV, *connection)
        assert done.exit_code == 0, done.output
        assert "已接受 accepted 2" in done.output
    assert len(tenant.sent()) == 2


def test_what_was_rejected_is_told_with_its_reason(tenant: Any, days: Path, connection: list[object]) -> None:
    tenant.arm(
        {"kind": "verdict", "operation": "submitBatch", "verdict": "rejected", "code": "reduction-mismatch"}
    )
    done = run("report", days, *PV, *connection)
    assert done.exit_code == 1
    assert "1 × 报送的减排量与复算不符" in done.output
    assert "ACC-002" in done.output


def test_a_platform_that_does_not_answer_leaves_the_rest_for_later(
    tenant: Any, days: Path, connection: list[object]
) -> None:
    tenant.arm({"kind": "answer", "operation": "submitBatch", "status": 503, "times": 999})
    done = run("report", days, *PV, *connection, "--give-up", "0.5")
    assert done.exit_code == 3
    assert "未了结 / unsettled  2" in done.output
    tenant.arm()
    assert run("report", days, *PV, *connection).exit_code == 0
    assert tenant.stored() == 2


def test_a_client_that_is_not_registered_is_told_what_to_do(days: Path, connection: list[object]) -> None:
    wrong = [part if part != "cli-1" else "cli-unknown" for part in connection]
    done = run("report", days, *PV, *wrong)
    assert done.exit_code == 3
    assert "核对客户端标识" in done.output


WRONG = {
    "no platform": (["--link", LINK], "--discovery-url"),
    "no link": ([], "--link"),
    "wrong offset": (["--dry-run", "--offset", "8"], "+08:00"),
    "wrong time": (["--dry-run", "--as-of", "yesterday"], "RFC 3339"),
    "wrong encoding": (["--dry-run", "--encoding", "klingon"], "klingon"),
    "wrong column": (["--dry-run", "--power-column", "volts"], "volts"),
    "wrong capacity": (["--link", LINK, "--dry-run", "--capacity-kw", "lots"], "capacity_kw"),
}


@pytest.mark.parametrize(("options", "told"), WRONG.values(), ids=WRONG)
def test_a_wrong_option_is_told_in_words(days: Path, tmp_path: Path, options: list[str], told: str) -> None:
    done = run("report", days, *PV, "--db", tmp_path / "x.db", *options)
    assert done.exit_code == 2, done.output
    assert told in done.output
    assert "Traceback" not in done.output


def test_a_file_in_another_encoding_is_told_so(tmp_path: Path) -> None:
    file = tmp_path / "gbk.csv"
    file.write_text("时刻,功率\n2026-03-09 10:00:00+08:00,1\n2026-03-09 10:15:00+08:00,2\n", encoding="gbk")
    columns = ("--time-column", "时刻", "--power-column", "功率", "--dry-run")
    refused = run("report", file, *PV, *columns)
    assert (refused.exit_code, "gbk" in refused.output) == (2, True)
    assert run("report", file, *PV, *columns, "--encoding", "gbk").exit_code == 0


def test_rides_are_reported_too(tmp_path: Path) -> None:
    file = tmp_path / "rides.csv"
    lines = ["trip_id,bike_id,start_time,stop_time,distance_km"]
    lines += [
        "1,bike-1,2026-03-09 08:00:00,2026-03-09 08:15:00,2.2",
        "2,bike-2,2026-03-09 08:00:00,2026-03-09 08:00:30,0.1",
    ]
    file.write_text("\n".join(lines), encoding="utf-8")
    done = run(
        "report",
        file,
        "--scheme",
        "BIKE",
        "--offset",
        "+08:00",
        "--dry-run",
        "--as-of",
        "2026-03-10T12:00:00+08:00",
    )
    assert done.exit_code == 0, done.output
    assert "可报送 / due        1" in done.output
    assert "Q-BIKE-001" in done.output


def test_a_key_is_never_overwritten_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    made = json.loads(run("key", tmp_path / "key.json").output)
    assert "d" not in made["keys"][0]
    assert (tmp_path / "key.json").stat().st_mode & 0o777 == 0o600
    again = run("key", tmp_path / "key.json")
    assert again.exit_code == 2
    assert "已存在" in again.output


def test_a_database_belongs_to_one_platform(tenant: Any, days: Path, connection: list[object]) -> None:
    run("report", days, *PV, *connection)
    other = [part if part != "scn-1" else "scn-2" for part in connection]
    done = run("report", days, *PV, *other)
    assert (done.exit_code, "另一个平台" in done.output) == (2, True)


def test_serving_needs_its_token_where_one_is_named() -> None:
    done = run("serve", "--testbed-token-env", "A_VARIABLE_THAT_IS_NOT_SET")
    assert (done.exit_code, "A_VARIABLE_THAT_IS_NOT_SET" in done.output) == (2, True)
