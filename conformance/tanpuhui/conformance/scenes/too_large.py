"""A batch that the platform takes for too large although it keeps what was advertised: smaller, or set aside, never the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.conformance.driving.armoury import fault
from tanpuhui.conformance.scene import scene

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.stage import Stage


@scene("too_large")
def too_large(stage: Stage) -> None:
    """过大：一批得到 413，之后再次触发报送 / Too large: one batch is answered by 413, and a report is asked for once more."""
    stage.open(stage.ordinary(12), limits={"batch_max_records": 4})
    stage.arm(fault("answer", status=413, problem="limit-exceeded"))
    for _ in range(2):
        stage.report()
        stage.settled()
    stage.expect_fired()
