"""The summary of a file as a person reads it: Chinese first, aligned, with what to do next."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from tanpuhui.reference_client.keeping.outbox import READY, REFUSED, WITHHELD
from tanpuhui.reference_client.status import SETTLED
from tanpuhui.spec.business_time import instant_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tanpuhui.reference_client.exports.wart import Treatment, Wart
    from tanpuhui.reference_client.summary import Summary

_VERDICT_WORDS = {"accepted": "已接受", "duplicate": "重复", "held": "暂存", "rejected": "拒绝"}
_LABEL_WIDTH = 20
_DAYS_SHOWN = 14
_TREATED: dict[Treatment, str] = {
    "repaired": "已修正 / repaired",
    "flagged": "保留并标出 / flagged",
    "refused": "拒绝的行 / refused",
}


def dry_lines(summary: Summary) -> Iterator[str]:
    """What would be sent."""
    yield from _head(summary)
    if summary.as_of is not None:
        yield _line("时点 / as of", f"{instant_text(summary.as_of)}{summary.as_of_origin}")
    yield from _sums(summary)
    yield _line("可报送 / due", f"{summary.due}（试运行，未发送 / dry run, nothing was sent）")
    yield from _days(summary)
    yield from _withheld(summary)
    for treatment in ("refused", "flagged", "repaired"):
        yield from _treated(summary, treatment)
    yield from _next(summary)


def sent_lines(summary: Summary) -> Iterator[str]:
    """What became of it."""
    yield from _head(summary)
    yield from _sums(summary)
    yield from _withheld(summary)
    for treatment in ("refused", "repaired"):
        yield from _treated(summary, treatment)
    words = (f"{_VERDICT_WORDS[state]} {state} {summary.states.get(state, 0)}" for state in SETTLED)
    yield _line("结论 / verdicts", " · ".join(words))
    for state in ("held", "rejected", REFUSED):
        yield from _warts(summary.because[state])
    if summary.unsettled:
        again = "再次运行同一命令即继续 / run the same command again to go on"
        yield _line("未了结 / unsettled", f"{summary.unsettled}：{again}")


def _head(summary: Summary) -> Iterator[str]:
    counted = summary.records
    yield f"{summary.scheme}：{counted} 条记录 / {counted} records"
    if summary.guessed:
        yield _line("场景类型 / scheme", f"{summary.scheme}（由列名判断 / told by the columns）")
    refused = f"，其中 {summary.refused_rows} 行不能成为记录 / {summary.refused_rows} of them refused"
    yield _line("行 / lines", f"{summary.rows}{refused if summary.refused_rows else ''}")


def _sums(summary: Summary) -> Iterator[str]:
    yield _line("量 / quantity", f"{summary.quantity} {summary.unit}")
    yield _line("减排量 / reduction", f"{summary.reduction_kg} kg")


def _days(summary: Summary) -> Iterator[str]:
    if not summary.due:
        return
    yield _row("业务日 / day", "条数 / records", summary.unit, "kg CO2e")
    shown = summary.days[:_DAYS_SHOWN]
    for day in shown:
        yield _row(day.day, str(day.records), str(day.quantity), str(day.reduction_kg))
    if len(summary.days) > len(shown):
        more = len(summary.days) - len(shown)
        yield f"    … 另有 {more} 日，见 --json / {more} more days, see --json"


def _withheld(summary: Summary) -> Iterator[str]:
    yield _line("不予报送 / withheld", str(summary.withheld))
    yield from _warts(summary.because[WITHHELD])


def _treated(summary: Summary, treatment: Treatment) -> Iterator[str]:
    found = summary.of_treatment(treatment)
    if found:
        yield _line(_TREATED[treatment], str(summary.refused_rows) if treatment == "refused" else "")
        yield from _warts(found)


def _warts(warts: Iterable[Wart]) -> Iterator[str]:
    for wart in warts:
        clause = f" [{wart.kind.clause}]" if wart.kind.clause else ""
        named = f"{wart.kind.id} " if wart.kind.id.startswith("Q-") else ""
        yield f"    {wart.count:>6} × {named}{wart.words}{clause}"
        if wart.lines:
            yield f"             行 / lines {wart.places}"


def _next(summary: Summary) -> Iterator[str]:
    """What a person can do, once for each step."""
    steps = list(dict.fromkeys(str(wart.kind.next_step) for wart in summary.warts if wart.kind.next_step))
    if summary.states.get(READY, 0):
        steps.append("去掉 --dry-run 即报送 / leave out --dry-run to report")
    if steps:
        yield _line("下一步 / next", "")
    for number, step in enumerate(steps, start=1):
        yield f"    {number}. {step}"


def _line(label: str, text: str) -> str:
    return f"  {_padded(label, _LABEL_WIDTH)}{text}".rstrip()


def _row(day: str, records: str, quantity: str, reduction: str) -> str:
    return f"    {_padded(day, 16)}{_padded(records, -16)}{_padded(quantity, -16)}{_padded(reduction, -18)}"


def _padded(text: str, width: int) -> str:
    """As wide as wanted on a terminal, where Chinese characters take two places; negative widths align right."""
    taken = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    blanks = " " * max(abs(width) - taken, 1 if width > 0 else 0)
    return text + blanks if width > 0 else blanks + text
