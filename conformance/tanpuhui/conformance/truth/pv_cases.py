"""Plants at the edges: calendar, window, mishaps of the readings, links, exclusions and rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from tanpuhui.conformance.truth.links import REVOKED, SUSPENDED, invent_link
from tanpuhui.conformance.truth.plant import (
    Bend,
    bent,
    day_readings,
    exacting_day,
    flagged,
    idle,
    powerless,
    repeated,
    stuck,
    without,
)
from tanpuhui.conformance.truth.plant_devices import device_plants
from tanpuhui.conformance.truth.plants import Plants
from tanpuhui.conformance.truth.trip_cases import CHONGMING, HANGZHOU
from tanpuhui.conformance.verdict import Text
from tanpuhui.spec.business_time import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from tanpuhui.conformance.truth.pv import Plant
    from tanpuhui.conformance.truth.record import Horizon

_DAY = timedelta(days=1)
_QUARTER, _HOUR, _THREE_MINUTES = 900, 3600, 180


def edge_plants(rng: Random, horizon: Horizon, turn: date) -> tuple[Plant, ...]:
    """Every edge at once; `turn` is the first day of a month, on which parameter sets change."""
    plants = Plants(rng, horizon, invent_link(rng, horizon.now))
    return (
        calendar_plant(plants, turn),
        _mishaps(plants),
        _threshold(plants),
        *_link_plants(plants),
        *_excluded_plants(plants),
        *_rule_plants(plants),
        *device_plants(plants),
    )


def calendar_plant(plants: Plants, turn: date) -> Plant:
    """The turn of a month, the late window's last day and the one before it, yesterday, and today so far."""
    window = int(plants.horizon.late_window_days)
    labels = {
        plants.ago(window + 1): "刚过补报期限 / just beyond the late window",
        plants.ago(window): "补报期限的最后一日 / the last day of the late window",
        turn - _DAY: "月末 / the end of a month",
        turn: "月初 / the begin of a month",
        plants.ago(1): "昨日 / yesterday",
        plants.today: "当日，尚未结束 / today, not ended yet",
    }
    past = plants.days((day for day in labels if day not in {plants.today, plants.ago(1)}), _QUARTER)
    yesterday = exacting_day(plants.rng, plants.ago(1), _QUARTER, 4800)
    so_far = (it for it in plants.days([plants.today], _QUARTER) if it.start < plants.horizon.now)
    plant = plants.plant("日历边界 / edges of the calendar", (*past, *yesterday, *so_far), interval=_QUARTER)
    return _labelled(plant, labels)


_MISHAPS: tuple[tuple[str, Bend], ...] = (
    ("缺 9 个读数，仍为 N / nine readings missing, still N", without(range(40, 49))),
    ("缺 10 个读数，不再是 N / ten readings missing, no longer N", without(range(40, 50))),
    ("有时刻而没有功率 / instants without a power", powerless(range(44, 50))),
    (
        "6 个读数停滞，5 个不算 / six stale readings; five are none",
        bent(stuck(range(38, 44)), stuck(range(50, 55))),
    ),
    ("停滞过多，状态为 D / too many stale readings, state D", stuck(range(36, 50))),
    (
        "F 与 M 个数相同，取 F / as many F as M, hence F",
        bent(flagged(range(30, 36), "M"), flagged(range(50, 56), "F")),
    ),
    (
        "T 最多，取 T / mostly T, hence T",
        bent(flagged(range(30, 35), "F"), flagged(range(50, 59), "T")),
    ),
    ("整日手工数据 / manual values all day", flagged(range(96), "S")),
    ("整日没有功率 / no power all day", powerless(range(96))),
    ("重复读数，取先到的 / a repeated reading, the first counts", repeated(48)),
    (
        "缺少与停滞并存 / missing and stale readings together",
        bent(stuck(range(40, 46)), without(range(60, 63))),
    ),
    ("夜间连续为零，不算停滞 / zero for hours, which is not stale", idle(range(20))),
    (
        "相同的读数中间缺一个，不算停滞 / equal readings with one missing between, not stale",
        bent(stuck(range(38, 46)), without(range(41, 42))),
    ),
)


