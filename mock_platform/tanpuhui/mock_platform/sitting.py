"""One sitting over one batch: judges its records in order and keeps those that took effect."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from tanpuhui.mock_platform.clock import micros
from tanpuhui.mock_platform.faults import ON_VERDICTS
from tanpuhui.mock_platform.links import histories
from tanpuhui.mock_platform.records import Known, keep_corrected, keep_records, known_records
from tanpuhui.mock_platform.verdicts import Bench, ground, judge, judge_form
from tanpuhui.spec.indicator import envelope
from tanpuhui.spec.strict_json import canonical_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tanpuhui.mock_platform.call import Call

REJECTED = "rejected"


@dataclass(slots=True)
class Sitting:
    """What is known before, what is to be kept afterwards."""

    call: Call
    bench: Bench
    known: dict[str, Known]
    stored: frozenset[str]
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    opened: bool = False

    @classmethod
    def of(cls, call: Call, records: Sequence[Any]) -> Self:
        """Look up, once for the whole batch, what its records refer to."""
        tenant = call.tenant
        links = histories(call.connection, tenant.id, _texts(records, "link_id"))
        known = known_records(call.connection, tenant, _texts(records, "record_id"))
        bench = Bench(frozenset(tenant.profile.schemes), links, call.now, tenant.times)
        return cls(call, bench, known, frozenset(known))

    def verdict(self, record: Any) -> dict[str, Any]:
        """The verdict on the next record as the receipt shows it."""
        first, self.opened = not self.opened, True
        malformed = judge_form(record)
        if malformed is not None:
            return {"record_id": _usable_id(record), "verdict": REJECTED, "reasons": list(malformed.reasons)}
        record_id, content = record["record_id"], canonical_json(record)
        fingerprint = hashlib.sha256(content).hexdigest()
        before = self.known.get(record_id)
        repeated = None if before is None else _repeated(before, fingerprint)
        if repeated is not None:
            return {"record_id": record_id, **repeated}
        ruling = judge(record, self.bench)
        shown: dict[str, Any] = {"verdict": ruling.verdict, "reasons": list(ruling.reasons)}
        if first and before is None:
            shown |= self._forced()
        effect = _effect(shown["verdict"])
        self._keep(record, content, Known(fingerprint, effect, effect))
        return {"record_id": record_id, **shown}

    def close(self) -> None:
        """Write what was kept."""
        new = [row for record_id, row in self.kept.items() if record_id not in self.stored]
        keep_records(self.call.connection, new)
        for record_id in self.kept.keys() & self.stored:
            keep_corrected(self.call.connection, self.kept[record_id])

    def _forced(self) -> dict[str, Any]:
        """What a fault of kind verdict makes of the first record."""
        fault = self.call.exchange.struck(self.call.connection, ON_VERDICTS)
        if fault is None:
            return {}
        verdict, code = fault.details["verdict"], fault.details.get("code", "quality-rule")
        original = {"original": "accepted"} if verdict == "duplicate" else {}
        return {
            "verdict": verdict,
            "reasons": [ground(code)] if verdict in {"held", REJECTED} else [],
            **original,
        }

    def _keep(self, record: dict[str, Any], content: bytes, known: Known) -> None:
        self.known[record["record_id"]] = known
        self.kept[record["record_id"]] = {
            "tenant": self.call.tenant.id,
            "scenario_id": self.call.tenant.profile.scenario_id,
            "record_id": record["record_id"],
            "fingerprint": known.fingerprint,
            "first_verdict": known.first_verdict,
            "verdict": known.verdict,
            "received_at": micros(self.call.now),
            "business_day": record["business_day"],
            "reduction_kg": record["reduction_kg"],
            "content": content,
        }


def _repeated(before: Known, fingerprint: str) -> dict[str, Any] | None:
    """The verdict on an id that came before; None: a record corrected after a rejection is judged anew."""
    if before.fingerprint == fingerprint:
        return {"verdict": "duplicate", "original": before.first_verdict, "reasons": []}
    if before.verdict == REJECTED:
        return None
    return {"verdict": REJECTED, "reasons": [ground("record-conflict", pointer="/record_id")]}


def _effect(verdict: str) -> str:
    """What a verdict means for the record: one that is called a duplicate has taken effect."""
    return "accepted" if verdict == "duplicate" else verdict


def _texts(records: Sequence[Any], name: str) -> Iterator[str]:
    for record in records:
        if isinstance(record, dict) and isinstance(record.get(name), str):
            yield record[name]


def _usable_id(record: Any) -> str | None:
    """The id of a malformed record if it can be told from its own; anything else is not repeated."""
    found = record.get("record_id") if isinstance(record, dict) else None
    pattern = next(element.pattern for element in envelope() if element.id == "record_id")
    return found if isinstance(found, str) and pattern and re.fullmatch(pattern, found) else None
