"""Cars at the edges: midnight, gaps between trips, faulty units, thirst, the window, links, registers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tanpuhui.conformance.chance import token
from tanpuhui.conformance.truth.calendar import midnight_of, noon, shanghai_day
from tanpuhui.conformance.truth.devices import invent_device
from tanpuhui.conformance.truth.ev import EV, Car, Drive
from tanpuhui.conformance.truth.links import REVOKED, SUSPENDED, InventedLink, invent_link
from tanpuhui.conformance.truth.trip_cases import CHONGMING, DAY, HANGZHOU, HOUR, MINUTE
from tanpuhui.conformance.verdict import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime
    from random import Random

    from tanpuhui.conformance.truth.record import Horizon

_WH_PER_KM = (120, 190)


@dataclass(slots=True)
class Cars:
    """Invents cars one by one; each gets ids and, without other word, a link of its own."""

    rng: Random
    horizon: Horizon
    link: InventedLink
    today: date = field(init=False)

    def __post_init__(self) -> None:
        self.today = shanghai_day(self.horizon.now)

    def ago(self, days: int) -> date:
        """The Shanghai day that many days ago."""
        return self.today - days * DAY

    def car(self, label: str, drives: Iterable[Drive], link: InventedLink | None = None) -> Car:
        """A car with these trips."""
        return Car(
            activity_id=f"act-ev-{token(self.rng, 10)}",
            label=Text.both(label),
            link=link or self.link,
            device=invent_device(self.rng, EV, self.horizon.now),
            drives=tuple(drives),
        )

    def days(self, days: Iterable[date], trips: int = 3) -> Iterator[Drive]:
        """So many ordinary trips on each of these days, one after another on the odometer."""
        odometer = self.rng.randrange(4_000_000, 90_000_000)
        for day in sorted(days):
            for turn in range(trips):
                drive = self.drive(midnight_of(day) + (7 + 4 * turn) * HOUR, odometer)
                odometer = drive.odometer_m[1]
                yield drive

    def drive(self, start: datetime, odometer_m: int, metres: int = 0, energy_wh: int = 0) -> Drive:
        """One trip; without other word of a usual length and thirst."""
        covered = metres or self.rng.randrange(3_001, 30_000)
        taken = energy_wh or covered * self.rng.randrange(*_WH_PER_KM) // 1000
        end = start + timedelta(seconds=covered // 9)
        return Drive(start, end, (odometer_m, odometer_m + covered), taken)


def edge_cars(rng: Random, horizon: Horizon, turn: date) -> tuple[Car, ...]:
    """Every edge at once; `turn` is the first day of a month."""
    cars = Cars(rng, horizon, invent_link(rng, horizon.now))
    return (
        calendar_car(cars, turn),
        _mishaps(cars),
        *_thirsty(cars),
        *_link_cars(cars),
        *_register_cars(cars),
    )


def calendar_car(cars: Cars, turn: date) -> Car:
    """The turn of a month with a trip over its midnight, the window's edges, yesterday, and today so far."""
    window = int(cars.horizon.late_window_days)
    labels = {
        cars.ago(window + 1): "刚过补报期限 / just beyond the late window",
        cars.ago(window): "补报期限的最后一日 / the last day of the late window",
        turn - DAY: "月末，末次行程跨零点 / the end of a month, its last trip over midnight",
        turn: "月初 / the begin of a month",
        cars.ago(1): "昨日 / yesterday",
        cars.today: "当日，尚未结束 / today, not ended yet",
    }
    drives = [drive for drive in cars.days(labels) if drive.end < cars.horizon.now]
    last = max((it for it in drives if shanghai_day(it.start) == turn - DAY), key=lambda it: it.start)
    night = cars.drive(midnight_of(turn) - 4 * MINUTE, last.odometer_m[1], 12_345)
    shifted = [_moved(it, 12_345) if it.start > night.start else it for it in drives]
    return _labelled(cars.car("日历边界 / edges of the calendar", [*shifted, night]), labels)


def _moved(drive: Drive, metres: int) -> Drive:
    before, after = drive.odometer_m
    return replace(drive, odometer_m=(before + metres, after + metres))


