"""Files of the schemes sent from the command line to a real platform, with their devices where the law wants them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from tanpuhui.reference_client.cli import scenario
from tanpuhui.spec.element import schemes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LINK = "lnk_" + "a" * 22
OWN = f"{LINK},310115"
FILES = {
    "RAIL": [
        "transaction_id,gate_id,link_id,district,entry_station,exit_station,entry,exit,distance_km,medium",
        f"1,gate-1,{OWN},L01-S05,L02-S09,2026-03-09T08:00:00+08:00,2026-03-09T08:25:00+08:00,12.5,qr",
        f"2,gate-2,{OWN},L02-S09,L01-S05,2026-03-09T18:00:00+08:00,2026-03-09T18:25:00+08:00,12.5,card",
    ],
    "BUS": [
        "trip_id,terminal_id,link_id,district,line,board_stop,alight_stop,board,alight,distance_km,平均乘距,平均乘时",
        f"1,bus-1,{OWN},71,S1,S9,2026-03-09T08:00:00+08:00,2026-03-09T08:20:00+08:00,5.2,4.1,900",
        f"2,bus-1,{OWN},71,S9,,2026-03-09T18:00:00+08:00,,,4.1,900",
    ],
    "EV": [
        "device_id,link_id,district,start,end,odometer_start,odometer_end,energy_kwh",
        f"ev-00001,{OWN},2026-03-09T18:00:00+08:00,2026-03-09T18:40:00+08:00,1020,1040,3.2",
        f"ev-00001,{OWN},2026-03-09T08:00:00+08:00,2026-03-09T08:40:00+08:00,1000,1020,3.1",
    ],
    "HOME": [
        "meter_id,link_id,district,read_at,peak,valley,baseline,tier,has_pv",
        f"meter-01,{OWN},2026-03-01,5310,2490,240,1,no",
        f"meter-01,{OWN},2026-02-01,5210,2440,240,1,no",
    ],
}
RECORDS = {"RAIL": 2, "BUS": 2, "EV": 1, "HOME": 1}
DEVICES = {"EV": "ev-00001", "HOME": "meter-01"}


def a_ledger(scheme: str) -> dict[str, Any]:
    certificate = {"certificate_no": "C-1", "issuer": "SIMT", "standard": "JJG 596"}
    device = {
        "device_id": DEVICES[scheme],
        "scheme": scheme,
        "kind": schemes()[scheme].device.kind,
        "model": "M-1",
        "installed_at": "2024-05-01T00:00:00Z",
        "replaces": None,
        "calibrations": [
            certificate | {"valid_from": "2025-06-01T00:00:00Z", "valid_to": "2026-12-01T00:00:00Z"}
        ],
        "states": [],
    }
    return {"devices": [device]}


@pytest.fixture
def report(tenant: Any, tmp_path: Path) -> Callable[..., Result]:
    """Writes the file of a scheme and reports it."""
    made = CliRunner().invoke(scenario, ["key", str(tmp_path / "key.json")])
    tenant.conduct("PATCH", "/scenario", jwks=json.loads(made.output), schemes=list(FILES))
    named = ["--discovery-url", tenant.discovery_url, "--client-id", "cli-1", "--scenario-id", "scn-1"]
    named += ["--key", str(tmp_path / "key.json"), "--db", str(tmp_path / "outbox.db")]

    def run(scheme: str, *options: str) -> Result:
        file = tmp_path / f"{scheme}.csv"
        file.write_text("\n".join(FILES[scheme]), encoding="utf-8")
        return CliRunner().invoke(scenario, ["report", str(file), *named, *options])

    return run


@pytest.mark.parametrize("scheme", FILES)
@pytest.mark.parametrize("by", ["batches", "uploads"])
def test_a_file_of_each_scheme_is_taken_by_the_platform(
    tenant: Any, report: Callable[..., Result], tmp_path: Path, scheme: str, by: str
) -> None:
    options = ["--by", by]
    if scheme in DEVICES:
        (tmp_path / "devices.json").write_text(json.dumps(a_ledger(scheme)), encoding="utf-8")
        options += ["--devices", str(tmp_path / "devices.json")]
    for _ in range(2):
        done = report(scheme, *options)
        assert done.exit_code == 0, done.output
        assert f"已接受 accepted {RECORDS[scheme]}" in done.output
    assert tenant.state()["records"] == {"accepted": RECORDS[scheme], "held": 0, "rejected": 0}


@pytest.mark.parametrize("scheme", DEVICES)
def test_without_a_registered_device_nothing_goes_out(
    tenant: Any, report: Callable[..., Result], scheme: str
) -> None:
    done = report(scheme)
    assert (done.exit_code, tenant.stored()) == (0, 0), done.output
    assert "--devices" in done.output or "DEV-003" in done.output
