"""Households over two months between which parameters, certificates and meters change."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tanpuhui.conformance.truth.calendar import midnight_of, month_before
from tanpuhui.conformance.truth.devices import invent_calibration, invent_device
from tanpuhui.conformance.truth.home import HOME, Billed, Household, Shown
from tanpuhui.conformance.truth.home_cases import Households
from tanpuhui.conformance.truth.links import invent_link
from tanpuhui.conformance.verdict import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from random import Random

    from tanpuhui.conformance.truth.record import Horizon

_YEAR = timedelta(days=365)
_BEFORE, _AFTER = "变更前的月 / the month before the change", "变更后的月 / the month after the change"


def households_over(rng: Random, horizon: Horizon, turn: date) -> Iterator[Household]:
    """Two months each, the one that ends and the one that begins with `turn`."""
    homes = Households(rng, horizon, invent_link(rng, horizon.now))
    yield _whole(homes, turn)
    yield _exacting(homes, turn)
    yield from _replaced(homes, turn)
    midnight = midnight_of(turn)
    for span in ((midnight - _YEAR, midnight), (midnight, midnight + _YEAR)):
        certificate = invent_calibration(rng, *span)
        home = _whole(homes, turn)
        yield replace(home, device=replace(home.device, calibrations=(certificate,)))


def _whole(homes: Households, turn: date) -> Household:
    """One meter, two months: the reading at the turn ends the one and begins the other."""
    first = homes.household(_BEFORE, month_before(turn))
    then = homes.household(_AFTER, turn)
    ended = first.shown[-1]
    shown = tuple(_after(ended, it, then.shown[0]) for it in then.shown[1:])
    return replace(first, months=(*first.months, *then.months), shown=(*first.shown, *shown))


def _after(ended: Shown, shown: Shown, begun: Shown) -> Shown:
    """What the registers show when they go on from where they ended."""
    peak, valley = shown.peak_wh - begun.peak_wh, shown.valley_wh - begun.valley_wh
    return Shown(shown.at, ended.peak_wh + peak, ended.valley_wh + valley, shown.state)


def _exacting(homes: Households, turn: date) -> Household:
    """Saved so much that its product with the later factor has just a five in the seventh place."""
    label = "减排量第七位恰为 5 / a reduction with just a five in the seventh place"
    home = homes.household(label, turn, (33_330, 11_110))
    billed = Billed(turn, Text.both(label), 33_330 + 11_110 + 20_505)
    return replace(home, months=(billed,))


def _replaced(homes: Households, turn: date) -> Iterator[Household]:
    """One meter until the turn, its successor from there on."""
    old = homes.household("更换前的电能表 / the meter that was replaced", month_before(turn))
    new = invent_device(homes.rng, HOME, homes.horizon.now)
    successor = replace(new, installed_at=midnight_of(turn), replaces=old.device.device_id)
    yield old
    then = homes.household("更换后的电能表 / the meter that replaces it", turn, link=old.link)
    yield replace(then, device=successor)
