"""What came of a file, in words a person can act on."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.outbox import READY, REFUSED, WITHHELD
from tanpuhui.reference_client.status import SETTLED
from tanpuhui.spec.methodology import methodologies
from tanpuhui.spec.problem import problem_types, reasons
from tanpuhui.spec.rule import rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tanpuhui.reference_client.outbox import Entry, Outbox

_WITHHELD_REASONS = {
    "link": "link-not-active",
    "exclusion": "activity-excluded",
    "rule": "quality-rule",
    "not-ended": "record-future",
    "late": "record-late",
}
_QUANTITIES = {"PV": ("generation_kwh", "kWh"), "BIKE": ("distance_km", "km")}
_VERDICT_WORDS = {"accepted": "已接受", "duplicate": "重复", "held": "暂存", "rejected": "拒绝"}
Why = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Summary:
    """The records of one file."""

    scheme: str
    states: Mapping[str, int]
    whys: Mapping[str, Mapping[Why, int]]
    quantity: Decimal
    reduction_kg: Decimal
    skipped_lines: int

    @property
    def unsettled(self) -> int:
        """Records that still wait for their verdict."""
        return sum(self.states.values()) - self.states.get(WITHHELD, 0) - self.refused - self.settled

    @property
    def settled(self) -> int:
        """Records with a verdict."""
        return sum(self.states.get(state, 0) for state in SETTLED)

    @property
    def refused(self) -> int:
        """Records in batches that were refused for good."""
        return self.states.get(REFUSED, 0)

    @property
    def sound(self) -> bool:
        """Nothing was rejected or refused."""
        return not (self.refused or self.states.get("rejected", 0))

    def lines(self, *, dry_run: bool) -> Iterator[str]:
        """The summary for people."""
        _, unit = _QUANTITIES[self.scheme]
        counted = sum(self.states.values())
        yield f"{self.scheme}：{counted} 条记录 / {counted} records"
        if self.skipped_lines:
            yield f"  略过 {self.skipped_lines} 行 / {self.skipped_lines} lines left out"
        yield f"  量 / quantity       {self.quantity} {unit}"
        yield f"  减排量 / reduction  {self.reduction_kg} kg"
        yield from self._withheld()
        if dry_run:
            due = self.states.get(READY, 0)
            yield f"  可报送 / due        {due}（试运行，未发送 / dry run, nothing was sent）"
            return
        words = (f"{_VERDICT_WORDS[state]} {state} {self.states.get(state, 0)}" for state in SETTLED)
        yield f"  结论 / verdicts     {' · '.join(words)}"
        for state in ("held", "rejected", REFUSED):
            yield from self._because(state)
        if self.unsettled:
            again = "再次运行同一命令即继续 / run the same command again to go on"
            yield f"  未了结 / unsettled  {self.unsettled}：{again}"

    def _withheld(self) -> Iterator[str]:
        count = self.states.get(WITHHELD, 0)
        yield f"  不予报送 / withheld {count}"
        yield from self._because(WITHHELD)

    def _because(self, state: str) -> Iterator[str]:
        for why, count in sorted(self.whys.get(state, {}).items(), key=lambda item: -item[1]):
            yield f"    {count:>6} × {_words(why)}"


def summary_of(outbox: Outbox, activities: Sequence[Mapping[str, Any]], skipped_lines: int) -> Summary:
    """Counts what the outbox holds of these activities."""
    entries = [entry for item in activities for entry in outbox.entries(item["activity_id"]).values()]
    scheme = str(activities[0]["scheme"])
    records = [json.loads(entry.body) for entry in entries if entry.body is not None]
    name, _ = _QUANTITIES[scheme]
    return Summary(
        scheme=scheme,
        states=Counter(entry.state for entry in entries),
        whys=_whys(entries),
        quantity=sum((Decimal(record["activity"][name]) for record in records), Decimal(0)),
        reduction_kg=sum((Decimal(record["reduction_kg"]) for record in records), Decimal(0)),
        skipped_lines=skipped_lines,
    )


def _whys(entries: Iterable[Entry]) -> Mapping[str, Mapping[Why, int]]:
    found: dict[str, Counter[Why]] = {}
    for entry in entries:
        if entry.reason:
            found.setdefault(entry.state, Counter())[entry.reason, entry.detail] += 1
    return found


def _words(why: Why) -> str:
    """A rule, an exclusion, a reason or a problem in the law's own words."""
    reason, detail = why
    for rule in rules():
        if rule.id == detail:
            return f"{rule.id} {rule.rationale_zh} / {rule.rationale_en} [{rule.clause}]"
    for methodology in methodologies():
        for exclusion in methodology.exclusions:
            if exclusion.id == detail:
                return f"{exclusion.id} {exclusion.reason_zh} / {exclusion.reason_en} [ACC-004]"
    code = detail if detail and detail in reasons() else _WITHHELD_REASONS.get(reason, reason)
    known = reasons().get(code) or problem_types().get(code)
    place = f" {detail}" if detail and detail != code else ""
    return f"{known.zh}{place} / {known.en} [{known.clause}]" if known else f"{reason}{place}"
