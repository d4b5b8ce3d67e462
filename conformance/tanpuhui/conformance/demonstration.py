"""The demonstration: two processes of ours on loopback, a configuration as a user would write it, one run."""

from __future__ import annotations

import json
import os
import secrets
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NoReturn

from tanpuhui.conformance.asking import Asked, Chosen, run_config
from tanpuhui.conformance.certifying.signer import own_key, own_key_path
from tanpuhui.conformance.config import DEFAULT_TOKEN_ENV, read_settings
from tanpuhui.conformance.exit_codes import ExitCode
from tanpuhui.conformance.proceedings import Proceedings
from tanpuhui.conformance.processes import started
from tanpuhui.conformance.report.terminal import console_for
from tanpuhui.spec.element import schemes
from tanpuhui.spec.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tanpuhui.conformance.truth.measured import MeasuredSeries


_MOCK = ("mock", "--port", "0", "--control-port", "0")
_SCENARIO = ("scenario", "serve", "--port", "0", "--testbed", "--testbed-token-env", DEFAULT_TOKEN_ENV)


def demonstrate(asked: Asked, series: MeasuredSeries | None) -> ExitCode:
    """Certify the reference scenario; the processes end with the demonstration, even when it is told to stop."""
    signal.signal(signal.SIGTERM, _stop)
    environment = {**os.environ, DEFAULT_TOKEN_ENV: secrets.token_urlsafe(24)}
    chosen = Chosen(lambda: f"run-{secrets.token_hex(8)}", lambda: secrets.randbelow(2**31), environment)
    with (
        TemporaryDirectory() as folder,
        started(_MOCK, environment) as platform,
        started(_SCENARIO, environment) as scenario,
    ):
        file = Path(folder) / "tph.toml"
        described = _described(series) if series else ""
        file.write_text(_written(platform["control_url"], scenario) + described, encoding="utf-8")
        config = run_config(read_settings(file), asked, chosen)
        key = own_key(own_key_path(environment))
        return Proceedings(console_for(sys.stdout), lambda: datetime.now(UTC), key).conduct(config)


def _stop(*_: object) -> NoReturn:
    raise SystemExit(int(ExitCode.INCOMPLETE))


def _written(control_url: str, scenario: Mapping[str, str]) -> str:
    """A JSON string is a TOML string too."""
    return f"""\
[scenario]
name = "参考场景 reference scenario"
version = {json.dumps(__version__)}
schemes = {json.dumps(list(schemes()))}
uploads = true
base_url = {json.dumps(scenario["base_url"])}

[testbed]
url = {json.dumps(scenario["testbed_url"])}

[platform]
control_url = {json.dumps(control_url)}
"""


def _described(series: MeasuredSeries) -> str:
    return f"""
[measured]
path = {json.dumps(str(series.path.resolve()))}
capacity_kw = {json.dumps(series.capacity_kw)}
grid_connected_on = {json.dumps(series.grid_connected_on)}
interval_seconds = {series.interval_seconds}
"""
