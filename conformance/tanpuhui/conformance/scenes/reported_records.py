"""The scenario's own ledger, read by the platform: whole, page by page, filtered, and while it grows."""

from __future__ import annotations

import json
from base64 import b64decode
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from tanpuhui.conformance.chance import token
from tanpuhui.conformance.driving.armoury import RECEIVE, SUBMIT, fault
from tanpuhui.conformance.driving.attack import Attack, attacked
from tanpuhui.conformance.driving.perusal import RECORDS, SUMMARIES, Perusal
from tanpuhui.conformance.scene import scene
from tanpuhui.conformance.verdict import Text
from tanpuhui.spec.business_time import business_day
from tanpuhui.spec.limits import default_limits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tanpuhui.conformance.driving.stage import Stage
    from tanpuhui.conformance.driving.watch import JournalEntry
    from tanpuhui.conformance.truth.expected import World
    from tanpuhui.conformance.truth.links import InventedLink

PAGE_MAX_ITEMS = 5
_DAY = timedelta(days=1)


@scene("reported_records")
def reported_records(stage: Stage) -> None:
    """平台读取：已报记录与日汇总，翻页、筛选，翻页期间仍有新记录 / The platform reads records and day sums while more are reported."""
    links = stage.links(4)
    world = stage.ordinary(8, links) + _on_two_days(stage, links)
    stage.open(world, limits={"page_max_items": PAGE_MAX_ITEMS, "batch_max_records": 2})
    stage.arm(
        fault("verdict", verdict="rejected", code="quality-rule"),
        fault("verdict", verdict="held", code="quality-rule", times=3),
    )
    stage.report()
    stage.settled()
    stage.expect_fired()
    stage.arm()
    busiest = _busiest(world)
    perusal = Perusal.at(stage)
    _read_days(perusal, world)
    _read_schemes(perusal, busiest)
    _read_sums(perusal, world)
    _decide(stage)
    _read_days(perusal, world)
    one_by_one = {"business_day": busiest, "limit": "1"}
    perusal.read(RECORDS, one_by_one, meanwhile=lambda: _report_more(stage, links))
    perusal.read(RECORDS, {"business_day": busiest, "limit": str(PAGE_MAX_ITEMS)})
    _read_sums(perusal, world)
    _ask_in_vain(stage, busiest)


def _on_two_days(stage: Stage, links: list[InventedLink]) -> World:
    """Several records of one day, and of the day before."""
    days = [business_day(stage.now) - age * _DAY for age in (3, 2)]
    first, *others = (stage.on_days(link, days) for link in links)
    for other in others:
        first += other
    return first


def _report_more(stage: Stage, links: list[InventedLink]) -> None:
    """More records of the same days and months."""
    stage.load(stage.ordinary(4, links) + _on_two_days(stage, links[:2]))
    stage.report()
    stage.settled()


def _days(world: World) -> Counter[str]:
    return Counter(str(expected.record["business_day"]) for expected in world.due)


def _busiest(world: World) -> str:
    """The day with most records, the earlier of two."""
    return min(_days(world).items(), key=lambda found: (-found[1], found[0]))[0]


def _read_days(perusal: Perusal, world: World) -> None:
    """Every day with records, and two without any."""
    days = sorted(_days(world))
    for day in (_apart(days[0], -400), *days, _apart(days[-1], 400)):
        perusal.read(RECORDS, {"business_day": day})


def _read_schemes(perusal: Perusal, day: str) -> None:
    """The records of one scheme after another, each on a page of its own, so that the filter has to last."""
    for scheme in perusal.stage.schemes:
        perusal.read(RECORDS, {"business_day": day, "scheme": scheme, "limit": "1"})


def _read_sums(perusal: Perusal, world: World) -> None:
    """The whole span, in small pages, of one scheme, of one day, and a span without records."""
    first, last = min(_days(world)), max(_days(world))
    perusal.read(SUMMARIES, {"from": first, "to": last})
    perusal.read(SUMMARIES, {"from": first, "to": last, "limit": "1"})
    perusal.read(SUMMARIES, {"from": first, "to": last, "scheme": perusal.stage.schemes[-1]})
    perusal.read(SUMMARIES, {"from": _busiest(world), "to": _busiest(world)})
    perusal.read(SUMMARIES, {"from": _apart(first, -400), "to": _apart(first, -390)})


