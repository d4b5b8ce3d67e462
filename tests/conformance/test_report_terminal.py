"""The terminal: one line per requirement, a card per failure, colour only where there is a terminal."""

from __future__ import annotations

import io
import os
import pty
from typing import TYPE_CHECKING

from tanpuhui.conformance.event import RunStarted, SceneFinished, SceneStarted
from tanpuhui.conformance.report.terminal import Progress, console_for, summary
from tanpuhui.conformance.verdict import Observation, Outcome, Text, Verdict

if TYPE_CHECKING:
    from conftest import ExchangeMaker, RunMaker

    from tanpuhui.conformance.report.source import ReportSource


def shown(source: ReportSource) -> str:
    stream = io.StringIO()
    summary(console_for(stream), source)
    return stream.getvalue()


def failing() -> Verdict:
    seen = Observation(False, Text("至少等 30 秒", "at least 30 s"), Text("只等了 1 秒", "waited 1 s"), 7)
    return Verdict("CAL-004/is-met", "CAL-004", ("steady",), Outcome.FAIL, (seen, seen), 2)


def test_every_requirement_that_binds_a_scenario_has_one_line_under_its_chapter(a_run: RunMaker) -> None:
    lines = shown(a_run()).splitlines()
    assert sum("CAL-004" in line for line in lines) == 1
    chapter = next(number for number, line in enumerate(lines) if line.startswith("8 接口调用"))
    requirement = next(number for number, line in enumerate(lines) if "CAL-004" in line)
    assert chapter < requirement
    assert "符合" in lines[requirement]


def test_a_failure_has_a_card_that_can_be_acted_on(a_run: RunMaker, an_exchange: ExchangeMaker) -> None:
    text = shown(a_run(failing(), exchanges=[an_exchange(7, status=503)]))
    card = text[text.index("✘ CAL-004/is-met") :]
    told = (
        "不应早于",
        "SHALL NOT",
        "至少等 30 秒",
        "只等了 1 秒",
        "503 maintenance",
        "curl -X POST",
        "tph explain CAL-004",
    )
    assert [part for part in told if part not in card] == []
    assert "1 条要求不符合 / 1 requirement not met" in card


def test_a_log_has_no_colour_and_a_terminal_has(a_run: RunMaker) -> None:
    assert "\x1b[" not in shown(a_run(failing()))
    leader, follower = pty.openpty()
    with os.fdopen(follower, "w") as terminal, os.fdopen(leader, "rb") as reader:
        console = console_for(terminal)
        console.print("x", style="red")
        terminal.flush()
        assert console.is_terminal
        assert b"\x1b[31m" in os.read(reader.fileno(), 100)


def test_a_log_gets_one_line_per_scene(a_run: RunMaker) -> None:
    stream, result = io.StringIO(), a_run().result
    progress = Progress(console_for(stream))
    progress(RunStarted(result.header, scenes=1, checks=54))
    progress(SceneStarted("steady", Text("平稳报送", "Steady reporting")))
    progress(SceneFinished(result.scenes[0]))
    progress.close()
    first, second = stream.getvalue().splitlines()
    assert "浦东示范光伏 1.4.0" in first
    assert second.split() == ["✔", "[1/1]", "平稳报送", "/", "Steady", "reporting", "1.5", "s"]
