"""Single trips at the edges that all trips share: midnight and month's turn, the late window, links, the city's border."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tanpuhui.conformance.truth.links import REVOKED, SUSPENDED, InventedLink, invent_link

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tanpuhui.conformance.truth.trip import T, Trips

SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=seconds) for seconds in (1, 60, 3600, 86_400))
HANGZHOU = "330106"
"""A district outside the city."""

CHONGMING = "310151"
"""The highest code inside the city."""


def midnight_trips(trips: Trips[T], link: InventedLink, midnight: datetime) -> Iterator[T]:
    """Trips around the begin of a month, at which parameter sets change."""
    yield trips.trip("零时前一秒开始 / starts one second before midnight", link, midnight - SECOND)
    yield trips.trip("零时整开始 / starts at midnight", link, midnight)
    yield trips.trip("跨越零时 / goes on over midnight", link, midnight - 5 * MINUTE, 1500)
    yield trips.trip(
        "本地清晨，UTC 仍是前一日 / early morning, still the day before in UTC", link, midnight + 6 * HOUR
    )
    fraction = midnight + DAY + timedelta(hours=9, microseconds=250_000)
    yield trips.trip("时刻带小数秒 / instants with fractions of a second", link, fraction, 901)


def window_trips(trips: Trips[T], link: InventedLink) -> Iterator[T]:
    """The late window, and what has not ended."""
    now, window = trips.horizon.now, timedelta(days=trips.horizon.late_window_days)
    yield trips.trip("刚好在补报期限内 / just inside the late window", link, now - window + HOUR, 900)
    yield trips.trip("刚过补报期限 / just beyond the late window", link, now - window - 2 * HOUR, 900)
    yield trips.trip("尚未结束 / not ended yet", link, now - HOUR, 7200)


def link_trips(trips: Trips[T]) -> Iterator[T]:
    """Links that are suspended, revoked, begin, or are not listed at all."""
    rng, now = trips.rng, trips.horizon.now
    start = now - 2 * DAY
    suspended = invent_link(rng, now, status=SUSPENDED)
    yield trips.trip("连通已暂停 / the link is suspended", suspended, start)
    ended = invent_link(rng, now, status=REVOKED, until=start)
    yield trips.trip("撤回之前 / before the link was revoked", ended, start - HOUR, 900)
    yield trips.trip("撤回之后 / after the link was revoked", ended, start + HOUR, 900)
    begun = invent_link(rng, now, since=start)
    yield trips.trip("连通生效的同一秒开始 / starts in the second in which the link begins", begun, start)
    yield trips.trip("连通生效前一秒开始 / starts one second before the link begins", begun, start - SECOND)
    unknown = replace(invent_link(rng, now), known=False)
    yield trips.trip("平台没有的连通 / a link that the platform does not list", unknown, start)


def border_trips(trips: Trips[T], link: InventedLink) -> Iterator[T]:
    """Outside the city, and at the highest code inside it."""
    start = trips.horizon.now - 7 * DAY
    yield trips.trip("本市以外 / outside the city", link, start, 900, district=HANGZHOU)
    yield trips.trip("本市崇明 / Chongming, inside the city", link, start + HOUR, 900, district=CHONGMING)
