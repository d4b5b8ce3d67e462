"""Exit codes: one meaning per number, each reached by a real run of the command."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tanpuhui.conformance.exit_codes import ExitCode, exit_code_for
from tanpuhui.conformance.verdict import Outcome
from tanpuhui.reference_client.bank import Served, serving

if TYPE_CHECKING:
    from pathlib import Path

MAIN = "from tanpuhui.conformance.cli import main; main()"
BROKEN_CHECK = """
from tanpuhui.conformance.check import check

@check("SIG-002", "divides-by-zero", scenes=("first_report",))
def divides_by_zero(evidence):
    '''一个坏掉的检查 / A check that is broken.'''
    yield 1 / 0
"""


def tph(
    *arguments: str | Path, served: Served | None = None, before: str = "", cwd: Path
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-c", before + MAIN, *map(str, arguments)]
    token = {"TPH_TESTBED_TOKEN": served.testbed_token} if served else {}
    environment = {**os.environ, **token, "XDG_CONFIG_HOME": str(cwd / "config")}
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=110, check=False
    )


def target(served: Served) -> tuple[str, ...]:
    urls = ("--scenario-url", served.base_url, "--testbed-url", served.testbed_url)
    return (*urls, "--name", "样例", "--software-version", "1.0", "--scheme", "PV", "--scheme", "BIKE")


def test_0_what_was_checked_is_met(tmp_path: Path) -> None:
    with serving() as served:
        done = tph("check", "SIG-002", "first_report", *target(served), served=served, cwd=tmp_path)
    assert done.returncode == ExitCode.PASS, done.stdout + done.stderr
    assert "符合" in done.stdout


def test_1_a_requirement_is_not_met(tmp_path: Path) -> None:
    with serving("digests-other-bytes") as served:
        done = tph("check", "SIG-002", "first_report", *target(served), served=served, cwd=tmp_path)
    assert done.returncode == ExitCode.FAIL, done.stdout + done.stderr
    assert "✘ SIG-002" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("check", "CAL-44"), "CAL-004"),
        (("check",), "testbed.url"),
        (("certify", "--config", "nowhere.toml"), "nowhere.toml"),
        (("certify", "--edition", "1999.1", "--testbed-url", "http://127.0.0.1:9"), "scenario.name"),
        (("explain", "XXX-001"), "XXX-001"),
        (("verify", "nothing.json"), "nothing.json"),
        (("cretify",), "cretify"),
    ],
)
def test_2_the_command_was_not_used_as_it_is_meant(
    tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    done = tph(*arguments, cwd=tmp_path)
    assert done.returncode == ExitCode.USAGE
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_3_nobody_answers(tmp_path: Path) -> None:
    nobody = Served("http://127.0.0.1:9", "http://127.0.0.1:9", "unused-token", lambda: 0)
    done = tph("check", "API-008", *target(nobody), served=nobody, cwd=tmp_path)
    assert done.returncode == ExitCode.INCOMPLETE
    assert "不可达" in done.stdout


def test_4_the_kit_itself_is_broken(tmp_path: Path) -> None:
    with serving() as served:
        done = tph(
            "check",
            "SIG-002",
            "first_report",
            *target(served),
            served=served,
            before=BROKEN_CHECK,
            cwd=tmp_path,
        )
    assert done.returncode == ExitCode.KIT_ERROR, done.stdout + done.stderr
    assert "工具错误" in done.stdout
    assert "ZeroDivisionError" in done.stdout


def test_4_an_error_outside_a_run_is_the_kits_own_and_shows_no_values(tmp_path: Path) -> None:
    planted = "import tanpuhui.conformance.kit as kit\nkit.kit_digest = lambda: 1 / len('')\n"
    (tmp_path / "c.json").write_text("{}")
    (tmp_path / "transcript.jsonl").write_text("{}")
    done = tph("verify", "c.json", before=planted, cwd=tmp_path)
    assert done.returncode == ExitCode.KIT_ERROR
    assert "ZeroDivisionError" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_run_in_which_nothing_applies_is_no_pass() -> None:
    assert exit_code_for(Outcome.NOT_APPLICABLE) is ExitCode.INCOMPLETE
