"""The verdict of a run in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.conformance.verdict import Outcome, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tanpuhui.conformance.report.source import ReportSource


def headline(source: ReportSource, counts: Mapping[Outcome, int]) -> Text:
    """What a reader must know if only one sentence is read."""
    return _SENTENCES[source.result.outcome](source, counts)


def _kit_error(_: ReportSource, __: Mapping[Outcome, int]) -> Text:
    return Text("工具自身出错，本次没有结论", "The kit itself failed; this run has no verdict")


def _fail(_: ReportSource, counts: Mapping[Outcome, int]) -> Text:
    count, unjudged = counts[Outcome.FAIL], counts[Outcome.INCOMPLETE]
    zh = f"{count} 条要求不符合" + (f"，{unjudged} 条未能判定" if unjudged else "")
    en = f"{count} requirement{_s(count)} not met" + (f", {unjudged} not judged" if unjudged else "")
    return Text(zh, en)


def _incomplete(_: ReportSource, counts: Mapping[Outcome, int]) -> Text:
    count = counts[Outcome.INCOMPLETE]
    zh = f"{count} 条要求未能判定，不能据此称为符合"
    return Text(zh, f"{count} requirement{_s(count)} could not be judged; this shows no conformance")


def _pass(source: ReportSource, counts: Mapping[Outcome, int]) -> Text:
    count = counts[Outcome.PASS]
    if source.left_out:
        return Text(
            f"所查 {count} 条要求均符合（部分检查）",
            f"All {count} requirements checked are met (partial run)",
        )
    apart = counts[Outcome.NOT_APPLICABLE]
    zh = f"{count} 条要求全部符合" + (f"，{apart} 条不适用" if apart else "")
    return Text(
        zh, f"All {count} applicable requirements are met" if apart else f"All {count} requirements are met"
    )


def _not_applicable(_: ReportSource, __: Mapping[Outcome, int]) -> Text:
    return Text(
        "所选要求均不适用，本次没有结论", "None of the chosen requirements applies; this run has no verdict"
    )


def _s(count: int) -> str:
    return "" if count == 1 else "s"


_SENTENCES = {
    Outcome.KIT_ERROR: _kit_error,
    Outcome.FAIL: _fail,
    Outcome.INCOMPLETE: _incomplete,
    Outcome.PASS: _pass,
    Outcome.NOT_APPLICABLE: _not_applicable,
}