def _mishaps(cars: Cars) -> Car:
    labels = {
        cars.ago(6): "两次行程之间有里程缺口 / a gap on the odometer between two trips",
        cars.ago(5): "行程次序颠倒 / trips in the wrong order",
        cars.ago(4): "一次行程状态为 D / one trip in state D",
        cars.ago(3): "S 与 D 都有，取 S / both S and D, hence S",
        cars.ago(2): "全日通信中断 / no communication all day",
        cars.ago(1): "只有一次行程，零时整开始 / a single trip, from midnight on",
    }
    by_day = {day: list(cars.days([day])) for day in labels}
    first, *rest = by_day[cars.ago(6)]
    by_day[cars.ago(6)] = [first, *(_moved(it, 40) for it in rest)]
    by_day[cars.ago(5)].reverse()
    by_day[cars.ago(4)] = _flagged(by_day[cars.ago(4)], {1: "D"})
    by_day[cars.ago(3)] = _flagged(by_day[cars.ago(3)], {0: "D", 2: "S"})
    by_day[cars.ago(2)] = _flagged(by_day[cars.ago(2)], dict.fromkeys(range(3), "B"))
    by_day[cars.ago(1)] = [cars.drive(midnight_of(cars.ago(1)), by_day[cars.ago(1)][0].odometer_m[0])]
    drives = (drive for drives in by_day.values() for drive in drives)
    return _labelled(cars.car("行程的意外 / mishaps of the trips", drives), labels)


def _flagged(drives: list[Drive], states: dict[int, str]) -> list[Drive]:
    return [replace(it, state=states.get(number, it.state)) for number, it in enumerate(drives)]


def _thirsty(cars: Cars) -> Iterator[Car]:
    """One trip a car: no reduction left, the bounds of what 100 km may take, and no distance at all."""
    morning = midnight_of(cars.ago(1)) + 8 * HOUR
    shown = (
        ("百公里恰好 8 kWh，浮点数算不准 / exactly 8 kWh per 100 km, which floats miss", 46_000, 3_680),
        ("百公里不足 8 kWh / less than 8 kWh per 100 km", 50_000, 3_999),
        ("百公里恰好 35 kWh / exactly 35 kWh per 100 km", 50_000, 17_500),
        ("百公里超过 35 kWh / more than 35 kWh per 100 km", 50_000, 17_501),
        ("耗电太多，没有减排量 / too thirsty, no reduction left", 10_000, 6_000),
        ("排放第七位恰为 5 / an emission with just a five in the seventh place", 81_230, 12_345),
        ("恰好 600 km / exactly 600 km", 600_000, 90_000),
        ("600 km 零 1 m / one metre above 600 km", 600_001, 90_000),
    )
    for label, metres, energy in shown:
        yield cars.car(label, [cars.drive(morning, 5_000_000, metres, energy)])
    still = replace(cars.drive(morning, 5_000_000), odometer_m=(5_000_000, 5_000_000), energy_wh=100)
    yield cars.car("里程为零 / no distance", [still])
    fallen = replace(cars.drive(morning, 5_000_000), odometer_m=(5_000_000, 4_900_000))
    yield cars.car("里程表倒退 / the odometer falls", [fallen])
    away = cars.car("本市以外 / outside the city", [cars.drive(morning, 5_000_000)])
    yield replace(away, district_code=HANGZHOU)
    island = cars.car("崇明岛上，本市以内 / on Chongming, inside the city", [cars.drive(morning, 5_000_000)])
    yield replace(island, district_code=CHONGMING)


def _link_cars(cars: Cars) -> Iterator[Car]:
    rng, now = cars.rng, cars.horizon.now
    days = (cars.ago(2), cars.ago(1))
    begun = invent_link(rng, now, since=noon(days[0]))
    yield cars.car("连通在首日中午生效 / the link begins at noon of the first day", cars.days(days), begun)
    ended = invent_link(rng, now, status=REVOKED, until=noon(days[0]))
    yield cars.car(
        "连通在首日中午撤回 / the link is revoked at noon of the first day", cars.days(days), ended
    )
    suspended = invent_link(rng, now, status=SUSPENDED)
    yield cars.car("连通已暂停 / the link is suspended", cars.days(days), suspended)


def _register_cars(cars: Cars) -> Iterator[Car]:
    label = "台账中没有的车载终端 / a unit that the ledger does not have"
    stranger = cars.car(label, cars.days([cars.ago(1)]))
    yield replace(stranger, device=replace(stranger.device, known=False))
    first = cars.car("更换前的车载终端 / the unit that was replaced", cars.days([cars.ago(3)]))
    yield first
    midnight = midnight_of(cars.ago(2))
    successor = replace(
        invent_device(cars.rng, EV, cars.horizon.now), installed_at=midnight, replaces=first.device.device_id
    )
    label = "更换后的车载终端 / the unit that replaces it"
    yield replace(cars.car(label, cars.days([cars.ago(2)]), first.link), device=successor)


def _labelled(car: Car, labels: dict[date, str]) -> Car:
    return replace(car, days=tuple((day, Text.both(label)) for day, label in labels.items()))
