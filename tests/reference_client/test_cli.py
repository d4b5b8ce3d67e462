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
INVERTER = {
    "device_id": "pv-plant",
    "scheme": "PV",
    "kind": "inverter",
    "model": "INV-6",
    "installed_at": "2024-05-01T00:00:00Z",
    "replaces": None,
    "calibrations": [
        {
            "certificate_no": "C-1",
            "issuer": "SIMT",
            "standard": "JJG 596",
            "valid_from": "2025-06-01T00:00:00Z",
            "valid_to": "2026-06-01T00:00:00Z",
        }
    ],
    "states": [],
}
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


@pytest.fixture
def connection(tenant: Any, tmp_path: Path) -> list[object]:
    """A tenant that knows the key that a person just made."""
    made = run("key", tmp_path / "key.json")
    tenant.conduct("PATCH", "/scenario", jwks=json.loads(made.output))
    named = {"--discovery-url": tenant.discovery_url, "--client-id": "cli-1", "--scenario-id": "scn-1"}
    named |= {"--key": tmp_path / "key.json", "--db": tmp_path / "outbox.db", "--link": LINK}
    named["--devices"] = tmp_path / "devices.json"
    named["--devices"].write_text(json.dumps({"devices": [INVERTER]}), encoding="utf-8")
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


def test_a_file_with_refused_lines_is_sent_only_where_that_is_meant(
    tenant: Any, days: Path, connection: list[object]
) -> None:
    with days.open("a", encoding="utf-8") as file:
        file.write("\nyesterday,5")
    refused = run("report", days, *PV, *connection)
    assert (refused.exit_code, "--skip-bad-lines" in refused.output) == (2, True)
    done = run("report", days, *PV, *connection, "--skip-bad-lines")
    assert (done.exit_code, tenant.stored()) == (0, 2)


def test_a_platform_that_does_not_answer_leaves_the_rest_for_later(
    tenant: Any, days: Path, connection: list[object]
) -> None:
    tenant.arm({"kind": "answer", "operation": "submitBatch", "status": 503, "times": 999})
    done = run("report", days, *PV, *connection, "--give-up", "3")
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
