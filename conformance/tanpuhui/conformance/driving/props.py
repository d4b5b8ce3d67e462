"""What all scenes of a run share: the way out, the platform's controls, the scenario's testbed, keys and time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tanpuhui.conformance.driving.instrument import PlatformControl
    from tanpuhui.conformance.driving.testbed import ScenarioTestbed
    from tanpuhui.conformance.wire import Wire
    from tanpuhui.spec.signing import SigningKey


@dataclass(frozen=True, slots=True)
class Props:
    """Made once per run."""

    run_id: str
    wire: Wire
    control: PlatformControl
    testbed: ScenarioTestbed
    platform_key: SigningKey = field(repr=False)
    schemes: tuple[str, ...]
    edition: str
    scenario: Mapping[str, Any]
    monotonic: Callable[[], float]
