"""Batches as the scenario sent them: attempts under one idempotency key, their records and verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.verdict import Text

if TYPE_CHECKING:
    from tanpuhui.conformance.exchange import Exchange

SUBMIT = "submitBatch"
SPOILING = frozenset({"lose_answer", "lose_request", "delay", "break_receipt"})


@dataclass(frozen=True, slots=True)
class Sent:
    """One record in one submission, with the verdict that the platform gave it there, if it did."""

    record: Mapping[str, Any]
    index: int
    submission: Submission
    verdict: Mapping[str, Any] | None

    @property
    def record_id(self) -> str:
        """The record's id as text, empty where it has none."""
        return str(self.record.get("record_id", ""))

    @property
    def seq(self) -> int:
        """The exchange in which it was first sent."""
        return self.submission.first.seq

    @property
    def verdict_word(self) -> str | None:
        """accepted, duplicate, held or rejected; None where no verdict reached the scenario."""
        return str(self.verdict.get("verdict")) if self.verdict else None


@dataclass(frozen=True, slots=True)
class Submission:
    """Every attempt that bore the same idempotency key, in the order in which they arrived."""

    scene: str
    key: str | None
    attempts: tuple[Exchange, ...]

    @property
    def first(self) -> Exchange:
        """The first attempt."""
        return self.attempts[0]

    @property
    def acknowledged(self) -> Exchange | None:
        """The first attempt whose answer certainly reached the scenario as a valid 2xx."""
        return next((attempt for attempt in self.attempts if surely_acknowledged(attempt)), None)

    @property
    def answered(self) -> Exchange | None:
        """The first attempt with a valid 2xx, prompt or slow: reason enough not to send again."""
        return next((it for it in self.attempts if it.answered_ok and not _spoilt(it)), None)

    @property
    def refused_for_good(self) -> Exchange | None:
        """The first attempt that was promptly refused with a problem that is not retryable."""
        refused = (attempt for attempt in self.attempts if attempt.refused and not attempt.slow)
        return next((attempt for attempt in refused if not attempt.retryable), None)

    @property
    def records(self) -> tuple[Mapping[str, Any], ...]:
        """The records of the first attempt; what is no object is left out and stands in `undecoded`."""
        return tuple(record for record in self._listed() if isinstance(record, Mapping))

    @property
    def undecoded(self) -> Text | None:
        """Why the batch could not be read as a list of records, None where it could."""
        content = self.first.content
        if content.error is not None:
            return content.error
        if all(isinstance(record, Mapping) for record in self._listed()) and self._listed():
            return None
        return Text("正文不是含 records 的批次", "the body is no batch with records")

    def sent(self) -> Iterator[Sent]:
        """Each record of the batch with its verdict."""
        verdicts = self._verdicts()
        for index, record in enumerate(self._listed()):
            if isinstance(record, Mapping):
                yield Sent(record, index, self, verdicts.get(index))

    def _listed(self) -> list[Any]:
        body = self.first.content.value
        records = body.get("records") if isinstance(body, Mapping) else None
        return records if isinstance(records, list) else []

    def _verdicts(self) -> dict[int, Mapping[str, Any]]:
        answered = next((attempt for attempt in self.attempts if attempt.answered_ok), None)
        body = answered.answer.value if answered else None
        listed = body.get("verdicts") if isinstance(body, Mapping) else None
        usable = (item for item in listed if isinstance(item, Mapping)) if isinstance(listed, list) else ()
        return {item["index"]: item for item in usable if isinstance(item.get("index"), int)}


def surely_acknowledged(attempt: Exchange) -> bool:
    """A prompt 2xx that no armed fault spoilt: the scenario cannot say that it never came."""
    return attempt.answered_ok and not _spoilt(attempt) and not attempt.slow


def _spoilt(attempt: Exchange) -> bool:
    return attempt.fault is not None and attempt.fault.kind in SPOILING


def submissions_in(exchanges: Iterable[Exchange]) -> tuple[Submission, ...]:
    """Attempts grouped by scene and key; an attempt without a key stands alone."""
    grouped: dict[tuple[str, str], list[Exchange]] = {}
    for exchange in exchanges:
        if exchange.inbound and exchange.operation == SUBMIT:
            key = _key(exchange)
            grouped.setdefault((exchange.scene, key or f"#{exchange.seq}"), []).append(exchange)
    return tuple(
        Submission(scene, _key(attempts[0]), tuple(attempts)) for (scene, _), attempts in grouped.items()
    )


def _key(exchange: Exchange) -> str | None:
    values = exchange.request.header_values("idempotency-key")
    return ", ".join(values) if values else None
