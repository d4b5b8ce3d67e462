"""第 9.6 节 供平台读取的已报记录，逐条核对 / Clause 9.6: the records that the platform reads, held one by one to what was sent."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.check import check
from tanpuhui.conformance.checks.receiving import refused_for
from tanpuhui.conformance.checks.saying import saw
from tanpuhui.conformance.driving.perusal import RECORDS, SUMMARIES
from tanpuhui.conformance.recording.listing import Listing, OnBook, items_of, listings_in, on_book

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tanpuhui.conformance.recording.evidence import Evidence
    from tanpuhui.conformance.recording.recorded_scene import RecordedScene
    from tanpuhui.conformance.verdict import Observation

SCENES = ("reported_records", "upload_verdicts")
"""Where the scenario's own ledger is read."""

MEMBERS: Mapping[str, str] = {RECORDS: "records", SUMMARIES: "summaries"}
ADDED = frozenset({"verdict", "receipt_id"})


@check("WRT-014", "pages-to-the-end", scenes=SCENES)
def pages_to_the_end(evidence: Evidence) -> Iterator[Observation]:
    """逐页给出，每页不超过所要的条数 / Answers page by page to the end, with no more items than asked for."""
    for scene in evidence.scenes:
        for path, member in MEMBERS.items():
            for listing in listings_in(scene, path):
                most = _most(listing, scene)
                large = next((it for it in listing.pages if len(items_of(it, member)) > most), None)
                yield saw(
                    f"{asked_words(listing)}：200，每页至多 {most} 条，直至最后一页 / to the last page, {most} items each at most",
                    _paging_words(whole=listing.whole, large=large is not None),
                    ok=listing.whole and large is None,
                    at=large.seq if large else where(listing),
                )


def _most(listing: Listing, scene: RecordedScene) -> int:
    advertised = scene.stand.limits.page_max_items if scene.stand else 0
    return int(listing.asked.get("limit", advertised))


def _paging_words(*, whole: bool, large: bool) -> str:
    if not whole:
        return "没有读到最后一页 / the last page was not reached"
    return "一页给得太多 / a page has more" if large else "如此 / so it is"


@check("WRT-014", "lists-every-record-once", scenes=SCENES)
def lists_every_record_once(evidence: Evidence) -> Iterator[Observation]:
    """全部已报记录，不缺、不重、不多 / Lists every reported record, none twice and none that was not reported."""
    for scene, listing in whole_lists(evidence, RECORDS):
        ids = [_id(item) for item in listing.items("records")]
        due = {one for one, it in on_book(scene, listing.pages[0].seq).items() if belongs(it, listing)}
        known = set(on_book(scene, listing.pages[-1].seq))
        missing, strange = sorted(due - set(ids)), sorted(set(ids) - known)
        twice = sorted(one for one, times in Counter(ids).items() if times > 1)
        found = {"缺 / missing": missing, "重复 / twice": twice, "没有报过 / never reported": strange}
        yield saw(
            f"{asked_words(listing)}：{len(due)} 条，各一次 / {len(due)} records, each once",
            next((_counted(words, names) for words, names in found.items() if names), "如此 / so it is"),
            ok=not any(found.values()),
            at=where(listing),
        )


def _counted(words: str, names: list[str]) -> str:
    zh, _, en = words.partition(" / ")
    return f"{zh} {len(names)} 条 / {en}: {len(names)}"


@check("WRT-014", "keeps-to-day-and-scheme", scenes=SCENES)
def keeps_to_day_and_scheme(evidence: Evidence) -> Iterator[Observation]:
    """只列所要的业务日和场景类型 / Lists only the business day and the scheme that were asked for."""
    for _, listing in whole_lists(evidence, RECORDS):
        wanted = {name: listing.asked[name] for name in ("business_day", "scheme") if name in listing.asked}
        others = [
            it for it in listing.items("records") if any(it.get(name) != wanted[name] for name in wanted)
        ]
        yield saw(
            f"只有 {' '.join(wanted.values())} / nothing but {' '.join(wanted.values())}",
            f"另有 {len(others)} 条 / {len(others)} others" if others else "如此 / so it is",
            ok=not others,
            at=where(listing),
        )


@check("WRT-014", "lists-in-ascending-order", scenes=SCENES)
def lists_in_ascending_order(evidence: Evidence) -> Iterator[Observation]:
    """按记录号升序，次序不变 / In ascending order of the record's id, always."""
    for _, listing in whole_lists(evidence, RECORDS):
        ids = [_id(item).encode() for item in listing.items("records")]
        ok = all(one <= other for one, other in pairwise(ids))
        yield saw(
            f"{asked_words(listing)}：升序 / in ascending order",
            "升序 / it is" if ok else "次序不对 / it is not",
            ok=ok,
            at=where(listing),
        )


@check("WRT-014", "tells-content-and-current-verdict", scenes=SCENES)
def tells_content_and_current_verdict(evidence: Evidence) -> Iterator[Observation]:
    """内容与报送时相同，结论是现在的结论 / Tells each record as it was sent, with the verdict of the moment."""
    for scene, listing in whole_lists(evidence, RECORDS):
        for page in listing.pages:
            book = on_book(scene, page.seq)
            for item in items_of(page, "records"):
                if _id(item) in book:
                    yield _told(item, book[_id(item)], page.seq)


def _told(item: Mapping[str, Any], booked: OnBook, seq: int) -> Observation:
    content = {name: value for name, value in item.items() if name not in ADDED}
    wrong = [
        words
        for words, ok in (
            ("内容 / the content", all(content.get(name) == value for name, value in booked.record.items())),
            ("结论 / the verdict", item.get("verdict") == booked.verdict),
            ("回执号 / the receipt", booked.receipt_id in {None, item.get("receipt_id")}),
        )
        if not ok
    ]
    zh, _, en = (wrong or [" / "])[0].partition(" / ")
    return saw(
        f"与报送时相同，结论 {booked.verdict} / as it was sent, {booked.verdict}",
        f"{zh}不同 / {en} differs" if wrong else "一致 / it is",
        ok=not wrong,
        at=seq,
    )


@check("API-009", "refuses-questions-that-cannot-be-asked", scenes=("reported_records",))
def refuses_questions_that_cannot_be_asked(evidence: Evidence) -> Iterator[Observation]:
    """参数不合规定时以 400 拒绝 / Refuses parameters that are not as specified with 400."""
    yield from refused_for(evidence, {"parameter-invalid"})


def whole_lists(evidence: Evidence, path: str) -> Iterator[tuple[RecordedScene, Listing]]:
    """Lists that could be read to the end; where they could not, WRT-014/pages-to-the-end tells."""
    for scene in evidence.scenes:
        for listing in listings_in(scene, path):
            if listing.whole:
                yield scene, listing


def belongs(booked: OnBook, listing: Listing) -> bool:
    """The record belongs into the list, or into a sum of it."""
    asked, day = listing.asked, str(booked.record.get("business_day"))
    first, last = (
        asked.get("from", asked.get("business_day", "")),
        asked.get("to", asked.get("business_day", "")),
    )
    return first <= day <= last and asked.get("scheme") in {None, booked.record.get("scheme")}


def _id(item: Mapping[str, Any]) -> str:
    return str(item.get("record_id"))


def asked_words(listing: Listing) -> str:
    """What was asked, as in an address."""
    return f"{listing.path}?{'&'.join(f'{name}={value}' for name, value in listing.asked.items())}"


def where(listing: Listing) -> int | None:
    """The exchange of its first page."""
    return listing.pages[0].seq if listing.pages else None
