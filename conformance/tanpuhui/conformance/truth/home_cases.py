"""Households at the edges: tiers, own power, missing ends, falling registers, certificates, months that have not ended."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tanpuhui.conformance.chance import token
from tanpuhui.conformance.truth.calendar import midnight_of, month_after, month_before, shanghai_day
from tanpuhui.conformance.truth.devices import invent_calibration, invent_device
from tanpuhui.conformance.truth.home import HOME, Billed, Household, Shown
from tanpuhui.conformance.truth.links import SUSPENDED, InventedLink, invent_link
from tanpuhui.conformance.truth.trip_cases import CHONGMING, DAY, HANGZHOU, HOUR
from tanpuhui.conformance.verdict import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from random import Random

    from tanpuhui.conformance.truth.record import Horizon

_YEAR = timedelta(days=365)


@dataclass(slots=True)
class Households:
    """Invents households one by one; each gets ids and, without other word, the same link."""

    rng: Random
    horizon: Horizon
    link: InventedLink

    @property
    def last_month(self) -> date:
        """The first day of the last month that has ended."""
        return month_before(shanghai_day(self.horizon.now).replace(day=1))

    def household(
        self,
        label: str,
        first: date | None = None,
        used_wh: tuple[int, int] | None = None,
        link: InventedLink | None = None,
    ) -> Household:
        """A household with a reading at both ends of one month and one between; without other word the last month."""
        rng, month = self.rng, first or self.last_month
        peak, valley = rng.randrange(2_000_000, 30_000_000), rng.randrange(1_000_000, 9_000_000)
        used = used_wh or (rng.randrange(60_001, 160_000), rng.randrange(20_001, 70_000))
        begin, end = midnight_of(month), midnight_of(month_after(month))
        shown = (
            Shown(begin, peak, valley),
            Shown(begin + 15 * DAY, peak + used[0] // 2, valley + used[1] // 2),
            Shown(end, peak + used[0], valley + used[1]),
        )
        baseline = sum(used) * rng.randrange(105, 140) // 100
        return Household(
            activity_id=f"act-用电-{token(rng, 10)}",
            link=link or self.link,
            device=invent_device(rng, HOME, self.horizon.now),
            months=(Billed(month, Text.both(label), baseline),),
            shown=shown,
        )


def edge_households(rng: Random, horizon: Horizon, turn: date) -> tuple[Household, ...]:
    """Every edge at once; `turn` is the first day of a month, the one before has just ended."""
    homes = Households(rng, horizon, invent_link(rng, horizon.now))
    return (
        *_calendar(homes, turn),
        *_mishaps(homes),
        *_excluded(homes),
        *_doubtful(homes),
        *_link_homes(homes),
        *_certified(homes),
    )


def _calendar(homes: Households, turn: date) -> Iterator[Household]:
    yield homes.household("刚结束的月 / the month that has just ended", month_before(turn))
    yield homes.household("当月，尚未结束 / this month, not ended yet", turn)
    late = month_before(month_before(turn))
    yield homes.household("早已结束的月 / a month that ended long ago", late)


def _mishaps(homes: Households) -> Iterator[Household]:
    whole = homes.household("示数重复，取先到的 / a reading repeated, the first counts")
    again = replace(whole.shown[-1], peak_wh=whole.shown[-1].peak_wh + 77_777)
    yield replace(whole, shown=(*whole.shown, again))
    early = homes.household("没有月初示数 / no reading at the month's begin")
    yield replace(early, shown=(replace(early.shown[0], at=early.shown[0].at + HOUR), *early.shown[1:]))
    late = homes.household("没有月末示数 / no reading at the month's end")
    yield replace(late, shown=late.shown[:-1])
    single = homes.household("整月只有一个示数 / a single reading all month")
    yield replace(single, shown=single.shown[1:2])
    none = homes.household("整月没有示数 / no reading all month")
    yield replace(none, shown=(replace(none.shown[0], at=none.shown[0].at - 40 * DAY),))
    fallen = homes.household("示数下降 / a register falls")
    low = replace(fallen.shown[1], valley_wh=fallen.shown[0].valley_wh - 1)
    yield replace(fallen, shown=(fallen.shown[0], low, fallen.shown[2]))
    manual = homes.household("人工抄表 / read by hand")
    yield replace(manual, shown=(*manual.shown[:-1], replace(manual.shown[-1], state="S")))
    shuffled = homes.household("示数次序颠倒 / readings in the wrong order")
    yield replace(shuffled, shown=tuple(reversed(shuffled.shown)))


def _excluded(homes: Households) -> Iterator[Household]:
    for label, changed in (
        ("第二档 / the second tier", {"tier": 2}),
        ("第三档 / the third tier", {"tier": 3}),
        ("自有光伏 / with photovoltaic power of its own", {"has_pv": True}),
    ):
        home = homes.household(label)
        yield replace(home, months=(replace(home.months[0], **changed),))
    yield replace(homes.household("本市以外 / outside the city"), district_code=HANGZHOU)
    island = homes.household("崇明岛上，本市以内 / on Chongming, inside the city")
    yield replace(island, district_code=CHONGMING)


def _doubtful(homes: Households) -> Iterator[Household]:
    more = homes.household("用得比基准多，没有减排量 / used more than the baseline, no reduction left")
    yield replace(more, months=(replace(more.months[0], baseline_wh=60_000),))
    yield homes.household("整月没有用电 / nothing used all month", used_wh=(0, 0))
    for label, used, saved in (
        ("恰好 2 000 kWh / exactly 2 000 kWh", (1_500_000, 500_000), 0),
        ("2 000 kWh 零 1 Wh / one Wh above 2 000 kWh", (1_500_000, 500_001), -1),
        ("节约 20.5 kWh / 20.5 kWh saved", (33_333, 11_111), 20_500),
    ):
        home = homes.household(label, used_wh=used)
        yield replace(home, months=(replace(home.months[0], baseline_wh=sum(used) + saved),))


def _link_homes(homes: Households) -> Iterator[Household]:
    rng, now = homes.rng, homes.horizon.now
    noon = midnight_of(homes.last_month) + DAY / 2
    suspended = invent_link(rng, now, status=SUSPENDED)
    yield homes.household("连通已暂停 / the link is suspended", link=suspended)
    begun = invent_link(rng, now, since=noon)
    yield homes.household("连通在月内才生效 / the link begins within the month", link=begun)


def _certified(homes: Households) -> Iterator[Household]:
    begin = midnight_of(homes.last_month)
    inside = begin + 10 * DAY
    for label, span in (
        ("校验在月内到期 / the calibration ends within the month", (begin - _YEAR, inside)),
        ("校验在月内才开始 / the calibration begins within the month", (inside, begin + _YEAR)),
    ):
        home = homes.household(label)
        certificate = invent_calibration(homes.rng, *span)
        yield replace(home, device=replace(home.device, calibrations=(certificate,)))
    unknown = homes.household("台账中没有的电能表 / a meter that the ledger does not have")
    yield replace(unknown, device=replace(unknown.device, known=False))