def _apart(day: str, days: int) -> str:
    return (date.fromisoformat(day) + days * _DAY).isoformat()


def _decide(stage: Stage) -> None:
    """Of the held records one is accepted; one is rejected on second thoughts, told out of order; one stays as it is."""
    first, second, *_ = _held(stage.watch.entries)
    stage.told(_decided(stage, first, "accepted"))
    stage.arm(fault("hold_delivery", RECEIVE))
    since = len(stage.watch.entries)
    overtaken = _decided(stage, second, "accepted")
    stage.told(_decided(stage, second, "rejected"))
    stage.told(overtaken, since)
    stage.expect_fired()
    stage.arm()


def _decided(stage: Stage, record_id: str, verdict: str) -> Mapping[str, Any]:
    data = {"record_id": record_id, "verdict": verdict, "reasons": []}
    return stage.emit("record.decided.v1", data, subject=record_id)


def _held(entries: Iterable[JournalEntry]) -> Iterator[str]:
    """The ids of records that the platform answered to hold."""
    for entry in entries:
        if entry.get("operation") == SUBMIT and entry.get("response"):
            verdicts = json.loads(b64decode(entry["response"]["body_b64"])).get("verdicts", [])
            yield from (one["record_id"] for one in verdicts if one["verdict"] == "held")


def _ask_in_vain(stage: Stage, day: str) -> None:
    """Questions that nobody may ask, and questions that nobody can answer, each beside one that is in order."""
    nonce = token(stage.rng, 24)
    for path, asked in ((RECORDS, {"business_day": day}), (SUMMARIES, {"from": day, "to": day})):
        url = f"{path}?{urlencode(asked)}"
        for name, label, sign, problems in (
            ("valid", "平台的询问 / asked by the platform", {"nonce": nonce + path[4]}, ()),
            ("unsigned", "没有签名 / without a signature", {"key": "none"}, ("signature-missing",)),
            ("foreign-key", "他人的密钥 / with another key", {"key": "foreign"}, ("signature-invalid",)),
            ("altered", "签名后改动地址 / altered after signing", {"tamper": True}, ("signature-invalid",)),
            (
                "replayed",
                "随机数已用过 / a nonce used before",
                {"nonce": nonce + path[4]},
                ("nonce-replayed",),
            ),
        ):
            _attack(stage, f"{path[4:]}-{name}", label, (url, sign), problems)
    for name, label, path, asked in _unanswerable(day, token(stage.rng, 12)):
        url = f"{path}?{urlencode(asked)}"
        canary = next((value for value in asked.values() if value.isalpha()), None)
        _attack(stage, name, label, (url, {}), ("parameter-invalid",), canary)


def _unanswerable(day: str, canary: str) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    too_many = str(default_limits().page_max_items + 1)
    span = {"from": day, "to": day}
    yield "no-day", "没有业务日 / without a day", RECORDS, {"limit": "1"}
    yield "no-such-day", "没有这一天 / no such day", RECORDS, {"business_day": "2026-02-30"}
    yield "no-date", "不是日期 / no date", RECORDS, {"business_day": canary}
    yield (
        "no-such-scheme",
        "没有这种场景类型 / no such scheme",
        RECORDS,
        {"business_day": day, "scheme": canary},
    )
    yield "none-a-page", "每页零条 / no items a page", RECORDS, {"business_day": day, "limit": "0"}
    yield "too-many", "每页太多 / too many a page", RECORDS, {"business_day": day, "limit": too_many}
    yield (
        "no-number",
        "每页条数不是数 / a limit that is no number",
        RECORDS,
        {"business_day": day, "limit": canary},
    )
    yield "backwards", "from 晚于 to / from is after to", SUMMARIES, {"from": day, "to": _apart(day, -1)}
    yield "no-end", "没有 to / without to", SUMMARIES, {"from": day}
    yield "no-such-scheme-to-sum", "没有这种场景类型 / no such scheme", SUMMARIES, {**span, "scheme": canary}


def _attack(
    stage: Stage,
    name: str,
    label: str,
    request: tuple[str, dict[str, Any]],
    problems: tuple[str, ...],
    canary: str | None = None,
) -> None:
    url, sign = request
    message = {"method": "GET", "url": url, "sign": sign}
    attacked(stage, Attack(name, Text.both(label), message, problems, canary))
