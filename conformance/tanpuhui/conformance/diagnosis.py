"""What would stop a run, found before it starts, each with what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from random import Random
from typing import TYPE_CHECKING

from tanpuhui.conformance.config import DEFAULT_TOKEN_ENV
from tanpuhui.conformance.driving.json_call import CallFailed, Sender
from tanpuhui.conformance.driving.testbed import ScenarioTestbed
from tanpuhui.conformance.exit_codes import ExitCode
from tanpuhui.conformance.truth.measured import UnusableSeries, measured_plant
from tanpuhui.conformance.truth.record import Horizon
from tanpuhui.conformance.verdict import Text
from tanpuhui.conformance.wire import Unreachable
from tanpuhui.spec.limits import default_times
from tanpuhui.spec.message import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from tanpuhui.conformance.plan import RunConfig

_PATIENCE = 10.0
_DENIED = (401, 403)
_ABSENT = 404
_ASTRAY = (_ABSENT, 405)


@dataclass(frozen=True, slots=True)
class Symptom:
    """One thing that was looked at; what is not well says what to do about it."""

    text: Text
    advice: Text | None = None
    code: ExitCode = ExitCode.PASS


def diagnosis(config: RunConfig, wire: Sender, now: Callable[[], datetime]) -> Iterator[Symptom]:
    """Look at everything that a run needs from outside."""
    scenario = config.scenario
    yield _well(
        f"配置完整：{scenario.name} {scenario.version}，{'、'.join(scenario.schemes)}，版本 {config.edition}",
        f"configuration complete: {scenario.name} {scenario.version}, edition {config.edition}",
    )
    yield _testbed(config, wire)
    if scenario.base_url:
        yield from _interface(scenario.base_url, wire, now)
    yield _measured(config, now())


def _testbed(config: RunConfig, wire: Sender) -> Symptom:
    url = config.testbed_url
    try:
        status = ScenarioTestbed.at(wire, url, config.testbed_token).status()
    except Unreachable:
        return _unreachable("测试台 testbed", url)
    except CallFailed as failure:
        return _refused(url, failure.status, told=config.testbed_token is not None)
    if status.get("state") not in ("idle", "busy"):
        advice = Text("按 testbed.yaml 的 getStatus 实现", "implement getStatus as testbed.yaml says")
        return _ill(f"{url}/status 的应答没有 state", f"the answer of {url}/status has no state", advice)
    return _well(f"测试台可达：{url}", f"testbed reachable: {url}")


def _refused(url: str, status: int, *, told: bool) -> Symptom:
    if status in _DENIED:
        zh = "检查环境变量中的令牌是否与场景一致" if told else f"设置环境变量 {DEFAULT_TOKEN_ENV}"
        en = (
            "check that the token in the environment is the scenario's"
            if told
            else f"set {DEFAULT_TOKEN_ENV}"
        )
        refused = Text(
            f"测试台拒绝令牌（{status}）：{url}", f"the testbed refuses the token ({status}): {url}"
        )
        return _ill(refused.zh, refused.en, Text(zh, en))
    if status in _ASTRAY:
        advice = Text(
            "检查 testbed.url 是否指向测试台的根", "check that testbed.url points at the testbed's root"
        )
        return _ill(f"{url}/status 应答 {status}", f"{url}/status answered {status}", advice)
    advice = Text(
        "一次运行会先调用 /reset；重置后应答应为 200", "a run resets first; after that it should answer 200"
    )
    return Symptom(
        Text(f"测试台可达，但 /status 应答 {status}", f"testbed reachable, its /status answered {status}"),
        advice,
    )


def _interface(url: str, wire: Sender, now: Callable[[], datetime]) -> Iterator[Symptom]:
    try:
        answer = wire.send(HttpRequest("GET", f"{url}/v1/health"), timeout=_PATIENCE)
    except Unreachable:
        yield _unreachable("场景接口 scenario", url)
        return
    if answer.status == _ABSENT:
        advice = Text(
            "检查 scenario.base_url，接口路径以 /v1 开头", "check scenario.base_url; its paths begin with /v1"
        )
        yield _ill(f"{url}/v1/health 应答 {_ABSENT}", f"{url}/v1/health answered {_ABSENT}", advice)
        return
    yield _well(f"场景接口可达：{url}", f"scenario interface reachable: {url}")
    yield _clock(answer, now())


def _clock(answer: HttpResponse, here: datetime) -> Symptom:
    shown = answer.header_values("date")
    try:
        there = parsedate_to_datetime(shown[0])
    except (IndexError, ValueError):
        return _well(
            "场景的应答没有 Date，未比较时钟", "the scenario sends no Date; clocks were not compared"
        )
    apart = abs((there - here).total_seconds())
    if apart <= default_times().signature_future_seconds:
        return _well(f"时钟相差 {apart:.0f} 秒", f"clocks {apart:.0f} s apart")
    advice = Text(
        "校准两边的时钟；签名时间应取自平台（SIG-004）",
        "set the clocks; signatures take the platform's time (SIG-004)",
    )
    return Symptom(Text(f"时钟相差 {apart:.0f} 秒", f"clocks are {apart:.0f} s apart"), advice)


def _measured(config: RunConfig, here: datetime) -> Symptom:
    if config.measured is None:
        return _well(
            "未配置实测数据：相应检查记为不适用", "no measured series: the checks on it will not apply"
        )
    try:
        measured_plant(config.measured, Random(0), Horizon(here, default_times().late_window_days))  # noqa: S311
    except UnusableSeries as error:
        advice = Text("修正文件，或 [measured] 中的说明", "fix the file, or what [measured] says of it")
        return Symptom(Text(error.zh, error.en), advice, ExitCode.USAGE)
    return _well(f"实测数据可用：{config.measured.path}", f"measured series usable: {config.measured.path}")


def _unreachable(what: str, url: str) -> Symptom:
    zh, en = what.split(" ")
    advice = Text(
        "先启动被测场景，再检查地址、端口和防火墙",
        "start the scenario under test, then check address, port, firewall",
    )
    return _ill(f"{zh}不可达：{url}", f"the {en} cannot be reached: {url}", advice)


def _well(zh: str, en: str) -> Symptom:
    return Symptom(Text(zh, en))


def _ill(zh: str, en: str, advice: Text) -> Symptom:
    return Symptom(Text(zh, en), advice, ExitCode.INCOMPLETE)
