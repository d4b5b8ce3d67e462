"""Devices fall ill between two reports: the platform must hear of it in time, and of the right beginning."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tanpuhui.conformance.claims import REGISTERED
from tanpuhui.conformance.scene import scene
from tanpuhui.conformance.truth.devices import utc_text
from tanpuhui.conformance.truth.expected import World

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from tanpuhui.conformance.driving.stage import Stage

WITHIN_HOURS = 24
"""Advertised shorter than the law's default, so that a typed-in time shows."""

_STATES = ("D", "M", "F")


@scene("device_faults", needs=(REGISTERED,))
def device_faults(stage: Stage) -> None:
    """设备故障：两次报送之间设备进入异常状态，时限之后再报送 / Devices fall ill between two reports; a third comes too late."""
    world = stage.ordinary(6)
    stage.open(world, times={"device_fault_report_hours": WITHIN_HOURS})
    stage.report()
    stage.settled()
    stage.advance(hours=6)
    stage.load(World(devices=tuple(_ill(stage, *one) for one in zip(world.devices, _STATES, strict=False))))
    stage.report()
    stage.settled()
    stage.advance(hours=2 * WITHIN_HOURS)
    stage.report()
    stage.settled()


def _ill(stage: Stage, device: Mapping[str, Any], state: str) -> dict[str, Any]:
    """The device as the ledger has it now: in that state for a few hours."""
    since = stage.now - timedelta(hours=stage.rng.randrange(1, 5), minutes=stage.rng.randrange(60))
    return {**device, "states": [{"state": state, "since": utc_text(since)}]}
