"""Own commands as processes: ready before they are used, gone afterwards, whatever happens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tanpuhui.conformance.processes import started
from tanpuhui.conformance.trouble import Trouble

MOCK = ("mock", "--port", "0", "--control-port", "0")


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=5) as answer:  # noqa: S310
            return answer.status == 200
    except OSError:
        return False


def test_a_started_platform_answers_and_is_gone_afterwards() -> None:
    with started(MOCK, os.environ) as platform:
        assert answers(platform["control_url"])
    assert not answers(platform["control_url"])


def test_it_is_gone_even_after_an_error() -> None:
    found: dict[str, str] = {}

    def fail() -> None:
        with started(MOCK, os.environ) as platform:
            found.update(platform)
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert not answers(found["control_url"])


def test_one_that_does_not_start_is_named() -> None:
    with (
        pytest.raises(Trouble, match="tph mock --port many"),
        started(("mock", "--port", "many"), os.environ),
    ):
        pass


def test_a_demonstration_that_is_told_to_stop_leaves_nothing_behind(tmp_path: Path) -> None:
    script = "from tanpuhui.conformance.cli import main; main()"
    command = [sys.executable, "-P", "-c", script, "demo", "--out", str(tmp_path / "out")]
    environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as demo:
        assert demo.stdout is not None
        assert "参考场景" in demo.stdout.readline()
        children = [
            int(pid) for pid in Path(f"/proc/{demo.pid}/task/{demo.pid}/children").read_text().split()
        ]
        demo.send_signal(signal.SIGTERM)
        demo.stdout.read()
    assert demo.returncode == 3
    assert len(children) == 2
    assert [pid for pid in children if Path(f"/proc/{pid}").exists()] == []
