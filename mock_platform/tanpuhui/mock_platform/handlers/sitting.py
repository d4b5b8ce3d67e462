"""One sitting over one batch: judges its records in order and keeps those that took effect."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Self

from tanpuhui.mock_platform.handlers.verdicts import ground
from tanpuhui.mock_platform.state.clock import micros
from tanpuhui.mock_platform.state.devices import standings
from tanpuhui.mock_platform.state.faults import ON_VERDICTS
from tanpuhui.mock_platform.state.links import histories
from tanpuhui.mock_platform.state.records import Known, keep_corrected, keep_records, known_records
from tanpuhui.spec.indicator import envelope, schemes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tanpuhui.mock_platform.handlers.verdicts import Opinion
    from tanpuhui.mock_platform.interface.call import Call
    from tanpuhui.mock_platform.state.devices import Standing
    from tanpuhui.mock_platform.state.links import LinkHistory

REJECTED = "rejected"


@dataclass(slots=True)
class Sitting:
    """What is known before, what is to be kept afterwards."""

    call: Call
    links: Mapping[str, LinkHistory]
    devices: Mapping[str, Standing]
    known: dict[str, Known]
    stored: frozenset[str]
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    opened: bool = False

    @classmethod
    def of(cls, call: Call, opinions: Sequence[Opinion]) -> Self:
        """Look up, once for the whole batch, what its sound records refer to."""
        sound = [opinion.record for opinion in opinions if not opinion.malformed]
        place = (call.connection, call.tenant.id)
        links = histories(*place, (record["link_id"] for record in sound))
        bound = (record["device_id"] for record in sound if record["scheme"] in _bound())
        devices = standings(*place, bound)
        known = known_records(call.connection, call.tenant, (record["record_id"] for record in sound))
        return cls(call, links, devices, known, frozenset(known))

    def verdict(self, opinion: Opinion) -> dict[str, Any]:
        """The verdict on the next record as the receipt shows it."""
        first, self.opened = not self.opened, True
        record = opinion.record
        if opinion.malformed:
            return {"record_id": _usable_id(record), "verdict": REJECTED, "reasons": opinion.malformed}
        record_id = record["record_id"]
        before = self.known.get(record_id)
        repeated = None if before is None else _repeated(before, opinion.fingerprint)
        if repeated is not None:
            return {"record_id": record_id, **repeated}
        ruling = opinion.given(self.links.get(record["link_id"]), self.devices.get(record["device_id"]))
        shown: dict[str, Any] = {"verdict": ruling.verdict, "reasons": list(ruling.reasons)}
        if first and before is None:
            shown |= self._forced()
        effect = _effect(shown["verdict"])
        self._keep(record, opinion.content, Known(opinion.fingerprint, effect, effect))
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


@cache
def _bound() -> tuple[str, ...]:
    """The schemes whose devices have to be registered."""
    return tuple(code for code, scheme in schemes().items() if scheme.device.registered)


def _usable_id(record: Any) -> str | None:
    """The id of a malformed record if it can be told from its own; anything else is not repeated."""
    found = record.get("record_id") if isinstance(record, dict) else None
    pattern = next(element.pattern for element in envelope() if element.id == "record_id")
    return found if isinstance(found, str) and pattern and re.fullmatch(pattern, found) else None
