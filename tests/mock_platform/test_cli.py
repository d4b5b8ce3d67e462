"""`tph mock` in the foreground: what it says, and how it ends."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import httpx
from click.testing import CliRunner

from tanpuhui.mock_platform.cli import mock

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = [sys.executable, "-c", "from tanpuhui.mock_platform.cli import mock; mock()"]


def test_it_says_where_it_is_and_what_it_is_not_and_ends_on_request() -> None:
    with subprocess.Popen(
        [*COMMAND, "--port", "0", "--control-port", "0"], stdout=subprocess.PIPE, text=True
    ) as started:
        assert started.stdout is not None
        said = []
        for line in started.stdout:
            said.append(line)
            if line.startswith("READY "):
                break
        addresses = json.loads(said[-1].removeprefix("READY "))
        assert httpx.get(f"{addresses['control_url']}/health").json() == {"status": "ok"}
        assert "不用于生产" in said[0]
        assert "not for production" in said[1]
        started.send_signal(signal.SIGTERM)
        assert started.wait(20) == 0


def test_a_port_in_use_is_a_clear_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = CliRunner().invoke(mock, ["--port", port, "--control-port", "0"])
    assert result.exit_code == 1
    assert "--port 0" in result.output
    assert "Traceback" not in result.output


def test_a_file_that_is_no_database_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("x" * 2000, encoding="utf-8")
    result = CliRunner().invoke(mock, ["--port", "0", "--control-port", "0", "--db", str(tmp_path / "x.db")])
    assert result.exit_code == 1
    assert "x.db" in result.output