def _mishaps(plants: Plants) -> Plant:
    labels = {plants.ago(index + 1): label for index, (label, _) in enumerate(_MISHAPS)}
    readings = (
        reading
        for index, (_, bend) in enumerate(_MISHAPS)
        for reading in day_readings(plants.rng, plants.ago(index + 1), _QUARTER, 4800, bend)
    )
    return _labelled(
        plants.plant("读数的意外 / mishaps of the readings", readings, interval=_QUARTER), labels
    )


def _threshold(plants: Plants) -> Plant:
    labels = {
        plants.ago(1): "有效读数恰为应有的 0.9 / exactly 0.9 of the readings valid",
        plants.ago(2): "有效读数差一个到 0.9 / one valid reading short of 0.9",
    }
    readings = [
        *day_readings(plants.rng, plants.ago(1), _THREE_MINUTES, 4800, without(range(200, 248))),
        *day_readings(plants.rng, plants.ago(2), _THREE_MINUTES, 4800, without(range(200, 249))),
    ]
    return _labelled(plants.plant("有效比例 / the valid share", readings, interval=_THREE_MINUTES), labels)


def _link_plants(plants: Plants) -> Iterator[Plant]:
    rng, now = plants.rng, plants.horizon.now
    days = (plants.ago(2), plants.ago(1))
    noon = datetime.combine(days[0], datetime.min.time(), SHANGHAI) + _DAY / 2
    suspended = invent_link(rng, now, status=SUSPENDED)
    yield plants.plant("连通已暂停 / the link is suspended", plants.days(days), suspended)
    begun = invent_link(rng, now, since=noon)
    yield plants.plant(
        "连通在首日中午生效 / the link begins at noon of the first day", plants.days(days), begun
    )
    ended = invent_link(rng, now, status=REVOKED, until=noon)
    yield plants.plant(
        "连通在首日中午撤回 / the link is revoked at noon of the first day", plants.days(days), ended
    )
    unknown = replace(invent_link(rng, now), known=False)
    yield plants.plant("平台没有的连通 / a link that the platform does not list", plants.days(days), unknown)


def _excluded_plants(plants: Plants) -> Iterator[Plant]:
    yesterday = plants.ago(1)
    for label, capacity in (
        ("恰好 1 MW / exactly 1 MW", "1000.000"),
        ("超过 1 MW / above 1 MW", "1000.001"),
    ):
        readings = plants.days([yesterday], peak_w=800_000)
        yield replace(plants.plant(label, readings), capacity_kw=capacity)
    away = plants.plant("本市以外 / outside the city", plants.days([yesterday]))
    yield replace(away, district_code=HANGZHOU)
    island = plants.plant("崇明岛上，本市以内 / on Chongming, inside the city", plants.days([yesterday]))
    yield replace(island, district_code=CHONGMING)
    old = plants.plant("昨日满 25 年 / 25 years old yesterday", plants.days([plants.ago(2), yesterday]))
    yield replace(old, grid_connected_on=yesterday.replace(year=yesterday.year - 25))


def _rule_plants(plants: Plants) -> Iterator[Plant]:
    yesterday = plants.ago(1)
    early = plants.plant("昨日并网 / connected yesterday", plants.days([plants.ago(2), yesterday]))
    yield replace(early, grid_connected_on=yesterday)
    strong = plants.plant(
        "日发电量过高，待核 / too high a yield, to be held", plants.days([yesterday], peak_w=6200)
    )
    yield replace(strong, capacity_kw="3.000")


def _labelled(plant: Plant, labels: dict[date, str]) -> Plant:
    return replace(plant, days=tuple((day, Text.both(label)) for day, label in labels.items()))
