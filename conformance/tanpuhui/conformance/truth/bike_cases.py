"""Rides at the edges: midnight, month and year, the shortest, the fastest, the unlinked, the late and the unfinished."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tanpuhui.conformance.chance import token
from tanpuhui.conformance.truth.bike import Ride
from tanpuhui.conformance.truth.links import REVOKED, SUSPENDED, InventedLink, invent_link
from tanpuhui.conformance.verdict import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from tanpuhui.conformance.truth.record import Horizon

_SECOND, _HOUR, _DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


class Rides:
    """Invents rides one by one; each gets ids of its own."""

    def __init__(self, rng: Random, horizon: Horizon) -> None:
        self.rng, self.horizon = rng, horizon

    def ride(
        self, label: str, link: InventedLink, start: datetime, seconds: int = 0, metres: int | None = None
    ) -> Ride:
        """A ride; without other word of a usual length and speed."""
        took = seconds or self.rng.randrange(420, 2400)
        covered = round(took * self.rng.uniform(2.1, 5.2)) if metres is None else metres
        return Ride(
            activity_id=f"act-bike-{token(self.rng, 10)}",
            label=Text.both(label),
            link=link,
            device_id=f"dev-bike-{token(self.rng, 8)}",
            start=start,
            end=start + timedelta(seconds=took),
            distance_m=covered,
        )


def edge_rides(rng: Random, horizon: Horizon, midnight: datetime) -> tuple[Ride, ...]:
    """Every edge at once; `midnight` is the Shanghai midnight at which a month begins."""
    rides, link = Rides(rng, horizon), invent_link(rng, horizon.now)
    return (
        *midnight_rides(rides, link, midnight),
        *_rule_rides(rides, link),
        *_held_rides(rides, link),
        *_assisted_rides(rides, link),
        *_repeated_rides(rides, link),
        *_window_rides(rides, link),
        *_link_rides(rides),
    )


def midnight_rides(rides: Rides, link: InventedLink, midnight: datetime) -> Iterator[Ride]:
    """Rides around the begin of a month, at which parameter sets change."""
    yield rides.ride("零时前一秒开始 / starts one second before midnight", link, midnight - _SECOND)
    yield rides.ride("零时整开始 / starts at midnight", link, midnight)
    yield rides.ride("跨越零时 / rides over midnight", link, midnight - 5 * timedelta(minutes=1), 1500)
    yield rides.ride(
        "本地清晨，UTC 仍是前一日 / early morning, still the day before in UTC", link, midnight + 6 * _HOUR
    )
    fraction = midnight + _DAY + timedelta(hours=9, microseconds=250_000)
    yield rides.ride("时刻带小数秒 / instants with fractions of a second", link, fraction, 901)


def _rule_rides(rides: Rides, link: InventedLink) -> Iterator[Ride]:
    start = rides.horizon.now - 3 * _DAY
    yield rides.ride("恰好 60 秒 / exactly 60 seconds", link, start, 60, 180)
    yield rides.ride("59 秒 / 59 seconds", link, start + _HOUR, 59, 180)
    yield rides.ride("里程为零 / no distance", link, start + 2 * _HOUR, 900, 0)
    yield rides.ride("恰好 30 km/h / exactly 30 km/h", link, start + 3 * _HOUR, 900, 7500)
    yield rides.ride("略快于 30 km/h / just above 30 km/h", link, start + 4 * _HOUR, 900, 7501)


def _held_rides(rides: Rides, link: InventedLink) -> Iterator[Ride]:
    start = rides.horizon.now - 4 * _DAY
    yield rides.ride("恰好 100 米 / exactly 100 metres", link, start, 90, 100)
    yield rides.ride("99 米，待核 / 99 metres, to be held", link, start + _HOUR, 90, 99)
    yield rides.ride("超过 30 km，待核 / beyond 30 km, to be held", link, start + 2 * _HOUR, 9000, 31_007)


def _assisted_rides(rides: Rides, link: InventedLink) -> Iterator[Ride]:
    start = rides.horizon.now - 5 * _DAY
    shown = (("电助力 / assisted", 3217, 13), ("电助力，减排量为零 / assisted, no reduction left", 503, 97))
    for hours, (label, metres, energy) in enumerate(shown):
        yield replace(rides.ride(label, link, start + hours * _HOUR, 900, metres), energy_wh=energy)


def _repeated_rides(rides: Rides, link: InventedLink) -> Iterator[Ride]:
    """One bicycle twice a day, and two bicycles at the same time: different activities all the same."""
    start = rides.horizon.now - 6 * _DAY
    first = rides.ride("同一辆车当日第一次 / a bicycle's first ride of the day", link, start, 700, 2003)
    again = rides.ride(
        "同一辆车当日又一次 / the same bicycle again", link, start + timedelta(minutes=40), 700, 2003
    )
    yield first
    yield replace(again, device_id=first.device_id)
    yield rides.ride("同时的另一辆车 / another bicycle at the same time", link, start, 700, 2003)


def _window_rides(rides: Rides, link: InventedLink) -> Iterator[Ride]:
    now, window = rides.horizon.now, timedelta(days=rides.horizon.late_window_days)
    yield rides.ride("刚好在补报期限内 / just inside the late window", link, now - window + _HOUR, 900)
    yield rides.ride("刚过补报期限 / just beyond the late window", link, now - window - 2 * _HOUR, 900)
    yield rides.ride("尚未结束 / not ended yet", link, now - _HOUR, 4 * 3600, 20_000)


def _link_rides(rides: Rides) -> Iterator[Ride]:
    rng, now = rides.rng, rides.horizon.now
    start = now - 2 * _DAY
    suspended = invent_link(rng, now, status=SUSPENDED)
    yield rides.ride("连通已暂停 / the link is suspended", suspended, start)
    ended = invent_link(rng, now, status=REVOKED, until=start)
    yield rides.ride("撤回之前 / before the link was revoked", ended, start - _HOUR, 900)
    yield rides.ride("撤回之后 / after the link was revoked", ended, start + _HOUR, 900)
    begun = invent_link(rng, now, since=start)
    yield rides.ride("连通生效的同一秒开始 / starts in the second in which the link begins", begun, start)
    yield rides.ride("连通生效前一秒开始 / starts one second before the link begins", begun, start - _SECOND)
    unknown = replace(invent_link(rng, now), known=False)
    yield rides.ride("平台没有的连通 / a link that the platform does not list", unknown, start)
