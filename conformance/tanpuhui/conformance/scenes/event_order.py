"""Events out of order, twice, and not at all: the sequence and the feed tell what is true."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tanpuhui.conformance.chance import token
from tanpuhui.conformance.claims import DAILY
from tanpuhui.conformance.driving.armoury import RECEIVE, fault
from tanpuhui.conformance.driving.put_off import put_off
from tanpuhui.conformance.scene import scene
from tanpuhui.conformance.truth.calendar import noon
from tanpuhui.conformance.truth.expected import World
from tanpuhui.conformance.truth.links import ACTIVE, SUSPENDED, InventedLink, listed
from tanpuhui.conformance.verdict import Text
from tanpuhui.spec.business_time import business_day

if TYPE_CHECKING:
    from datetime import date

    from tanpuhui.conformance.driving.stage import Stage
    from tanpuhui.conformance.driving.watch import JournalEntry

PROMPT_SECONDS = 0.3
"""A scenario may read the feed at once, or before it sends the next batch."""

_NEXT = 9
_DAY = timedelta(days=1)
_FEED = Text("对事件流的读取", "a reading of the events feed")


@scene("event_order", needs=(DAILY,))
def event_order(stage: Stage) -> None:
    """事件乱序：报送途中乱序、重复、漏投，以序号和事件流为准 / Events out of order, repeated and missing amid a report."""
    late, twice, missed, kept, restless = stage.links(5)
    days = [business_day(stage.now) - age * _DAY for age in (5, 4, 3, 2, 1)]
    others = World(links=listed([late, twice, missed, restless]))
    stage.open(stage.ordinary(4, [kept]) + others, limits={"batch_max_records": 2})
    for link in (_paused(late, days), _paused(twice, days), missed.changed(noon(days[1]), SUSPENDED)):
        stage.load(stage.on_days(link, days))
    _numbered_to_nine(stage, restless)
    with put_off(
        stage,
        1,
        fault("hold_delivery", RECEIVE),
        fault("duplicate_delivery", RECEIVE, skip=1),
        fault("mute_delivery", RECEIVE, skip=2),
    ):
        _overtaken(stage, late, days)
        _repeated(stage, twice, days)
        _skipped(stage, missed, days)
    stage.settled()


def _numbered_to_nine(stage: Stage, link: InventedLink) -> None:
    """Goes on until the next two events are the ninth and the tenth, which text puts the other way round."""
    for status in (SUSPENDED, ACTIVE) * (_NEXT // 2):
        stage.told(stage.change_link(link, status, stage.now))


def _reads_feed(entry: JournalEntry) -> bool:
    return bool(entry["kind"] == "exchange" and entry["operation"] == "listEvents")


def _paused(link: InventedLink, days: list[date]) -> InventedLink:
    """Suspended on the second day and resumed on the third: the last two days count."""
    return link.changed(noon(days[1]), SUSPENDED).changed(noon(days[2]), ACTIVE)


def _overtaken(stage: Stage, link: InventedLink, days: list[date]) -> None:
    """The suspension is held back and arrives after the resumption."""
    since = len(stage.watch.entries)
    held = stage.change_link(link, SUSPENDED, noon(days[1]))
    stage.told(stage.change_link(link, ACTIVE, noon(days[2])))
    stage.told(held, since)


def _repeated(stage: Stage, link: InventedLink, days: list[date]) -> None:
    """The suspension comes twice at once, and a third time after the resumption."""
    first = stage.change_link(link, SUSPENDED, noon(days[1]))
    stage.told(first)
    stage.told(stage.change_link(link, ACTIVE, noon(days[2])))
    stage.tenant.deliver({"event": first})
    stage.told(first)


def _skipped(stage: Stage, link: InventedLink, days: list[date]) -> None:
    """The suspension is never delivered; the next event shows the gap, and the feed holds what is missing."""
    since = len(stage.watch.entries)
    missing = stage.change_link(link, SUSPENDED, noon(days[1]))
    stage.told(stage.emit("notice.posted.v1", {"notice_id": f"ntc-{token(stage.rng, 8)}"}))
    stage.recorder.note("gap", missing=missing["sequence"])
    stage.seen(_FEED, _reads_feed, PROMPT_SECONDS, since)
