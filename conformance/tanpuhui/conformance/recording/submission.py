"""Batches as the scenario sent them: attempts under one idempotency key, their records and verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.recording.write import Write
from tanpuhui.conformance.verdict import Text

if TYPE_CHECKING:
    from datetime import datetime

SUBMIT = "submitBatch"
REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Ruling:
    """A verdict that reached the scenario, and since when the scenario certainly knows it; None: perhaps it does not."""

    verdict: Mapping[str, Any]
    known_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sent:
    """One record in one submission, with the verdict that the platform gave it there, if it did."""

    record: Mapping[str, Any]
    index: int
    submission: Submission
    ruling: Ruling | None

    @property
    def record_id(self) -> str:
        """The record's id as text, empty where it has none."""
        return str(self.record.get("record_id", ""))

    @property
    def seq(self) -> int:
        """The exchange in which it was first sent."""
        return self.submission.first.seq

    @property
    def verdict(self) -> Mapping[str, Any] | None:
        """The verdict that reached the scenario, None where none did."""
        return self.ruling.verdict if self.ruling else None

    @property
    def verdict_word(self) -> str | None:
        """accepted, duplicate, held or rejected; None where no verdict reached the scenario."""
        return str(self.verdict.get("verdict")) if self.verdict else None

    @property
    def known_at(self) -> datetime | None:
        """Since when the scenario certainly knows the verdict."""
        return self.ruling.known_at if self.ruling else None


@dataclass(frozen=True, slots=True)
class Submission(Write):
    """A batch; an upload is one too, whose records are lines and whose verdicts come later."""

    @property
    def records(self) -> tuple[Mapping[str, Any], ...]:
        """The records of the first attempt; what is no object is left out and stands in `undecoded`."""
        return tuple(record for record in self.listed() if isinstance(record, Mapping))

    @property
    def undecoded(self) -> Text | None:
        """Why the batch could not be read as a list of records, None where it could."""
        content = self.first.content
        if content.error is not None:
            return content.error
        if all(isinstance(record, Mapping) for record in self.listed()) and self.listed():
            return None
        return Text("正文不是含 records 的批次", "the body is no batch with records")

    def sent(self) -> Iterator[Sent]:
        """Each record with its verdict."""
        rulings = self.rulings()
        for index, record in enumerate(self.listed()):
            if isinstance(record, Mapping):
                yield Sent(record, index, self, rulings.get(index))

    def listed(self) -> list[Any]:
        """What stands in the place of records, whatever it is."""
        body = self.first.content.value
        records = body.get("records") if isinstance(body, Mapping) else None
        return records if isinstance(records, list) else []

    def rulings(self) -> dict[int, Ruling]:
        """The verdicts that reached the scenario, by the place of the record."""
        answered = next((attempt for attempt in self.attempts if attempt.answered_ok), None)
        acknowledged = self.acknowledged
        known_at = acknowledged.answered_at if acknowledged else None
        verdicts = verdicts_in(answered.answer.value if answered else None)
        return {index: Ruling(verdict, known_at) for index, verdict in verdicts.items()}


def verdicts_in(body: Any) -> dict[int, Mapping[str, Any]]:
    """The verdicts of an answer by index; what is malformed is left out."""
    listed = body.get("verdicts") if isinstance(body, Mapping) else None
    usable = (item for item in listed if isinstance(item, Mapping)) if isinstance(listed, list) else ()
    return {item["index"]: item for item in usable if isinstance(item.get("index"), int)}
