"""Devices fall ill between two reports: the platform must hear of it in time; once they are well again, their data count."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tanpuhui.conformance.claims import REGISTERED
from tanpuhui.conformance.scene import scene
from tanpuhui.conformance.truth.calendar import midnight_of
from tanpuhui.conformance.truth.devices import utc_text
from tanpuhui.conformance.truth.expected import World
from tanpuhui.conformance.truth.home import NORMAL
from tanpuhui.conformance.truth.recoveries import FAULT, UPKEEP, Recovery
from tanpuhui.spec.business_time import business_day

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any

    from tanpuhui.conformance.driving.stage import Stage

WITHIN_HOURS = 24
"""Advertised shorter than the law's default, so that a typed-in time shows."""

_DAY = timedelta(days=1)
_STATES = ("D", "M", "F")


@scene("device_faults", needs=(REGISTERED,))
def device_faults(stage: Stage) -> None:
    """设备故障：两次报送之间设备进入异常状态，有的恢复后又进入维护 / Devices fall ill between reports; some recover and fall ill again."""
    today = business_day(stage.now)
    world = stage.ordinary(6)
    sound = Recovery.of(stage.rng, stage.schemes, stage.horizon)
    stage.open(
        world + sound.days(stage.horizon, {today - _DAY: NORMAL}),
        times={"device_fault_report_hours": WITHIN_HOURS},
    )
    _reported(stage)
    stage.advance(hours=6)
    fallen = sound.entered((FAULT, _lately(stage)))
    stage.load(World(devices=tuple(_ill(stage, *one) for one in zip(world.devices, _STATES, strict=False))))
    stage.load(fallen.ledger())
    _reported(stage)
    stage.advance(hours=2 * WITHIN_HOURS)
    recovered = fallen.entered((NORMAL, midnight_of(today + _DAY)), (UPKEEP, _lately(stage)))
    stage.load(recovered.days(stage.horizon, {today: FAULT, today + _DAY: NORMAL}))
    stage.load(recovered.last_month(stage.horizon))
    _reported(stage)


def _reported(stage: Stage) -> None:
    stage.report()
    stage.settled()


def _lately(stage: Stage) -> datetime:
    """A few hours ago."""
    return stage.now - timedelta(hours=stage.rng.randrange(1, 5), minutes=stage.rng.randrange(60))


def _ill(stage: Stage, device: Mapping[str, Any], state: str) -> dict[str, Any]:
    """The device as the ledger has it now: in that state for a few hours."""
    return {**device, "states": [{"state": state, "since": utc_text(_lately(stage))}]}
