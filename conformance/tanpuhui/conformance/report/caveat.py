"""What a reader must know before relying on a verdict, told before anything else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tanpuhui.conformance.result import SELF_RUN
from tanpuhui.conformance.verdict import Text
from tanpuhui.spec.law import law_yaml
from tanpuhui.spec.methodology import methodologies

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from tanpuhui.conformance.report.source import ReportSource

_OFFICIAL = "official"


@dataclass(frozen=True, slots=True)
class Caveat:
    """One thing that weakens a pass, and the names that it concerns."""

    text: Text
    names: tuple[str, ...] = ()


def caveats(source: ReportSource) -> tuple[Caveat, ...]:
    """All of them, the weightiest first."""
    kinds = (_partial, _self_run, _proposal, _illustrative, _unscored)
    return tuple(caveat for kind in kinds for caveat in kind(source))


def _partial(source: ReportSource) -> Iterator[Caveat]:
    if left_out := source.left_out:
        zh = f"部分检查：{len(left_out)} 条计分要求未运行，不能据此称为符合。"
        en = f"A partial run: {len(left_out)} scored requirements were not run; it shows no conformance."
        yield Caveat(Text(zh, en), left_out)


def _self_run(source: ReportSource) -> Iterator[Caveat]:
    if source.result.header.evidence_class == SELF_RUN:
        zh = "自测：由场景方自行运行，没有技术中心或交易机构见证。"
        en = "Self-run: the scenario's own side ran it; no technical centre or exchange witnessed it."
        yield Caveat(Text(zh, en))


def _proposal(source: ReportSource) -> Iterator[Caveat]:
    if source.edition.status != _OFFICIAL:
        zh = f"版本 {source.edition.name} 是建议稿，不是官方发布的接口文本。"
        en = f"Edition {source.edition.name} is a proposal, not an officially published interface."
        yield Caveat(Text(zh, en))


def _illustrative(source: ReportSource) -> Iterator[Caveat]:
    factors = _factors(source.result.header.scenario["schemes"])
    limits = [entry for group in law_yaml("limits.yaml").values() for entry in group.values()]
    proposed = sum(entry["status"] != _OFFICIAL for entry in limits)
    if factors or proposed:
        count = sum(len(values) for values in factors.values())
        zh = f"参数不是官方值：{count} 个核算参数、{proposed} 个限值和时间为示意或次级值。"
        en = f"{count} accounting parameters, {proposed} limits and times are illustrative or secondary."
        told = tuple(f"{name} = {', '.join(values)}" for name, values in factors.items())
        yield Caveat(Text(zh, f"Figures are not official: {en}"), told)


def _factors(claimed: Collection[str]) -> dict[str, list[str]]:
    """The values of every accounting parameter that no authority has published, whatever its time of validity."""
    found: dict[str, dict[str, None]] = {}
    for methodology in methodologies():
        for chosen in methodology.parameter_sets if methodology.scheme in claimed else ():
            for one in chosen.parameters:
                if one.status != _OFFICIAL:
                    name = f"{methodology.scheme} {one.name} ({one.unit})"
                    found.setdefault(name, {})[f"{one.value:f}"] = None
    return {name: list(values) for name, values in found.items()}


def _unscored(source: ReportSource) -> Iterator[Caveat]:
    reasons = dict.fromkeys(source.edition.not_scored.values())
    for reason in reasons:
        names = tuple(id_ for id_, why in source.edition.not_scored.items() if why == reason)
        words = Text.both(reason)
        yield Caveat(Text(f"不计分：{words.zh}。", f"Not scored: {words.en}."), names)
