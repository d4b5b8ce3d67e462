"""A finished run as reports read it: every scored requirement met unless a test says otherwise."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tanpuhui.conformance.recording.exchange import Exchange
from tanpuhui.conformance.report.source import ReportSource
from tanpuhui.conformance.result import SELF_RUN, RunHeader, RunResult, SceneResult
from tanpuhui.conformance.verdict import Outcome, Text, Verdict, worst
from tanpuhui.reference_client.bank import Served, serving
from tanpuhui.spec.edition import current_edition
from tanpuhui.spec.message import HttpRequest, HttpResponse
from tanpuhui.spec.requirement import requirements

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
RunMaker = Callable[..., ReportSource]
ExchangeMaker = Callable[..., Exchange]


@pytest.fixture
def an_exchange() -> ExchangeMaker:
    return _exchange


@pytest.fixture
def a_run() -> RunMaker:
    """Makes the source of a report; verdicts given replace the passing one of their requirement."""
    return _run


def _exchange(seq: int = 7, *, status: int = 200, body: bytes = b"{}", **request: Any) -> Exchange:
    headers = request.get(
        "headers", (("content-type", "application/json"), ("authorization", "Bearer eyJhbGciOi"))
    )
    url = request.get("url", "http://127.0.0.1:8080/t/one/v1/activity-batches?debug=1")
    answer = (
        json.dumps({"type": "https://tanpuhui.example/problems/maintenance"}).encode()
        if status >= 400
        else b"{}"
    )
    return Exchange(
        seq=seq,
        scene="steady",
        direction=request.get("direction", "inbound"),
        operation="submitBatch",
        at=NOON,
        answered_at=NOON,
        request=HttpRequest(request.get("method", "POST"), url, headers, body),
        response=HttpResponse(status, (), answer),
        lost=False,
        fault=None,
        problem=None,
        observed={},
        masked=(),
    )


def _run(
    *verdicts: Verdict,
    exchanges: Iterable[Exchange] = (),
    bank: Mapping[str, Any] | None = None,
    without: Iterable[str] = (),
) -> ReportSource:
    edition, law = current_edition(), requirements()
    told = {verdict.requirement for verdict in verdicts} | set(without)
    passing = [_passing(id_) for id_ in law if id_ in edition.scored and id_ not in told]
    everything = tuple(sorted((*passing, *verdicts), key=lambda one: list(law).index(one.requirement)))
    outcome = worst(one.outcome for one in everything)
    scene = SceneResult("steady", "平稳报送", "Steady reporting", Outcome.PASS, None, 1.5)
    result = RunResult(_header(bank), everything, outcome, (scene,), _digest("e"))
    titles = {one.check: Text("检查的名称", "The check's name") for one in everything}
    return ReportSource(result, law, edition, {one.seq: one for one in exchanges}, titles)


def _passing(requirement: str) -> Verdict:
    return Verdict(f"{requirement}/is-met", requirement, ("steady",), Outcome.PASS, (), 3)


def _header(bank: Mapping[str, Any] | None) -> RunHeader:
    return RunHeader(
        run_id="run-1",
        edition=current_edition().name,
        seed=20260302,
        kit_version="0.1.0",
        law_digest=_digest("a"),
        kit_digest=_digest("b"),
        bank=bank,
        scenario={"name": "浦东示范光伏", "version": "1.4.0", "schemes": ["PV"]},
        started_at="2026-03-02T12:00:00+08:00",
        evidence_class=SELF_RUN,
        config_digest=_digest("c"),
    )


def _digest(letter: str) -> str:
    return "sha256:" + letter * 64


@pytest.fixture(scope="session")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report folder of a clean full run of the reference scenario."""
    folder = tmp_path_factory.mktemp("certified")
    with serving() as served:
        done = certify(served, folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "tph-report"


def certify(served: Served, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command as a user runs it, with its configuration in a file."""
    told = {"name": "参考场景", "version": "1.0", "base_url": served.base_url}
    lines = [
        "[scenario]",
        *(f"{name} = {json.dumps(value)}" for name, value in told.items()),
        'schemes = ["PV", "BIKE"]',
    ]
    (folder / "tph.toml").write_text(
        "\n".join([*lines, "[testbed]", f"url = {json.dumps(served.testbed_url)}\n"])
    )
    environment = {**os.environ, "TPH_TESTBED_TOKEN": served.testbed_token, "XDG_CONFIG_HOME": str(folder)}
    command = [sys.executable, "-P", "-c", "from tanpuhui.conformance.cli import main; main()", "certify"]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=240, check=False
    )
