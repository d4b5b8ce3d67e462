"""Lists as the platform read them at the scenario, and what the scenario had reported by then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tanpuhui.conformance.recording.exchange import Exchange
    from tanpuhui.conformance.recording.recorded_scene import RecordedScene

LISTING = "listing"
_DECIDED = "record.decided.v1"
_FIRST_VERDICTS = frozenset({"accepted", "held", "rejected"})


@dataclass(frozen=True, slots=True)
class Listing:
    """One list: what was asked, its pages in their order, and whether the last page was the last indeed."""

    path: str
    asked: Mapping[str, str]
    pages: tuple[Exchange, ...]
    ended: bool

    @property
    def whole(self) -> bool:
        """Every page was answered well, and the last one named no further."""
        return self.ended and bool(self.pages) and all(page.answered_ok for page in self.pages)

    def items(self, member: str) -> tuple[Mapping[str, Any], ...]:
        """What the pages list, in their order."""
        return tuple(item for page in self.pages for item in items_of(page, member))


def items_of(page: Exchange, member: str) -> list[Mapping[str, Any]]:
    """What one page lists under that member."""
    body = page.answer.value if page.answered_ok else None
    listed = body.get(member) if isinstance(body, Mapping) else None
    return [item for item in listed if isinstance(item, Mapping)] if isinstance(listed, list) else []


@dataclass(frozen=True, slots=True)
class OnBook:
    """A reported record as the scenario's own ledger must have it."""

    record: Mapping[str, Any]
    verdict: str
    receipt_id: str | None
    seq: int


def listings_in(scene: RecordedScene, path: str) -> Iterator[Listing]:
    """The lists of one kind that were read in a scene."""
    by_seq = {exchange.seq: exchange for exchange in scene.exchanges}
    for note in scene.noted(LISTING):
        if note["path"] == path:
            pages = tuple(by_seq[seq] for seq in note["exchanges"] if seq in by_seq)
            yield Listing(path, note["asked"], pages, bool(note["ended"]))


def on_book(scene: RecordedScene, before: int) -> dict[str, OnBook]:
    """The records with a verdict by that exchange, each with its verdict of that moment."""
    book: dict[str, OnBook] = {}
    for sent in scene.sent:
        if sent.seq < before and sent.verdict_word in _FIRST_VERDICTS and sent.record_id not in book:
            receipt = _receipt(sent.submission.attempts)
            book[sent.record_id] = OnBook(sent.record, str(sent.verdict_word), receipt, sent.seq)
    for record_id, verdict in _decided(scene, before):
        if record_id in book:
            one = book[record_id]
            book[record_id] = OnBook(one.record, verdict, one.receipt_id, one.seq)
    return book


def _decided(scene: RecordedScene, before: int) -> Iterator[tuple[str, str]]:
    """The decisions that were acknowledged by then, in the order of their sequence, however they arrived."""
    told = (it for it in scene.deliveries if it.acknowledged and it.exchange.seq < before)
    decided = (it.event for it in told if str(it.event.get("type", "")).endswith(_DECIDED))
    for event in sorted(decided, key=lambda event: int(event.get("sequence") or 0)):
        data = event.get("data")
        if isinstance(data, Mapping):
            yield str(data.get("record_id")), str(data.get("verdict"))


def _receipt(attempts: Iterable[Exchange]) -> str | None:
    """The receipt's id in the answer that reached the scenario."""
    answered = next((attempt for attempt in attempts if attempt.answered_ok), None)
    body = answered.answer.value if answered else None
    receipt = body.get("receipt_id") if isinstance(body, Mapping) else None
    return receipt if isinstance(receipt, str) else None
