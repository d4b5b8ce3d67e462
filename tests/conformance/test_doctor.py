"""`tph doctor`: what would stop a run, each with what to do next."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from tanpuhui.conformance.cli import tph
from tanpuhui.conformance.diagnosis import Symptom, diagnosis
from tanpuhui.conformance.exit_codes import ExitCode
from tanpuhui.conformance.plan import RunConfig, ScenarioClaims
from tanpuhui.conformance.wire import Wire
from tanpuhui.reference_client.bank import Served, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

SERIES = '[measured]\npath = "power.csv"\ncapacity_kw = 6\ngrid_connected_on = "2016-07-01"\ninterval_seconds = 900\n'


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving() as found:
        yield found


def asked(served: Served, *more: str, token: str | None = None) -> Result:
    urls = ("--scenario-url", served.base_url, "--testbed-url", served.testbed_url)
    named = ("--name", "样例", "--software-version", "1.0", "--scheme", "PV")
    return CliRunner().invoke(
        tph, ["doctor", *urls, *named, *more], env={"TPH_TESTBED_TOKEN": token or served.testbed_token}
    )


def closed_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


def test_all_well(served: Served) -> None:
    done = asked(served)
    assert done.exit_code == ExitCode.PASS, done.output
    for told in ("配置完整", "测试台可达", "场景接口可达", "时钟相差", "未配置实测数据"):
        assert told in done.output


def test_a_wrong_token_is_named_and_not_shown(served: Served) -> None:
    done = asked(served, token="wrong-token-wrong")
    assert done.exit_code == ExitCode.INCOMPLETE
    assert "测试台拒绝令牌（401）" in done.output
    assert "下一步" in done.output
    assert "wrong-token" not in done.output


def test_nobody_there(served: Served) -> None:
    nobody = Served(closed_port(), closed_port(), "unused", lambda: 0)
    done = asked(nobody)
    assert done.exit_code == ExitCode.INCOMPLETE
    assert done.output.count("不可达") == 2
    assert "先启动被测场景" in done.output


def test_a_wrong_path_is_told_from_a_dead_host(served: Served) -> None:
    astray = Served(served.base_url, served.base_url + "/elsewhere", served.testbed_token, lambda: 0)
    done = asked(astray)
    assert done.exit_code == ExitCode.INCOMPLETE
    assert "应答 404" in done.output


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("time,watts\n2026-01-01T00:00:00+08:00,5\n", "日 / "),
        ("time,watts\nyesterday,much\n", "第 2 行"),
        ("", "列"),
    ],
)
def test_a_measured_series_is_read_before_the_run(
    served: Served, tmp_path: Path, content: str, told: str
) -> None:
    (tmp_path / "power.csv").write_text(content)
    (tmp_path / "tph.toml").write_text(SERIES)
    done = asked(served, "--config", str(tmp_path / "tph.toml"))
    assert done.exit_code == ExitCode.USAGE
    assert told in done.output


@contextmanager
def looked_at(served: Served, now: datetime) -> Iterator[list[Symptom]]:
    claims = ScenarioClaims("样例", "1.0", ("PV",), served.base_url)
    config = RunConfig("run", "2026.1", 1, claims, served.testbed_url, Path("out"), served.testbed_token)
    with Wire() as wire:
        yield list(diagnosis(config, wire, lambda: now))


def test_clocks_that_are_apart_are_told_without_stopping_the_run(served: Served) -> None:
    with looked_at(served, datetime.now(UTC) + timedelta(minutes=5)) as symptoms:
        (clock,) = [one for one in symptoms if "时钟相差" in one.text.zh]
    assert clock.advice is not None
    assert clock.code is ExitCode.PASS
